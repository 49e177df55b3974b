"""The fields of a request's JSON, typed and strict: what is misspelt or of a wrong type is refused with 40058."""

from collections.abc import Mapping

from sandbox.wecom.errors import WecomError, invalid


class Fields:
    """`place` is where the object stands in the request, for complaints."""

    def __init__(self, values: Mapping[str, object], place: str = "") -> None:
        self.values = values
        self.place = place

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def refuse_unknown(self, *known: str) -> None:
        """WeCom ignores what it does not know; here a misspelt field is found."""
        for name in self.values:
            if name not in known:
                raise invalid(f"sandbox: unknown field {self._path(name)}")

    def string(self, name: str, *, required: bool = False, size: int | None = None) -> str:
        """At most `size` bytes, unless it is None."""
        value = self.values.get(name, "")
        if not isinstance(value, str):
            raise invalid(f"{self._path(name)} is no string")
        if required and not value:
            raise invalid(f"{self._path(name)} missing")
        if size is not None and len(value.encode()) > size:
            raise invalid(f"{self._path(name)} exceed max length {size}")
        return value

    def integer(self, name: str, default: int = 0, low: int = 0, high: int = 2**53) -> int:
        value = self.values.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise invalid(f"{self._path(name)} is no integer from {low} to {high}")
        return value

    def flag(self, name: str) -> bool:
        """Written 0 or 1."""
        return self.integer(name, 0, 0, 1) == 1

    def truth(self, name: str) -> bool:
        """Written true or false."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise invalid(f"{self._path(name)} is no boolean")
        return value

    def inner(self, name: str, missing: WecomError | None = None) -> "Fields":
        """An object that has to be there."""
        value = self.values.get(name)
        if value is None:
            raise missing or invalid(f"{self._path(name)} missing")
        if not isinstance(value, dict):
            raise invalid(f"{self._path(name)} is no object")
        return Fields(value, self._path(name))

    def rows(self, name: str, low: int, high: int) -> "tuple[Fields, ...]":
        """The objects of an array of that length; an absent one has length 0."""
        value = self._array(name, low, high)
        if not all(isinstance(one, dict) for one in value):
            raise invalid(f"{self._path(name)} is no array of objects")
        return tuple(Fields(one, f"{self._path(name)}[{at}]") for at, one in enumerate(value) if isinstance(one, dict))

    def strings(self, name: str, high: int) -> tuple[str, ...]:
        value = self._array(name, 0, high)
        if not all(isinstance(one, str) for one in value):
            raise invalid(f"{self._path(name)} is no array of strings")
        return tuple(str(one) for one in value)

    def integers(self, name: str, high: int) -> tuple[int, ...]:
        value = self._array(name, 0, high)
        if not all(isinstance(one, int) for one in value):
            raise invalid(f"{self._path(name)} is no array of integers")
        return tuple(one for one in value if isinstance(one, int))

    def piped(self, name: str, high: int) -> tuple[str, ...]:
        """A string of parts joined by '|'."""
        parts = tuple(part for part in self.string(name).split("|") if part)
        if len(parts) > high:
            raise invalid(f"{self._path(name)} exceed max count {high}")
        return parts

    def _array(self, name: str, low: int, high: int) -> list[object]:
        value = self.values.get(name, [])
        if not isinstance(value, list) or not low <= len(value) <= high:
            raise invalid(f"{self._path(name)} is no array of {low} to {high}")
        return value

    def _path(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name

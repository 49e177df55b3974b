"""Who is in a class, without a database."""

from typing import TypeVar, cast

from handlers.questions import Expected, ListedBefore, Question, Register, RegisterView

T = TypeVar("T")


class Named:
    """Answers that, how many it has and who of them was listed before, and nothing else."""

    def __init__(self, register: RegisterView, before: tuple[str, ...] = ()) -> None:
        self._register = register
        self._before = before

    def __call__(self, question: Question[T]) -> T:
        if isinstance(question, Expected):
            return cast(T, len(self._register.pupils))
        if isinstance(question, ListedBefore):
            return cast(T, self._before)
        assert isinstance(question, Register)
        return cast(T, self._register)

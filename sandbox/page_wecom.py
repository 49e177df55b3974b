"""The page's WeCom: the phones of those who have the app, the groups that it writes to, and what a thumb does there."""

from collections.abc import Mapping, Sequence

from sandbox.faults import Faults
from sandbox.model import Message, StoredFile
from sandbox.page_view import Json, PageView
from sandbox.pictures import plain_png
from sandbox.wecom import WeCom
from sandbox.wecom.model import GroupChat


class PageWeCom:
    def __init__(self, wecom: WeCom, app: str) -> None:
        self._wecom = wecom
        self._app = app
        self._people = wecom.directory.people
        self._view = PageView("wecom", wecom.chat, self.files, self._name)

    @property
    def faults(self) -> Faults:
        return self._wecom.faults

    @property
    def files(self) -> Mapping[str, StoredFile]:
        return self._wecom.corp.files

    def groups(self) -> list[Json]:
        return [self._group_row(group) for group in self._wecom.groups]

    def person(self, person: int) -> Json | None:
        """None for somebody who does not have the app, and never had a word of it."""
        if not self.began(person) and not self._wecom.chat(person):
            return None
        return {**self._view.row(person, person), "plain": person in self._wecom.corp.plain}

    def began(self, person: int) -> bool:
        """The app is on their phone."""
        return self._wecom.has_app(person)

    def chat(self, chat: int, person: int) -> Json:
        """Opening it marks it read. `menu`: the app's, below the chat."""
        return {
            "messages": self._view.messages(chat, person),
            "commands": [],
            "menu": [] if chat < 0 else [_menu_json(row) for row in self._wecom.corp.menu],
        }

    def write(self, person: int, chat: int, text: str) -> Message:
        """Raises ValueError for a group: what people say there no app is told, and the page does not show it."""
        if chat != person:
            raise ValueError("nothing that is said in a WeCom group reaches the app")
        return self._wecom.write(person, text)

    def send(self, person: int, chat: int, kind: str) -> Message:
        if chat != person:
            raise ValueError("nothing that is sent in a WeCom group reaches the app")
        match kind:
            case "voice":
                return self._wecom.voice(person)
            case "photo":
                return self._wecom.photo(person, plain_png(320, 240))
            case "file":
                return self._wecom.file(person, "请假条.txt", "17号请假一天。".encode(), "text/plain")
            case _:
                raise ValueError(f"no such kind: {kind}")

    async def tap(self, person: int, chat: int, message: int, data: str) -> Json:
        """WeCom answers no tap."""
        self._wecom.tap(person, message, data)
        return {"answer": None}

    def submit(self, person: int, message: int, chosen: Sequence[str]) -> None:
        self._wecom.submit(person, message, chosen)

    def menu(self, person: int, key: str) -> None:
        self._wecom.menu(person, key)

    def plain(self, person: int, *, on: bool) -> None:
        """Into 微工作台 and back."""
        self._wecom.plain(person, on)

    def _group_row(self, group: GroupChat) -> Json:
        members = [{"id": member, "name": self._people[member].name} for member in group.members]
        return {**self._view.row(group.id, group.owner), "title": group.title, "members": members}

    def _name(self, user: int) -> str:
        return self._app if user == 0 else self._people[user].name


def _menu_json(row: Mapping[str, object]) -> Json:
    inner = row.get("sub_button")
    below = [_menu_json(one) for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []
    return {"text": row["name"], "key": row.get("key", ""), "url": row.get("url", ""), "below": below}

"""What people do with their phones in WeCom: write, tap, submit, open the menu."""

from collections.abc import Sequence

from sandbox.model import Message, StoredFile, Tap
from sandbox.wecom.console import Console
from sandbox.wecom.events import Answers, Tree, event_xml, message_xml, selected
from sandbox.wecom.menu import keys as menu_keys
from sandbox.wecom.model import ACTIVE, Content, GroupChat, Member


class Phones(Console):
    """Used by tests, the crowd and the page. Everything here happens at once; the bot hears of it by callbacks.
    ValueError is raised for what a phone would not let its owner do: write to an app that is not theirs, tap a button
    that is not there, nothing at all."""

    @property
    def groups(self) -> Sequence[GroupChat]:
        """As phones show them: one that the app made appears with its first message."""
        return tuple(one for one in self.corp.groups.values() if not one.chatid or self.corp.messages(one.id))

    def chat(self, chat: int) -> Sequence[Message]:
        """As that person's phone shows it, oldest first; what was recalled is there and says so."""
        messages = self.corp.messages(chat)
        if chat in self.corp.plain:
            return tuple(message for message in messages if not message.card and not message.markdown)
        return messages

    def has_app(self, person: int) -> bool:
        """An active member within the app's visible range."""
        member = self.corp.directory.members.get(person)
        return member is not None and member.status == ACTIVE and self.corp.directory.sees(member)

    def write(self, person: int, text: str) -> Message:
        if not text.strip():
            raise ValueError("a phone sends no empty message")
        return self._send(person, Content(text=text), "text", {"Content": text})

    def photo(self, person: int, png: bytes) -> Message:
        media = self.corp.keep_media("image", "app", "photo.png", "image/png", png)
        body = {"PicUrl": f"https://wework.qpic.cn/wwpic/{media.id}/0", "MediaId": media.id}
        return self._send(person, Content(image=media.id), "image", body)

    def voice(self, person: int) -> Message:
        media = self.corp.keep_media("voice", "app", "voice.amr", "audio/amr", b"#!AMR\n" + bytes(64))
        return self._send(person, Content(voice=media.id), "voice", {"MediaId": media.id, "Format": "amr"})

    def file(self, person: int, name: str, data: bytes, mime: str = "application/octet-stream") -> Message:
        """The app is told nothing: of files there is no callback (from memory)."""
        self._member(person)
        media = self.corp.keep_media("file", "app", name, mime, data)
        return self.corp.show(person, Content(file=media.id), sender=person)

    def menu(self, person: int, key: str) -> None:
        """A button of the app's menu."""
        if key not in menu_keys(self.corp):
            raise ValueError(f"no such button in the menu: {key}")
        self._tell_event(person, "click", {"EventKey": key})

    def enter(self, person: int) -> None:
        """Opens the app's chat."""
        self._tell_event(person, "enter_agent", {"EventKey": ""})

    def tap(self, person: int, message_id: int, data: str, *, choice: str = "") -> Tap:
        """A button of a card or of its menu. `choice` is what stands in the card's own drop-down, by default what it
        came with."""
        message, card = self._card(person, message_id, data)
        if card["card_type"] not in ("button_interaction", "text_notice", "news_notice"):
            raise ValueError("the options of this card are submitted, not tapped")
        answers = [_selection(row, choice) for row in _objects([card.get("button_selection")])]
        in_menu = any(
            row["key"] == data for menu in _objects([card.get("action_menu")]) for row in _objects(menu["action_list"])
        )
        event = "template_card_menu_event" if in_menu else "template_card_event"
        return self._tell_card(person, message, event, data, answers)

    def submit(self, person: int, message_id: int, chosen: Sequence[str]) -> Tap:
        """A vote card or a card of several questions, with the ids of the options that are chosen on it."""
        message, card = self._card(person, message_id, *chosen)
        button = card.get("submit_button")
        if not isinstance(button, dict):
            raise ValueError("this card has nothing to submit")
        return self._tell_card(person, message, "template_card_event", str(button["key"]), _answers(card, chosen))

    def forge(self, person: int, data: str) -> None:
        """What no phone can do: a button of this data is pressed, on a card that never was."""
        number = self.corp.secret_number(64)
        body = {"EventKey": data, "TaskId": number, "CardType": "button_interaction", "ResponseCode": number}
        self._tell_event(person, "template_card_event", body)

    def stored(self, file_id: str) -> StoredFile:
        return self.corp.files[file_id]

    def _card(self, person: int, message_id: int, *data: str) -> tuple[Message, Tree]:
        """The card, if this phone shows it with these buttons."""
        self._member(person)
        message = self.corp.message(person, message_id)
        if message is None or not message.card:
            raise ValueError(f"no card {message_id} in the chat of {person}")
        if person in self.corp.plain:
            raise ValueError("微工作台 shows no cards")
        there = {button.data for row in message.keyboard for button in row if button.data}
        if not there or not there.issuperset(data):
            raise ValueError(f"no such button on card {message_id}: {data}, but {there}")
        return message, message.card

    def _tell_card(self, person: int, message: Message, event: str, key: str, answers: Answers) -> Tap:
        task_id = str(message.card["task_id"])
        body: Tree = {
            "EventKey": key,
            "TaskId": task_id,
            "CardType": str(message.card["card_type"]),
            "ResponseCode": self.corp.new_code(self.corp.origins[message.id]),
            **selected(answers),
        }
        self._tell_event(person, event, body)
        tap = Tap(self.corp.dice.getrandbits(62), person, message.chat, message.id, key, self.corp.now())
        self.corp.taps[tap.id] = tap
        return tap

    def _send(self, person: int, content: Content, kind: str, body: Tree) -> Message:
        member = self._member(person)
        message = self.corp.show(person, content, sender=person)
        self.callbacks.post(person, message_xml(self.corp, member.userid, kind, body))
        return message

    def _tell_event(self, person: int, event: str, body: Tree) -> None:
        self.callbacks.post(person, event_xml(self.corp, self._member(person).userid, event, body))

    def _member(self, person: int) -> Member:
        if not self.has_app(person):
            raise ValueError(f"{person} does not have the app")
        return self.corp.directory.members[person]


def _selection(row: Tree, choice: str) -> tuple[str, list[str]]:
    """A drop-down's question and the one option that it shows."""
    options = [str(option["id"]) for option in _objects(row["option_list"])]
    chosen = choice or str(row.get("selected_id") or options[0])
    if chosen not in options:
        raise ValueError(f"no such option: {chosen}")
    return str(row["question_key"]), [chosen]


def _answers(card: Tree, chosen: Sequence[str]) -> Answers:
    """Each question with what is chosen of its options; a drop-down that was left alone says what it came with."""
    if "select_list" in card:
        rows = _objects(card["select_list"])
        return [_selection(row, "".join(_chosen_of(row, chosen, single=True))) for row in rows]
    [box] = _objects([card["checkbox"]])
    return [(str(box["question_key"]), _chosen_of(box, chosen, single=box.get("mode", 0) == 0))]


def _chosen_of(row: Tree, chosen: Sequence[str], *, single: bool) -> list[str]:
    options = [str(option["id"]) for option in _objects(row["option_list"])]
    found = [option for option in options if option in chosen]
    if single and len(found) > 1:
        raise ValueError(f"one option only: {found}")
    return found


def _objects(value: object) -> list[Tree]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

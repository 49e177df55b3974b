"""What people do with their phones: write, tap, block, add the bot to a group."""

from collections.abc import Sequence
from dataclasses import replace

from sandbox.limits import TEXT, utf16_length
from sandbox.model import Attachment, Group, JsonObject, Membership, Message, Person, StoredFile, Tap
from sandbox.news import News
from sandbox.rich_text import RichText, typed
from sandbox.updates import Updates
from sandbox.world import World


class Phones:
    """Used by tests, the crowd and the page. Everything here happens at once; the bot hears of it through its
    updates. ValueError is raised for what a phone would not let its owner do: write to a blocked bot, into a foreign
    group, nothing at all."""

    def __init__(self, world: World, updates: Updates) -> None:
        self.world = world
        self._updates = updates
        self._news = News(world, updates)

    def add_person(self, id: int, name: str, *, role: str = "", school: str = "", language: str = "zh-hans") -> Person:
        person = Person(id, name, role, school, language)
        self.world.people[id] = person
        self.world.changed()
        return person

    def add_group(
        self, id: int, title: str, members: Sequence[int], bot_in: bool = True, *, viewers: Sequence[int] = ()
    ) -> Group:
        """`viewers`: the members whose phones the page offers, by default the first member's."""
        strangers = [member for member in members if member not in self.world.people]
        if id >= 0 or strangers:
            raise ValueError(f"a group's id is negative and its members exist: {id}, {strangers}")
        shown = tuple(viewers) or tuple(members)[:1]
        group = Group(id, title, tuple(members), shown, "in" if bot_in else "never")
        self.world.set_group(group)
        return group

    def write(self, person: int, chat: int, text: str, *, reply_to: int | None = None) -> Message:
        """The message, the last of several if a phone would cut the text into pieces of 4,096."""
        rich = typed(text)
        if not rich.text:
            raise ValueError("a phone sends no empty message")
        *firsts, last = _pieces(rich.text)
        for piece in firsts:
            self._post(person, chat, typed(piece), reply_to=reply_to)
        return self._post(person, chat, typed(last), reply_to=reply_to)

    def edit(self, person: int, chat: int, message_id: int, text: str) -> Message:
        old = self.world.message(chat, message_id)
        if old is None or old.sender != person:
            raise ValueError("people edit their own messages only")
        rich = typed(text)
        new = self.world.revise(old, replace(old, text=rich.text, entities=rich.entities))
        self._news.message("edited_message", new)
        return new

    def sticker(self, person: int, chat: int) -> Message:
        stored = self.world.keep_file("sticker.webp", "image/webp", b"RIFF\x00\x00\x00\x00WEBP")
        return self._post(person, chat, RichText(""), attachment=("sticker", stored.id))

    def voice(self, person: int, chat: int) -> Message:
        stored = self.world.keep_file("voice.ogg", "audio/ogg", b"OggS" + bytes(64))
        return self._post(person, chat, RichText(""), attachment=("voice", stored.id))

    def photo(
        self, person: int, chat: int, png: bytes, caption: str = "", *, origin_name: str | None = None
    ) -> Message:
        """`origin_name`: somebody else's, passed on."""
        stored = self.world.keep_file("photo.png", "image/png", png)
        return self._post(person, chat, typed(caption), photo=stored.id, forwarded_from=origin_name)

    def document(
        self,
        person: int,
        chat: int,
        name: str,
        data: bytes,
        caption: str = "",
        *,
        mime: str = "application/octet-stream",
    ) -> Message:
        stored = self.world.keep_file(name, mime, data)
        return self._post(person, chat, typed(caption), document=stored.id)

    def forward(self, person: int, chat: int, text: str, origin_name: str) -> Message:
        """Somebody else's words, passed on; the origin hides its account, as most do."""
        return self._post(person, chat, typed(text), forwarded_from=origin_name)

    def tap(self, person: int, chat: int, message_id: int, data: str) -> Tap:
        """Any data, forged too. A bot that is not there any more never answers."""
        self._check_phone(person, chat)
        tap_id = self.world.dice.getrandbits(62)
        tap = Tap(tap_id, person, chat, message_id, data, self.world.now())
        self.world.taps[tap_id] = tap
        self._news.tap(tap)
        self.world.changed(chat)
        return tap

    def block(self, person: int) -> None:
        self._set_blocked(person, True)

    def unblock(self, person: int) -> None:
        self._set_blocked(person, False)

    def deactivate(self, person: int) -> None:
        """The account is deleted: nothing reaches it, nothing comes from it."""
        self.world.deactivated.add(person)
        self.world.changed()

    def add_bot(self, group: int, by: int) -> None:
        user = self.world.user_json(0)
        before = self.world.groups[group].bot
        if before == "in":
            return
        self._move_bot(group, by, before, "in")
        self._serve(group, by, {"new_chat_members": [user], "new_chat_member": user})

    def kick_bot(self, group: int, by: int) -> None:
        if self.world.groups[group].bot != "in":
            return
        self._serve(group, by, {"left_chat_member": self.world.user_json(0)})
        self._move_bot(group, by, "in", "kicked")

    def silence(self, group: int) -> None:
        """The owner lets only administrators write."""
        self.world.set_group(replace(self.world.groups[group], silenced=True))

    def migrate(self, group: int) -> int:
        """The group becomes a supergroup: a new id, said in both chats; the old id is refused from now on."""
        old = self.world.groups[group]
        new_id = -1_000_000_000_000 - abs(group)
        actor = old.members[0]
        self._serve(group, actor, {"migrate_to_chat_id": new_id})
        self.world.set_group(replace(old, migrated_to=new_id))
        self.world.set_group(replace(old, id=new_id))
        self._serve(new_id, actor, {"migrate_from_chat_id": group})
        return new_id

    def chat(self, chat_id: int) -> Sequence[Message]:
        """As that person's phone shows it, oldest first; what was deleted is there and says so."""
        return self.world.messages(chat_id)

    def stored(self, file_id: str) -> StoredFile:
        return self.world.files[file_id]

    def file(self, file_id: str) -> bytes:
        return self.world.files[file_id].data

    def restart_ids(self, first: int | None = None) -> None:
        """Update numbers begin anew, as after a week without updates: with `first`, else anywhere. Nothing may be
        waiting."""
        self._updates.restart_ids(first)

    def _post(
        self,
        person: int,
        chat: int,
        rich: RichText,
        *,
        reply_to: int | None = None,
        photo: str | None = None,
        document: str | None = None,
        attachment: Attachment | None = None,
        forwarded_from: str | None = None,
    ) -> Message:
        self._check_phone(person, chat)
        if chat == person:
            self.world.started.add(person)
        message = Message(
            id=self.world.next_message_id(chat),
            chat=chat,
            sender=person,
            date=self.world.now(),
            text=rich.text,
            entities=rich.entities,
            reply_to=reply_to,
            photo=photo,
            document=document,
            attachment=attachment,
            forwarded_from=forwarded_from,
        )
        self.world.put(message)
        self._news.message("message", message)
        return message

    def _check_phone(self, person: int, chat: int) -> None:
        if person not in self.world.people or person in self.world.deactivated:
            raise ValueError(f"nobody has the number {person}")
        if chat < 0:
            group = self.world.groups.get(chat)
            if group is None or person not in group.members or group.migrated_to is not None:
                raise ValueError(f"{person} cannot write in {chat}")
        elif chat != person:
            raise ValueError("a private chat with the bot has its person's id")
        elif person in self.world.blocked:
            raise ValueError(f"{person} has blocked the bot")

    def _set_blocked(self, person: int, blocked: bool) -> None:
        if (person in self.world.blocked) == blocked:
            return
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        (self.world.blocked.add if blocked else self.world.blocked.discard)(person)
        self._news.membership(person, person, before, after)
        self.world.changed(person)

    def _move_bot(self, group: int, by: int, before: Membership, after: Membership) -> None:
        self.world.set_group(replace(self.world.groups[group], bot=after))
        names = {"never": "left", "in": "member", "left": "left", "kicked": "kicked"}
        self._news.membership(group, by, names[before], names[after])

    def _serve(self, chat: int, actor: int, service: JsonObject) -> None:
        message = Message(
            id=self.world.next_message_id(chat), chat=chat, sender=actor, date=self.world.now(), service=service
        )
        self.world.put(message)
        self._news.message("message", message)


def _pieces(text: str) -> list[str]:
    """Cut as phones cut: at most 4,096 UTF-16 units each."""
    if utf16_length(text) <= TEXT:
        return [text]
    end = TEXT
    while utf16_length(text[:end]) > TEXT:
        end -= 1
    return [text[:end], *_pieces(text[end:])]

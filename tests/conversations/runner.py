"""Plays a conversation over the whole bot and says, step by step, where it went otherwise."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import zip_longest
from typing import Any

from bot.channels import Window
from bot.texts import LANGUAGES, Words
from handlers.bodies import decode
from handlers.model import CLASS_DUTIES
from handlers.plain import stamp
from handlers.rolls import to_json
from sandbox import Fault, Message
from sandbox.entities import veiled
from sandbox.model import Revision
from sandbox.pictures import plain_png
from storage.inbox import DISTRICT
from tests.conversations.script import Conversation, Step, runs
from tests.conversations.seeing import (
    ANY,
    Sight,
    check_answer,
    check_phone,
    check_words,
    faces,
    gone,
    joined,
    labels,
    without_buttons,
    without_echo,
)
from tests.phones import Pressed
from tests.small_district import FILES, LEADERS_GROUP, OTHER_GROUP, PHONES, ROLLS
from tests.stack import SETTLED, Stack, hour

GROUPS = {"leaders": LEADERS_GROUP, "other": OTHER_GROUP}
ECHO = "number.echo"  # what a tap is answered with, where the platform has no toasts
LISTENING = frozenset({"getUpdates"})
CHILDREN = tuple(pupil.name for roll in ROLLS for pupil in roll.pupils)
STAFF = tuple(member for roll in ROLLS for member in roll.staff)
TEACHERS = (
    *(member.name for member in STAFF),
    *(member.title for member in STAFF if CLASS_DUTIES.issuperset(member.duties)),
)
SECRETS = (*CHILDREN, *TEACHERS, "1380000")
PAPER = plain_png(300, 400)
PIXEL = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def _handed_in(text: str) -> str:
    """`{roll:…}` becomes that file of the office."""
    name = text.removeprefix("{roll:").removesuffix("}")
    return to_json(FILES[name]) if text.startswith("{roll:") else text


@dataclass(frozen=True)
class Seen:
    """What stood where before a step."""

    chats: Mapping[str, Mapping[tuple[int, int], Message]]
    facts: frozenset[str]
    journal: int


def _is_closed(seen: Message, before: Mapping[tuple[int, int], Message]) -> bool:
    """A card whose buttons are no more, and that says what it said; words never change."""
    was = before.get((seen.chat, seen.id))
    live = seen.card and seen.keyboard
    return was is not None and was.text == seen.text and not live and not seen.deleted


class Runner:
    """One conversation on one stack."""

    def __init__(self, stack: Stack, conversation: Conversation) -> None:
        self._stack = stack
        self._phones = stack.phones
        self._conversation = conversation
        self._day = conversation.starts.date()
        self._followed: set[tuple[int, int]] = set()

    async def play(self) -> None:
        steps = [
            (place, step) for place, step in enumerate(self._conversation.steps, 1) if runs(step, self._phones.can)
        ]
        following = [step for _, step in steps[1:]]
        for (place, step), then in zip_longest(steps, following):
            try:
                await self._step(step, then)
            except (AssertionError, KeyError, ValueError) as error:
                said = " ".join(filter(None, (step.at, step.who, step.writes, step.taps, step.does, step.forges)))
                raise AssertionError(f"{self._conversation.name}, step {place} ({said}): {error}") from error
        assert not await self._stack.set_aside()
        self._no_group_saw_a_name()
        self._no_locked_screen_showed_a_child()
        self._the_platform_had_nothing_to_refuse()

    def _no_group_saw_a_name(self) -> None:
        """Neither a child's nor a teacher's, no 称呼 but an office's, no phone number; now or before an edit."""
        for group in GROUPS.values():
            for message in self._phones.chat(group):
                found = [secret for one in faces(message) for secret in SECRETS if secret in one.text + labels(one)]
                assert not found, f"{self._conversation.name}: a group saw {found}"

    def _no_locked_screen_showed_a_child(self) -> None:
        """A notification shows a text but what is under a spoiler, and no buttons; what names a child stays here."""
        for message in (one for number in PHONES.values() for one in self._phones.chat(number)):
            for one in faces(message):
                bare = [name for name in CHILDREN if name in self._on_a_locked_screen(message, one)]
                assert not bare, f"{self._conversation.name}: a locked screen showed {bare}"
                named = any(name in one.text + labels(one) for name in CHILDREN)
                kept = message.protected or message.card or not named
                assert kept, f"{self._conversation.name}: {one.text} can be forwarded"
                if self._conversation.privacy == "never":
                    assert not any(name in labels(one) for name in CHILDREN), f"a button of {one.text} names a child"

    def _on_a_locked_screen(self, message: Message, shown: Message | Revision) -> str:
        """Where there are no spoilers, a 保密消息 shows nothing."""
        if self._phones.can.cards is not None and message.protected:
            return ""
        return veiled(shown.text, shown.entities)

    def _the_platform_had_nothing_to_refuse(self) -> None:
        """But for faults and chats that are gone: a refused call is one that should not have been made; nor did it
        drop or cut anything in silence."""
        journal = self._phones.journal
        if any(one.fault for one in journal) or any(step.bot for step in self._conversation.steps):
            return  # what may have arrived is said again
        assert not self._phones.silent_losses(), f"{self._conversation.name}: {self._phones.silent_losses()}"
        refused = [f"{one.method}: {one.error}" for one in journal if not one.ok and not gone(one)]
        assert not refused, f"{self._conversation.name}: {refused}"

    async def _step(self, step: Step, then: Step | None) -> None:
        before = await self._look()
        if step.at:
            self._day = step.day or self._day
            await self._stack.go(hour(step.at, self._day))
        if not self._phones.can.hears_groups:
            await self._note_follow_ups(before)
        taps = [await self._act(step) for _ in range(self._times(step))]
        if any(pressed.waits for pressed in taps):
            return
        await self._stack.settle(max(timedelta(seconds=step.wait), self._spread(then)))
        if not self._phones.can.edits_text:
            await self._outpaced(then)
        await self._check(step, before, taps)

    def _times(self, step: Step) -> int:
        """A thumb may slip twice; nobody types a number twice by mistake."""
        return 2 if step.twice and not (step.taps and self._phones.can.numbers) else 1

    def _spread(self, then: Step | None) -> timedelta:
        """On the full and the half hour what is not urgent takes its time, if the next step leaves it any."""
        now = self._stack.clock.now()
        jitter = self._phones.can.jitter
        spread = jitter + SETTLED if jitter and now.minute in (0, 30) else timedelta(0)
        return min(spread, hour(then.at, then.day or self._day) - now) if then and then.at else spread

    async def _outpaced(self, then: Step | None) -> None:
        """Thumbs that are quicker than what a member may get a minute: what still waits for that arrives."""
        window = self._phones.can.pace.private[0]
        stop = self._stack.clock.now() + timedelta(seconds=window.seconds)
        if then and then.at:
            stop = min(stop, hour(then.at, then.day or self._day) - SETTLED)
        while self._stack.clock.now() < stop and await self._wait_for_the_pace(window):
            await self._stack.settle()

    async def _wait_for_the_pace(self, window: Window) -> bool:
        """What left in one instant is one row of `sent`: so half of it tells."""
        return bool(
            await self._stack.rows(
                """SELECT key FROM message WHERE state = 'due' AND address IN (
                     SELECT address FROM sent WHERE at > :since GROUP BY address
                     HAVING 2 * count(*) >= CAST(:most AS INTEGER))""",
                since=stamp(self._stack.clock.now() - timedelta(seconds=window.seconds)),
                most=str(window.count),
            )
        )

    # What is done

    async def _act(self, step: Step) -> Pressed:
        stack = self._stack
        if step.fault is not None:
            self._phones.faults.clear()
            if step.fault:
                self._phones.faults.append(self._fault(step.fault))
        if step.bot:
            await (stack.start_bot() if step.bot == "up" else stack.stop_bot())
        if step.machine:
            words = [await self._filled(word) for word in step.machine]
            lane = words[1] if words[0] == "promote" else DISTRICT
            await stack.machine(*words, text=_handed_in(step.text), lane=lane)
        return await self._on_the_phone(step) if step.who else Pressed(None)

    def _fault(self, said: Mapping[str, Any]) -> Fault:
        filled = dict(said)
        if "chat" in said:
            filled["chat"] = self._phones.there(self._chat(said["chat"]))
        if "method" in said:
            filled["method"] = self._phones.calls.get(said["method"], said["method"])
        return Fault(**filled)

    def _chat(self, name: str) -> int:
        return GROUPS[name] if name in GROUPS else PHONES[name]

    async def _on_the_phone(self, step: Step) -> Pressed:
        sandbox, number = self._stack.sandbox, PHONES[step.who]
        # where nothing can be tapped in a group, the same stands on a card of their own
        chat = self._chat(step.group if step.group and self._phones.can.hears_groups else step.who)
        chat = sandbox.world.groups[chat].migrated_to or chat if chat < 0 else chat
        if step.or_writes and self._phones.can.numbers:
            self._phones.write(number, chat, await self._filled(step.or_writes))
            return Pressed(None)
        if step.taps:
            return await self._press(number, chat, await self._filled(step.taps), step.on)
        if step.forges:
            return Pressed(self._phones.forge(number, chat, await self._filled(step.forges), step.on))
        if step.edits:
            own = next(one for one in reversed(sandbox.chat(chat)) if one.sender == number)
            sandbox.edit(number, chat, own.id, step.edits)
        if step.writes:
            self._phones.write(number, chat, await self._filled(step.writes))
        if step.forwards:
            sandbox.forward(number, chat, step.forwards, "某老师")
        self._send(step.sends, number, chat, step.caption)
        self._do(step.does, number, chat)
        return Pressed(None)

    async def _press(self, number: int, chat: int, label: str, on: str) -> Pressed:
        """Where a number answers the last question alone, another message about the same that has the button serves."""
        meant = [one for one in self._phones.chat(chat) if on in (await self._in_full(one)).text]
        try:
            return self._phones.press(number, chat, label, among={one.id for one in meant})
        except KeyError:
            if not self._phones.can.numbers:
                raise
        about = {await self._about(one) for one in meant} - {None}
        same = [one for one in self._phones.chat(chat) if await self._about(one) in about]
        return self._phones.press(number, chat, label, among={one.id for one in same})

    async def _about(self, message: Message) -> object:
        row = await self._stack.message_of(message)
        return row["about"] if row else None

    def _send(self, what: str, number: int, chat: int, caption: str) -> None:
        match what:
            case "certificate":
                self._phones.photo(number, chat, PAPER, caption)
            case "pdf":
                self._stack.sandbox.document(number, chat, "证明.pdf", b"%PDF-1.4 ... %%EOF", caption)
            case "word":
                self._stack.sandbox.document(number, chat, "证明.pdf", b"PK a letter of a text program", caption)
            case "huge":
                self._stack.sandbox.document(
                    number, chat, "证明.pdf", b"%PDF-1.4 " + bytes(11 << 20) + b"%%EOF", caption
                )
            case "sticker":
                self._phones.sticker(number, chat)
            case "voice":
                self._phones.voice(number, chat)
            case "photo":
                self._phones.photo(number, chat, PIXEL)

    def _do(self, what: str, number: int, chat: int) -> None:
        sandbox = self._stack.sandbox
        match what:
            case "blocks":
                self._phones.block(number)
            case "unblocks":
                self._phones.unblock(number)
            case "kicks":
                self._phones.kick(chat, number)
            case "adds":
                self._phones.add(chat, number)
            case "migrates":
                sandbox.migrate(chat)

    async def _filled(self, words: str) -> str:
        """{channel}, {chat:张敏}, {code:孙红}, {admin}, {class:中心小学三(1)班}, {pupil:中心小学三(1)班5},
        {person:张敏}, {alert}, {long:5000}, {entry:中心小学三(1)班}, {observation} become what they name."""
        for found in set(re.findall(r"\{(\w+)(?::([^}]*))?\}", words)):
            kind, what = found
            said = f"{{{kind}:{what}}}" if what else f"{{{kind}}}"
            words = words.replace(said, await self._named(kind, what))
        return words

    async def _named(self, kind: str, what: str) -> str:
        match kind:
            case "channel":
                return self._phones.name
            case "chat":
                return self._phones.native(PHONES[what])
            case "code":
                return self._stack.code(what)
            case "admin":
                return self._stack.admin_code()
            case "long":
                return "啊" * int(what)
            case "class":
                return await self._class_id(what)
            case "school":
                return str((await self._stack.rows("SELECT id FROM school WHERE name = :n", n=what))[0]["id"])
            case "pupil":
                return await self._pupil_id(what)
            case "case":
                rows = await self._stack.rows("SELECT id FROM case_ WHERE pupil = :p", p=await self._pupil_id(what))
                return str(rows[-1]["id"])
            case "person":
                return str((await self._stack.rows("SELECT id FROM person WHERE name = :n", n=what))[0]["id"])
            case "observation":
                return str((await self._stack.rows("SELECT id FROM observation ORDER BY declared_on"))[-1]["id"])
            case "alert":
                rows = await self._stack.rows("SELECT id, seat FROM alert ORDER BY at")
                return str(next(row["id"] for row in reversed(rows) if not what or str(row["seat"]) == what))
            case "entry":
                return await self._newest_entry(what)
            case _:
                raise ValueError(f"what is {{{kind}}}?")

    async def _class_id(self, name: str) -> str:
        rows = await self._stack.rows(
            """SELECT c.id FROM class c JOIN class_name n ON n.class = c.id JOIN school s ON s.id = c.school
               WHERE s.name || n.name = :name AND n.since <= :day AND :day < n.until""",
            name=name,
            day=self._day.isoformat(),
        )
        return str(rows[0]["id"])

    async def _newest_entry(self, name: str) -> str:
        """Of the ledger, about that class."""
        rows = await self._stack.rows(
            "SELECT id FROM ledger WHERE class = :id ORDER BY day DESC, opened_at DESC LIMIT 1",
            id=await self._class_id(name),
        )
        return str(rows[0]["id"])

    async def _pupil_id(self, place: str) -> str:
        """中心小学三(1)班5: who has that seat."""
        name, _, seat = place.rpartition("班")
        rows = await self._stack.rows(
            "SELECT pupil FROM enrolment WHERE class = :id AND seat = CAST(:seat AS INTEGER)",
            id=await self._class_id(f"{name}班"),
            seat=seat,
        )
        return str(rows[0]["pupil"])

    # What came of it

    async def _look(self) -> Seen:
        chats = {name: self._messages(number) for name, number in PHONES.items()}
        chats |= {name: self._messages(number) for name, number in GROUPS.items()}
        rows = await self._stack.rows("SELECT id FROM fact")
        return Seen(chats, frozenset(row["id"] for row in rows), len(self._phones.journal))

    def _messages(self, chat: int) -> dict[tuple[int, int], Message]:
        shown = self._phones.chat(chat)
        return {(one.chat, one.id): one for one in shown if one.sender == 0 and not one.service}

    async def _check(self, step: Step, before: Seen, pressed: Sequence[Pressed]) -> None:
        now = await self._look()
        phones = step.phones or {}
        unknown = phones.keys() - now.chats.keys() - {"*"}
        assert not unknown, f"nobody is called {unknown}"
        copied = await self._copied()
        answers = [one.tap.answer.text for one in pressed if one.tap is not None and one.tap.answer is not None]
        echoes: list[str] = []
        for name, messages in now.chats.items():
            elsewhere = name in self._conversation.elsewhere
            if elsewhere and name != step.who:
                continue
            was = before.chats[name]
            changed = [one for key, one in messages.items() if was.get(key) != one]
            if not self._phones.can.edits_text:
                changed = [one for one in changed if not _is_closed(one, was) and not self._is_copy(one, copied)]
            seen = [
                Sight(await self._in_full(one), await self._key(one), (one.chat, one.id) not in was) for one in changed
            ]
            if not self._phones.can.toasts:
                echoes += [one.message.text for one in seen if one.key == ECHO and name == step.who]
                seen = [one for one in joined(seen) if one.key != ECHO]
            if elsewhere and name not in phones:
                continue
            wanted = phones.get(name, phones.get("*", []))
            # on whatever card was at hand: that it is closed, being none that holds any more, goes without saying
            spare = [one for one in seen if step.forges and one.key == "answer.card_over"]
            if name in GROUPS and not self._phones.can.hears_groups:
                wanted = without_buttons(wanted)
                spare += [one for one in seen if self._is_known(one.message) or await self._follows(one.message)]
            if wanted != "*":
                free = name in step.any_order
                check_phone(name, seen, wanted, spare, edits=self._phones.can.edits_text, any_order=free)
        await self._check_facts(step, before)
        self._check_calls(step, before)
        if step.taken_out is not None and self._phones.can.removes:
            own = [one for one in self._stack.sandbox.chat(PHONES[step.who]) if one.sender == PHONES[step.who]]
            assert own[-1].deleted is step.taken_out, f"in the chat of {step.who} it is {own[-1]}"
        if step.answer is not None or step.loud:
            self._check_answer(step, pressed, [*answers, *map(without_echo, echoes)])
        assert not step.means or step.means in "".join(echoes), f"what was meant is said back as {echoes}"
        for name, revisions in (step.revisions or {}).items():
            assert await self._revisions(name) == list(revisions), f"{name}: {await self._revisions(name)}"
        if step.marks:
            shown = await self._marks()
            assert {name: shown[name] for name in step.marks} == step.marks, f"the picture has {shown}"
        for name, standing in (step.standings or {}).items():
            assert await self._standing(name) == standing, f"{name}: {await self._standing(name)}"

    def _is_copy(self, message: Message, copied: set[str]) -> bool:
        return not copied.isdisjoint(self._phones.refs(message))

    async def _note_follow_ups(self, before: Seen) -> None:
        """Those that have come before somebody acts: what they say may change by that."""
        for name in GROUPS:
            new = [one for key, one in self._messages(GROUPS[name]).items() if key not in before.chats[name]]
            self._followed |= {(one.chat, one.id) for one in new if await self._follows(one)}

    def _is_known(self, message: Message) -> bool:
        return (message.chat, message.id) in self._followed

    async def _follows(self, message: Message) -> bool:
        """A follow-up in a group that knows no edits: of what was said there before, and as it is now."""
        rows = await self._stack.rows(
            """SELECT m.body FROM message m JOIN address a ON a.id = m.address
               WHERE a.deaf = 1 AND m.first_shown_at < m.shown_at"""
        )
        said = (Words("zh").render(decode(row["body"]).text, name=lambda _: None, author=None) for row in rows)
        return not message.photo and any(message.text in one for one in said)

    async def _in_full(self, message: Message) -> Message:
        """What a card says in short, and what the bot would have said in words."""
        row = await self._stack.message_of(message) if message.card else None
        if row is None:
            return message
        body = decode(row["body"])
        said = {
            language: Words(language).render(body.text, name=lambda _: None, author=row["person"])
            for language in LANGUAGES
        }
        words = said[row["language"] or "zh"]
        if body.in_full:  # in the language of that time
            before = "\n".join(one.text for one in self._phones.chat(message.chat) if not one.card)
            assert any(one in before for one in said.values()), f"this was to be read whole: {words}"
        return replace(message, text=f"{message.text}\n\n{words}")

    async def _key(self, message: Message) -> str | None:
        """Of what is said in a group that hears nothing the bot keeps no ref."""
        deaf = message.chat < 0 and not self._phones.can.hears_groups
        return ANY if deaf else await self._stack.text_key(message)

    async def _copied(self) -> set[str]:
        """What is said in a group where nothing can be tapped goes to each 学区领导, too."""
        rows = await self._stack.rows(
            """SELECT m.ref FROM message m JOIN message g ON g.key = m.key AND g.address <> m.address
               JOIN address a ON a.id = g.address JOIN duty d ON d.person = m.person
               WHERE a.deaf = 1 AND m.ref IS NOT NULL AND d.duty = 'leader'"""
        )
        return {row["ref"] for row in rows}

    def _check_answer(self, step: Step, pressed: Sequence[Pressed], words: Sequence[str]) -> None:
        """Where a platform has no toasts, what need not be closed may go without saying."""
        if self._phones.can.toasts:
            check_answer(step, next((one.tap for one in pressed if one.tap is not None), None))
        elif step.shown:
            assert not words, f"said beside what is shown: {words}"
        elif words or step.loud:
            check_words(step, "".join(words))

    async def _check_facts(self, step: Step, before: Seen) -> None:
        if step.facts == "*":
            return
        rows = await self._stack.rows("SELECT id, kind FROM fact ORDER BY at, cause, lane, n")
        kinds = [row["kind"] for row in rows if row["id"] not in before.facts]
        assert sorted(kinds) == sorted(step.facts), f"facts recorded: {kinds}"

    def _check_calls(self, step: Step, before: Seen) -> None:
        if step.calls is None or self._phones.name != "telegram":
            return
        entries = self._phones.journal[before.journal :]
        calls = Counter(entry.method for entry in entries if entry.method not in LISTENING)
        assert calls == Counter(step.calls), f"calls: {dict(calls)}"

    async def _standing(self, name: str) -> str:
        row = await self._stack.rows(
            "SELECT standing, cause FROM standing WHERE class = :id AND day = :day",
            id=await self._class_id(name),
            day=self._day.isoformat(),
        )
        return " ".join(filter(None, row[0].values()))

    async def _marks(self) -> dict[str, str]:
        """Of the picture that was shown last: school and class → mark."""
        rows = await self._stack.rows("SELECT body FROM message WHERE shown > 0 ORDER BY shown_at DESC")
        pictures = (decode(row["body"]).picture for row in rows)
        morning = next(one for one in pictures if one is not None)
        return {
            f"{school.name}{row.grade}({cell.label})班": cell.mark.value
            for school in morning.schools
            for row in school.rows
            for cell in row.cells
        }

    async def _revisions(self, name: str) -> list[str]:
        rows = await self._stack.rows(
            """SELECT r.rev, n.seat, e.temperature, e.attendance FROM report r
               LEFT JOIN entry e ON e.day = r.day AND e.round = r.round AND e.class = r.class AND e.rev = r.rev
               LEFT JOIN enrolment n ON n.pupil = e.pupil AND n.since <= r.day AND r.day < n.until
               WHERE r.class = :id AND r.day = :day ORDER BY r.rev, e.place""",
            id=await self._class_id(name),
            day=self._day.isoformat(),
        )
        found: dict[int, list[str]] = {}
        for row in rows:
            listed = found.setdefault(row["rev"], [])
            if row["seat"] is not None:
                listed.append(f"{row['seat']}:{row['temperature'] or row['attendance']}")
        return [" ".join(listed) for listed in found.values()]

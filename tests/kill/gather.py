"""From phones and database to evidence."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.clock import Clock
from handlers.model import Duty
from sandbox import Message
from tests.kill import books
from tests.kill.evidence import REPLY, Evidence, Kill, Place, Sent, Step, alert_kind, fevers_in, kind_of, numbers_in
from tests.kill.platforms import CONFIRMED, Platform
from tests.kill.thumbs import REPORTED, Phone
from tests.kill.town import GROUP, PUPILS, How, List, Plan, Town, at

STEPS = (Step("remind1", at(8, 15), at(8, 25)), Step("remind2", at(8, 30), at(8, 40)))
DUE = "应报"
END_OF_DEADLINE = at(8, 31)
ON_ITS_WAY = timedelta(minutes=2)  # longer than that no call takes


def zero(ill: List) -> bool:
    """零报告: nobody unwell, nobody missing without a known cause."""
    return all(one.absence == "事假" for one in ill)


class Watch:
    """Looks at a kill, and once more at the end."""

    def __init__(self, platform: Platform, clock: Clock, database: str, town: Town, phones: list[Phone]) -> None:
        self._platform = platform
        self._clock = clock
        self._database = database
        self._town = town
        self._phones = phones
        self._begun: set[tuple[int, datetime]] = set()
        self._recorded: set[str] = set()
        self._lost: frozenset[Place] = frozenset()

    def kill(self, why: str) -> Kill:
        """With the program dead: what teachers know, what is on record, what was on the wire."""
        self._remember()
        wire = frozenset(self._unrecorded())
        self._lost, lost_before = self._lost | wire, self._lost
        return Kill(
            at=self._clock.now(),
            why=why,
            confirmed=frozenset(self.confirmed()),
            stored=books.reported(self._database),
            wire=wire - lost_before,
            acknowledged=self._platform.acknowledged(),
            heard=books.heard(self._database),
        )

    def _remember(self) -> None:
        self._begun.update((self._platform.chat_of(native), when) for native, when in books.begun(self._database))
        self._recorded |= books.shown(self._database)

    def _unrecorded(self) -> Iterator[Place]:
        """What is on a phone without the bot's knowing. A group on WeCom gives a message no name: there it is known by
        when it was begun, as one call follows another; of a picture and its words the words tell."""
        before: Message | None = None
        for place, one in self._messages():
            if place[0] == GROUP and not self._platform.edits:
                if not self._begun_between(before, one):
                    yield place
            elif not self._recorded.intersection(self._platform.phones.refs(one)):
                yield place
            before = one

    def _begun_between(self, before: Message | None, one: Message) -> bool:
        since = before.date if before is not None and before.chat == one.chat else at(0, 0)
        return any(chat == GROUP and since < when <= one.date for chat, when in self._begun)

    def evidence(self, kills: Iterable[Kill], ended: Iterable[str]) -> Evidence:
        self._remember()
        reporting = [plan for plan in self._town.plans if plan.reports]
        return Evidence(
            kills=tuple(kills),
            sent=tuple(self._sent()),
            class_of=self._town.class_of,
            unreachable=frozenset(self._blocked()),
            confirmed=self.confirmed(),
            planned={plan.klass: frozenset((one.seat, one.tenths) for one in plan.final) for plan in reporting},
            stored=books.stored(self._database),
            steps=STEPS,
            fevers={kind: self._must_hear(plan.school) for plan in reporting for kind in _fevers(plan)},
            told=self._told(),
            summary=self.summary(),
            truth=self.truth(),
            asked={phone.member.id: self._asked(phone) for phone in self._phones} | {GROUP: 1},
            swallowed=tuple(self._platform.swallowed()),
            ended=tuple(ended),
        )

    def _messages(self) -> Iterator[tuple[Place, Message]]:
        for chat in (*(phone.member.id for phone in self._phones), GROUP):
            yield from (((chat, one.id), one) for one in self._platform.chat(chat) if one.sender == 0)

    def _told(self) -> dict[int, frozenset[str]]:
        told: dict[int, frozenset[str]] = {}
        for (chat, _), one in self._messages():
            for text in (one.text, *(before.text for before in one.revisions)):
                told[chat] = told.get(chat, frozenset()) | fevers_in(text)
        return told

    def _sent(self) -> Iterator[Sent]:
        for place, one in sorted(self._messages(), key=lambda item: item[1].date):
            first = one.revisions[0].text if one.revisions else one.text
            starts = [when for chat, when in self._begun if chat == place[0] and when <= one.date]
            near = max(starts, default=one.date)
            begun = near if one.date - near < ON_ITS_WAY else one.date  # one that was never recorded has no start
            kind = kind_of(first, picture=one.photo is not None, anew=not self._platform.edits)
            words = kind if self._platform.edits or kind == REPLY else f"{kind}: {first}"
            yield Sent(place, one.date, kind, words, begun)

    def _asked(self, phone: Phone) -> int:
        """Words, and taps where they are answered with messages; the welcome and its card of whom the directory has
        told of."""
        written = sum(one.sender == phone.member.id for one in self._platform.chat(phone.member.id))
        return written if self._platform.edits else 2 + written + phone.pressed

    def _blocked(self) -> Iterator[int]:
        for plan in self._town.plans:
            if plan.how is How.BLOCKED:
                yield from (one.id for one in self._town.teachers(plan.klass))

    def _must_hear(self, school: str) -> frozenset[int]:
        told = (*self._town.holders(Duty.REPORTER), *self._town.holders(Duty.PRINCIPAL))
        return frozenset((GROUP, *(one.id for one in told if one.school == school)))

    def confirmed(self) -> dict[str, datetime]:
        """By class: when a teacher first saw ✅ 已报, or had a tap answered so."""
        known: dict[str, datetime] = {}
        for phone in self._phones:
            if phone.member.klass is None:
                continue
            for when in (*_receipts(phone), *_answers(phone)):
                known[phone.member.klass] = min(when, known.get(phone.member.klass, when))
        return known

    def caption(self) -> str:
        """The post as it stands: where a kill repeated it, the last one is kept true. Empty where there is none."""
        return next((one.text for one in reversed(self._platform.chat(GROUP)) if DUE in one.text), "")

    def summary(self) -> dict[str, int]:
        return numbers_in(self.caption())

    def truth(self) -> dict[str, int]:
        """What the post must say when all have done what they planned."""
        plans = [plan for plan in self._town.plans if plan.reports]
        lists = [one for plan in plans for one in plan.final]
        sums = Counter(_place_in_sums(one.absence, sick=one.sick) for one in lists)
        fevers = sum(one.fever for one in lists)
        on_time = sum(plan.at < END_OF_DEADLINE for plan in plans)
        absent = sums["sick"] + sums["personal"] + sums["unknown"]
        return {
            "due": len(self._town.plans),
            "reported": len(plans),
            "on_time": on_time,
            "late": len(plans) - on_time,
            "zero": sum(zero(plan.final) for plan in plans),
            "missing": len(self._town.plans) - len(plans),
            "expected": PUPILS * len(plans),
            "present": PUPILS * len(plans) - absent,
            "sick": sums["sick"],
            "personal": sums["personal"],
            "unknown": sums["unknown"],
            "fever": fevers,
            "unwell": sum(one.symptom is not None and not one.fever for one in lists),
            "alerts": fevers,
            "acknowledged": fevers,
        }


def _place_in_sums(absence: str | None, *, sick: bool) -> str:
    match absence:
        case "事假":
            return "personal"
        case "未到·原因不明":
            return "unknown"
        case _:
            return "sick" if sick else "present"


def _fevers(plan: Plan) -> Iterator[str]:
    """Of every list that was sent: one that is taken back was told all the same."""
    for ill in (plan.ill, plan.final):
        yield from (alert_kind(plan.klass, one.seat) for one in ill if one.fever)


def _receipts(phone: Phone) -> Iterator[datetime]:
    for one in phone.messages():
        faces = [(seen.text, seen.at) for seen in one.revisions] + [(one.text, one.edit_date or one.date)]
        yield from (when for text, when in faces if text.startswith(REPORTED))


def _answers(phone: Phone) -> Iterator[datetime]:
    for tap in phone.taps:
        if tap.answer is not None and (tap.answer.text == CONFIRMED or "没有重复提交" in tap.answer.text):
            yield tap.answer.at

"""What is the matter with children: one listed pupil as a teacher would put it, and how the unwell are drawn."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sandbox.crowd.people import Key, Pupil, SchoolClass

FEVER_LINE: Final = 373  # tenths of ℃: ≥ 37.3 is a fever

AT_SCHOOL: Final = "在校留观"
COLLECTED: Final = "已接回"
HOSPITAL: Final = "就医"
HOME: Final = "居家"
PLACES: Final = (AT_SCHOOL, COLLECTED, HOSPITAL, HOME)

SICK: Final = "病假"
PERSONAL: Final = "事假"
UNKNOWN: Final = "未到·原因不明"
LATE: Final = "迟到"
ABSENCES: Final = (SICK, PERSONAL, UNKNOWN, LATE)

FLU: Final = "流感"
POX: Final = "水痘"
COLD: Final = "感冒"

FOREHEAD: Final = "额温"
ARMPIT: Final = "腋温"

GROUPS: Final[Mapping[str, str]] = {
    "咳嗽": "呼吸道",
    "咽痛": "呼吸道",
    "流涕鼻塞": "呼吸道",
    "呕吐": "呕吐腹泻",
    "腹泻": "呕吐腹泻",
    "腹痛": "呕吐腹泻",
    "剧烈呕吐或腹泻": "呕吐腹泻",
    "皮疹": "皮疹",
    "腮腺肿大": "腮腺肿大",
}
# DOMAIN §5: ILI/FEVER .30, RESP .30, GI .20, RASH .06, others .14; a morning's list also holds leaves
_KINDS: Final = (("fever", 0.38), ("RESP", 0.2), ("GI", 0.16), ("RASH", 0.04), ("sick", 0.1), ("leave", 0.12))
_OF_GROUP: Final = {"RESP": ("咳嗽", "咽痛", "流涕鼻塞"), "GI": ("呕吐", "腹泻", "腹痛"), "RASH": ("皮疹", "腮腺肿大")}
SEVERE: Final = frozenset({"剧烈呕吐或腹泻"})  # told at once, as a fever is
FEVERS: Final = (373, 375, 378, 380, 383, 385, 388, 390, 393)


@dataclass(frozen=True, slots=True)
class Listed:
    """`temperature` in tenths of ℃; None for a child that is said to have no fever, or, not `measured`, of whom nobody
    said how warm. `method` is how it was taken. `absence` is one of the four leaves; `cause` what the illness is,
    once it is known."""

    seat: int
    temperature: int | None = None
    symptoms: tuple[str, ...] = ()
    place: str | None = None
    absence: str | None = None
    measured: bool = True
    method: str = FOREHEAD
    cause: str | None = None

    @property
    def fever(self) -> bool:
        return self.temperature is not None and self.temperature >= FEVER_LINE

    @property
    def afebrile(self) -> bool:
        """Said to have no fever."""
        return self.temperature is None and self.measured

    @property
    def waits(self) -> bool:
        """Came back before they might."""
        return self.absence == SICK and self.place == AT_SCHOOL

    @property
    def flagged(self) -> bool:
        """A fever, or a symptom that is treated as one."""
        return self.fever or not SEVERE.isdisjoint(self.symptoms)

    @property
    def away_sick(self) -> bool:
        """病: on sick leave, or sent where the class is not."""
        return self.absence == SICK or self.place in (COLLECTED, HOSPITAL, HOME)

    def continues(self, before: "Listed | None") -> bool:
        """Flagged on the school day before, still at home, and with no severe symptom that was not there."""
        at_home = self.away_sick and self.place in (None, HOME)
        return before is not None and at_home and SEVERE & set(self.symptoms) <= set(before.symptoms)

    @property
    def away(self) -> bool:
        return self.away_sick or self.absence in (PERSONAL, UNKNOWN)

    @property
    def unwell(self) -> bool:
        return self.fever or bool(self.symptoms) or self.away_sick

    @property
    def group(self) -> str:
        """Of one who is unwell without a fever."""
        return GROUPS[self.symptoms[0]] if self.symptoms else "其他"


def draw(dice: random.Random, pupils: Sequence[Pupil], count: int) -> tuple[Listed, ...]:
    """So many different children of one class."""
    return tuple(_one(dice, pupil.seat) for pupil in dice.sample(pupils, count))


def leave(seat: int, absence: str) -> Listed:
    """Of whom nothing else is said."""
    return Listed(seat, absence=absence, measured=False)


def fever(dice: random.Random, seat: int, place: str | None = None) -> Listed:
    symptoms = dice.choice(((), ("咳嗽",), ("咽痛",), ("咳嗽", "流涕鼻塞")))
    return Listed(seat, dice.choice(FEVERS), symptoms, place or dice.choice(PLACES))


def _one(dice: random.Random, seat: int) -> Listed:
    (kind,) = dice.choices([name for name, _ in _KINDS], [weight for _, weight in _KINDS])
    if kind == "fever":
        return fever(dice, seat)
    if kind == "sick":
        return leave(seat, SICK)
    if kind == "leave":
        return leave(seat, dice.choice((PERSONAL, PERSONAL, UNKNOWN, LATE)))
    return Listed(seat, None, (dice.choice(_OF_GROUP[kind]),), dice.choice(PLACES))


# Days gone by

Yesterday = Mapping[Key, Sequence[Listed]]
NOTHING: Final[Yesterday] = {}
Paper = Mapping[date, Mapping[Key, tuple[Listed, ...]]]
_NEW_A_DAY: Final = 0.004  # with a mean of two days each some 0.8 % are away ill
_MONDAY: Final = 1.2
_ON_LEAVE: Final = 0.002


def past(seed: int, classes: Iterable[SchoolClass], days: Sequence[date]) -> Paper:
    """What each class wrote down on each day: ambient illness, spells of one to four days. On one of the days a few
    classes did not report; on the last somebody was sent home with a fever."""
    dice = random.Random(f"past {seed}")
    rows = list(classes)
    still_at_home = dice.choice([one for one in rows if len(one.teachers) > 1])
    spells: dict[tuple[Key, int], int] = {}
    paper: dict[date, dict[Key, tuple[Listed, ...]]] = {}
    silent = {days[len(days) // 2]: {one.key for one in dice.sample(rows, 4)}} if days else {}
    for day in days:
        paper[day] = {}
        for one in rows:
            listed = _day_of(dice, one, day, spells)
            if one.key not in silent.get(day, ()):
                paper[day][one.key] = listed
    if days:
        child = fever(dice, dice.choice(still_at_home.pupils).seat, HOME)
        others = (one for one in paper[days[-1]][still_at_home.key] if one.seat != child.seat)
        paper[days[-1]] = {**paper[days[-1]], still_at_home.key: (*others, child)}
    return paper


def _day_of(dice: random.Random, one: SchoolClass, day: date, spells: dict[tuple[Key, int], int]) -> tuple[Listed, ...]:
    listed: list[Listed] = []
    risk = _NEW_A_DAY * (_MONDAY if day.isoweekday() == 1 else 1.0)
    for pupil in one.pupils:
        left = spells.get((one.key, pupil.seat), 0)
        if left == 0 and dice.random() < risk:
            one_more = _falls_ill(dice, pupil.seat)
            left = max(dice.choice((1, 2, 2, 3, 4)), 2 if one_more.fever else 1)  # a fever keeps them away for 48 hours
            listed.append(one_more)
        elif left:
            listed.append(leave(pupil.seat, SICK))
        elif dice.random() < _ON_LEAVE:
            listed.append(leave(pupil.seat, PERSONAL))
        spells[one.key, pupil.seat] = max(0, left - 1)
    return tuple(listed)


def _falls_ill(dice: random.Random, seat: int) -> Listed:
    if dice.random() < 0.3:
        return fever(dice, seat, dice.choice((COLLECTED, HOSPITAL, HOME)))
    return Listed(seat, None, (dice.choice([one for one in GROUPS if one not in SEVERE]),), HOME)

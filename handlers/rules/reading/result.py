"""What a typed sentence was read as: a proposal with the words it rests on, its doubts, and what it could not use."""

from datetime import date

from msgspec import Struct

from handlers.model import Attendance, Method, Symptom, Where


class Line(Struct, frozen=True):
    """One pupil of the line list. `pupil` is None while it must be asked who it is; `candidates` are the ids to ask
    about, and empty when nobody of the class was named."""

    pupil: str | None
    candidates: tuple[str, ...]
    temperature: int | None  # tenths of °C, the highest that was said of today
    symptoms: tuple[Symptom, ...]
    attendance: Attendance | None
    where: Where | None
    disease: str | None
    until: date | None  # the last day away
    words: str  # as typed
    method: Method | None = None
    afebrile: bool = False  # 不发热 was said
    earlier: tuple[Symptom, ...] = ()  # what was had before today and is over
    recovered: bool = False  # so is the disease
    returned: bool = False  # 返校了, 今天来了: the pupil is here, and that is said

    @property
    def attending(self) -> bool | None:
        """None when nothing says it. Who was fetched, or is at home or at a hospital, is not at school."""
        if self.attendance is not None:
            return self.attendance in (Attendance.PRESENT, Attendance.LATE)
        return None if self.where in (None, Where.SCHOOL) else False


class Doubt(Struct, frozen=True):
    """Something to be asked before this can be sent. `line` is the place in `Reading.lines` that it is about.

    pupil: who is meant; choices are pupil ids, none when nobody was named
    unknown_name: no such pupil; choices are those nearly so called
    seat_or_date: N号; choices are the pupil's id ("" when nobody sits there) and the ISO day
    temperature: out of range, without its point, or two of them; choices are tenths of °C, none when no guess is sound
    sum, present_above_expected: the numbers do not add up
    twice: two things of one pupil that do not go together
    reason: away, or set apart from the well, but why
    history: of an earlier day, or still so
    denied: it is not sure what a 没有 denies
    health: nobody missing was said, but nothing of health
    class: not one of the sender's, or several; choices are the ids of those that it may be
    old_date, future_date, date: a day of the report, or an end of leave, that cannot be; choices are ISO days
    staff: a sick member of staff, who has a report of their own
    """

    kind: str
    said: str
    choices: tuple[str, ...] = ()
    line: int | None = None


class Reading(Struct, frozen=True):
    """One message. `zero`: nobody unwell was said, and nothing else in the message speaks against it."""

    class_id: str | None
    class_said: str | None
    day: date | None
    expected: int | None
    present: int | None
    zero: bool
    lines: tuple[Line, ...]
    staff_absent: int | None
    doubts: tuple[Doubt, ...]
    unread: tuple[str, ...]

    @property
    def is_report(self) -> bool:
        """True when there is something to propose or to ask; chat such as 好的谢谢 is not."""
        numbers = (self.expected, self.present, self.staff_absent)
        return self.zero or bool(self.lines or self.doubts) or any(number is not None for number in numbers)

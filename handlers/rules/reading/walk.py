"""Through the tokens of a message, clause by clause: whose is each fact, and what is said of the class."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from handlers.model import Attendance, Symptom, Where
from handlers.rules.cues import Cue
from handlers.rules.dates import Day
from handlers.rules.reading.clause import ahead, behind, clauses, is_fact, weighs
from handlers.rules.reading.entry import Entry, Fact
from handlers.rules.reading.result import Doubt
from handlers.rules.reading.tokens import (
    Bare,
    Break,
    ClassSaid,
    Count,
    Degrees,
    Lasting,
    Meant,
    People,
    Silent,
    Token,
    Unknown,
    Until,
    Who,
)
from handlers.rules.temperature import Temperature

Span = tuple[int, int]

_NOTHING = tuple(Meant(cue=cue) for cue in (Cue.NOT, Cue.NOW, Cue.EVERYBODY, Cue.THE_REST, Cue.ABNORMAL))
_A_CLASS = 60  # 都 reaches back over no more pupils than a class has


@dataclass
class Tally:
    """病假2人: a number, and those listed under it."""

    number: int
    said: str
    listed: int = 0
    absence: bool = True


@dataclass
class Heading:
    """Facts said before the names that they are of: 病假：张三、李四."""

    facts: list[Fact]
    wide: bool  # over commas too
    over_lines: bool
    tally: Tally | None
    clause: int


@dataclass
class Notes:
    """What the walk brings home."""

    entries: list[Entry] = field(default_factory=list)
    owners: list[tuple[Span, tuple[int, ...]]] = field(default_factory=list)  # by place in `entries`
    counts: list[Count] = field(default_factory=list)
    staff_counts: list[Count] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    day: Day | None = None
    well: bool = False
    all_here: bool = False
    staff_absent: int | None = None
    doubts: list[tuple[Doubt, int | None]] = field(default_factory=list)
    unread: list[Span] = field(default_factory=list)


@dataclass
class Mood:
    """How what comes next in the clause is meant."""

    denying: int = 0
    denied_any: bool = False
    brief: bool = False  # 没, 不: denies one thing only
    past: bool = False
    planned: bool = False
    later: bool = False
    both: bool = False
    each: bool = False
    staff: bool = False
    excepting: bool = False
    back_on: date | None = None


class Walk:
    """One message."""

    def __init__(self, text: str, typed: str, tokens: Sequence[Token], today: date, fever_from: int) -> None:
        self.text, self.typed, self.tokens, self.today, self.fever_from = text, typed, tokens, today, fever_from
        self.notes = Notes()
        self.by_pupil: dict[str, int] = {}
        self.group: list[int] = []
        self.open = False  # the group has been named and nothing said of it yet
        self.everybody = False
        self.leading: list[Fact] = []
        self.people: Token | None = None
        self.heading: Heading | None = None
        self.shared: list[Fact] = []
        self.mood = Mood()
        self.staff_goes_on = False  # 教师：应到5，实到4
        self.clause = 0

    def run(self) -> Notes:
        for begin, end in clauses(self.tokens):
            sign = self.tokens[end].sense if end < len(self.tokens) else Break("\n")
            coming = next((token.sense for token in self.tokens[end + 1 : end + 6] if weighs(token.sense)), None)
            self._clause(self.tokens[begin:end], sign, coming)
        return self.notes

    # One clause

    def _clause(self, clause: Sequence[Token], sign: object, coming: object) -> None:
        self.clause += 1
        self.mood = Mood(staff=self.staff_goes_on and "学生" not in self._said(clause))
        self.staff_goes_on = False
        self.last_person = max((i for i, token in enumerate(clause) if isinstance(token.sense, Who)), default=-1)
        self.named_here = False
        asking = any(token.sense == Meant(cue=Cue.ASKING) for token in clause) or sign == Break("?")
        if asking and self.last_person < 0:
            self.notes.unread += [(token.start, token.end) for token in clause if weighs(token.sense)]
            return
        for place, token in enumerate(clause):
            self._token(token, clause, place)
        self._close(clause, sign, coming)

    def _close(self, clause: Sequence[Token], sign: object, coming: object) -> None:
        self._share()
        line_ends = sign == Break("\n")
        opens_list = (
            line_ends and bool(clause) and bool(self.leading) and self._colon(self.leading[-1].end, clause[-1].end)
        )
        if self.mood.denying and not self.mood.denied_any:
            self._nothing(clause)
        names_follow = sign == Break(",") and self.people is not None and isinstance(coming, Who)
        if not (opens_list or names_follow):
            self._of_nobody(clause)
        ends = sign in (Break("。"), Break(";"), Break("!"))
        self.staff_goes_on = self.mood.staff and sign == Break(",") and isinstance(coming, (Count, Meant))
        if self.heading and (ends or (line_ends and not self.heading.over_lines) or not self.heading.wide):
            self.heading = None
        if line_ends:
            self.group = self.group if self.open else []
            self.open = False
        if ends or line_ends:
            self.everybody = False

    def _nothing(self, clause: Sequence[Token]) -> None:
        """今日无: nothing but the word for nothing. Else it denied something that was not understood."""
        weighty = [token for token in clause if weighs(token.sense)]
        only = all(isinstance(one.sense, (Day, ClassSaid)) or one.sense in _NOTHING for one in weighty)
        rest = Meant(cue=Cue.THE_REST) in [one.sense for one in weighty] and not self.notes.entries
        if only and not (rest or self.leading or self.group):
            self.notes.well = True
        else:
            self.notes.unread += [(one.start, one.end) for one in weighty if one.sense == Meant(cue=Cue.NOT)]

    def _token(self, token: Token, clause: Sequence[Token], place: int) -> None:
        match token.sense:
            case Who() as who:
                self._person(who, token, clause, place)
            case Meant(cue=Cue() as cue):
                self._cue(cue, token, clause, place)
            case Meant() | Degrees():
                self._fact(token, clause, place)
            case Until() | Lasting():
                self._span(token, clause, place)
            case Day() as day:
                self._day(day, clause, place)
            case People() as people:
                self._people(people, token, clause, place)
            case Count() as count:
                (self.notes.staff_counts if self.mood.staff else self.notes.counts).append(count)
            case ClassSaid(name=name):
                self.notes.classes.append(name)
            case Unknown() | Bare():
                self.notes.unread.append((token.start, token.end))
                if token.end - token.start > 2:
                    self.mood.denying = 0
            case Silent() if self.mood.denying and not self.mood.denied_any and self._comes(token):
                self.mood.denying = 0
                self._fact(Token(Meant(cue=Cue.AWAY), token.start, token.end), clause, place)
            case _:
                pass

    def _comes(self, token: Token) -> bool:
        """并没有来 is 没来."""
        return self.text[token.start : token.end] in ("来", "到", "上学", "到了")

    # Persons

    def _person(self, who: Who, token: Token, clause: Sequence[Token], place: int) -> None:
        self._share()
        self.mood.denying, self.mood.staff, self.mood.both = 0, False, False
        self.everybody = False
        mine = self._entry(who, token)
        if self.leading:
            self._lead(mine, token, clause, place)
        elif self.heading and not (self.heading.wide or self.heading.clause == self.clause):
            self.heading = None
        if self.heading:
            self.notes.entries[mine].heading += [fact for fact in self.heading.facts]
            for fact in self.heading.facts:
                self.notes.owners.append(((fact.start, fact.end), (mine,)))
            if self.heading.tally:
                self.heading.tally.listed += 1
            self.group = [mine]
        elif self.open:
            self.group = [*self.group, mine]
        else:
            self.group = [mine]
        self.open, self.named_here = True, True

    def _entry(self, who: Who, token: Token) -> int:
        key = who.pupils[0].id if who.exact else f"?{token.start}"
        if key not in self.by_pupil:
            self.by_pupil[key] = len(self.notes.entries)
            self.notes.entries.append(Entry(who, self.typed[token.start : token.end]))
        mine = self.by_pupil[key]
        self.notes.entries[mine].mentions.append(len(self.notes.entries[mine].facts))
        self.notes.owners.append(((token.start, token.end), (mine,)))
        return mine

    def _lead(self, mine: int, token: Token, clause: Sequence[Token], place: int) -> None:
        """Facts stood before a name: are they the heading over it, or still of the one before?"""
        between = self.text[self.leading[0].start : token.start]
        wide = self.people is not None or any(sign in between for sign in ":的有是为")
        follows = any(is_fact(one.sense) for one in self._until_next_person(clause, place))
        if self.group and follows and not wide:
            self.notes.doubts.append((Doubt("pupil", self._said(clause)), mine))
            for fact in self.leading:
                self._give(fact, self.group)
            self.heading = None
        else:
            tally = None
            if isinstance(self.people, Token) and isinstance(self.people.sense, People):
                absence = not any(isinstance(fact.sense, Meant) and fact.sense.symptoms for fact in self.leading)
                tally = Tally(self.people.sense.number, self.typed[self.leading[0].start : self.people.end], 0, absence)
                self.notes.tallies.append(tally)
            line_between = "\n" in between
            self.heading = Heading(self.leading, wide, line_between, tally, self.clause)
        self.leading, self.people = [], None

    def _until_next_person(self, clause: Sequence[Token], place: int) -> Sequence[Token]:
        end = next((i for i in range(place + 1, len(clause)) if isinstance(clause[i].sense, Who)), len(clause))
        return clause[place + 1 : end]

    # Cues

    def _cue(self, cue: Cue, token: Token, clause: Sequence[Token], place: int) -> None:
        mood = self.mood
        match cue:
            case Cue.NOT:
                before = behind(clause, place)
                mood.denying = mood.denying + 1 if before and before.sense == Meant(cue=Cue.NOT) else 1
                mood.denied_any = False
                mood.brief = self.text[token.start : token.end] in ("没", "不", "非")
            case Cue.EXCEPT:
                mood.excepting = True
                mood.denying = 0
            case Cue.BUT | Cue.SPEAKING | Cue.ASKING:
                mood.denying = 0
            case Cue.NOW | Cue.SINCE:
                mood.past = mood.later = False
            case Cue.BEFORE:
                # 5号之前 is no earlier day of 5号
                mood.past = place == 0 or not isinstance(clause[place - 1].sense, Who)
            case Cue.LATER:
                mood.planned = True
            case Cue.BOTH:
                mood.both = True
            case Cue.EACH:
                mood.each = True
            case Cue.EVERYBODY | Cue.THE_REST:
                self._share()
                self.everybody, self.group, self.open, mood.staff = True, [], False, False
            case Cue.STAFF:
                mood.staff = self._is_staff(clause, place)
            case Cue.RELATIVE:
                self._relative(token, clause, place)
            case Cue.NORMAL | Cue.WELL | Cue.ALL_HERE | Cue.ABNORMAL:
                self._state(cue, token, clause, place)
            case Cue.HEAT | Cue.OF_DAY | Cue.SILENT:
                pass
            case _:
                self._fact(token, clause, place)

    def _is_staff(self, clause: Sequence[Token], place: int) -> bool:
        """老师请假1人 is of the staff; 跟老师说肚子疼 is not."""
        after, before = ahead(clause, place), behind(clause, place)
        told = before is not None and before.sense == Meant(cue=Cue.SPEAKING)
        told = told or self.text[clause[place].start - 1 : clause[place].start] in ("跟", "和", "向", "给", "叫", "让")
        states = (Cue.NORMAL, Cue.WELL, Cue.ALL_HERE, Cue.NOT, Cue.BOTH)
        about = after is not None and (
            is_fact(after.sense)
            or isinstance(after.sense, (People, Count))
            or (isinstance(after.sense, Meant) and after.sense.cue in states)
        )
        beside = clause[place + 1].sense if place + 1 < len(clause) else Break("\n")
        return about and not told and (weighs(beside) or beside == Break(":"))

    def _relative(self, token: Token, clause: Sequence[Token], place: int) -> None:
        """张三妈妈发烧 is not 张三's fever: ask. 张三妈妈说发烧 is."""
        after = next(
            (one for one in clause[place + 1 :] if weighs(one.sense) and one.sense != Meant(cue=Cue.BOTH)), None
        )
        sick = after is not None and (
            isinstance(after.sense, Degrees)
            or (isinstance(after.sense, Meant) and bool(after.sense.symptoms or after.sense.disease))
        )
        if sick and self.group and self.named_here:
            pupils = tuple(one for mine in self.group for one in self.notes.entries[mine].who.pupils)
            choices = tuple(pupil.id for pupil in pupils)
            mine = self._entry(Who(pupils, exact=False, doubt="pupil", choices=choices), token)
            self.group, self.open = [mine], True

    def _state(self, cue: Cue, token: Token, clause: Sequence[Token], place: int) -> None:
        """正常 is of the pupil just named, else of the class; 无异常 and 全勤 are of the class."""
        if self.mood.denying and not self.mood.denied_any:
            self.mood.denied_any = True
            cue = Cue.WELL if cue is Cue.ABNORMAL else Cue.ABNORMAL
        self.mood.denying = 0
        if self.mood.staff:
            return
        own = bool(self.group) and not self.everybody and self.named_here
        if own and self.mood.excepting:
            own = False
            if self.open:
                self.notes.doubts.append((Doubt("reason", self._said(clause)), None))
            self.group, self.open = [], False
        if cue is Cue.ABNORMAL:
            mine = self.group[0] if own else None
            if place >= self.last_person:
                self.notes.doubts.append((Doubt("pupil" if mine is None else "history", self._said(clause)), mine))
        elif cue is Cue.ALL_HERE and own:
            self._give(Fact(Meant(attendance=Attendance.PRESENT), token.start, token.end), self.group)
        elif cue is Cue.ALL_HERE:
            self.notes.all_here = True
        elif own or (self.group and cue is Cue.NORMAL and not self.everybody):
            self._give(Fact(Meant(cue=Cue.NORMAL), token.start, token.end), self.group)
            away = all(self._away(self.notes.entries[mine]) for mine in self.group)
            self.notes.well = self.notes.well or (away and not own)
        else:
            self.notes.well = True

    def _away(self, entry: Entry) -> bool:
        """体温正常 after 3号事假 is of those who are here."""
        return any(isinstance(fact.sense, Meant) and is_fact(fact.sense) for fact in entry.all)

    # Facts

    def _fact(self, token: Token, clause: Sequence[Token], place: int) -> None:
        assert isinstance(token.sense, (Meant, Degrees))  # noqa: S101
        sense = self._turned(token.sense)
        touching = place > 0 and isinstance(clause[place - 1].sense, Meant)
        denied = self._is_denied(token.sense, clause, touching=touching)
        if self.mood.later and isinstance(sense, Meant) and sense.cue is not Cue.BACK:
            self.notes.unread.append((token.start, token.end))
            return
        fact = Fact(sense, token.start, token.end, self.mood.past, denied, self.mood.planned)
        if sense == Meant(cue=Cue.BACK) and self.mood.back_on:
            day = self.mood.back_on - timedelta(1)
            fact = Fact(Until(Day(day, day)), token.start, token.end)
        if self.mood.staff:
            self._of_staff(fact, clause)
        elif self.everybody:
            self._of_everybody(fact, clause)
        elif self.group and (self.named_here or self.last_person < place):
            self._give(fact, self._meant_group(clause))
        else:
            self.leading.append(fact)

    def _turned(self, sense: Meant | Degrees) -> Meant | Degrees:
        """Denied, some words become others: not back is away, not over is still there."""
        if not self.mood.denying or not isinstance(sense, Meant):
            return sense
        turned: Meant | None = None
        if sense.cue in (Cue.GONE, Cue.FEVER_GONE):
            turned = Meant(cue=Cue.LASTS)
        elif sense.cue is Cue.BACK or sense.attendance is Attendance.PRESENT:
            turned = Meant(cue=Cue.AWAY)
        if turned:
            self.mood.denying, self.mood.denied_any = 0, True
        return turned or sense

    def _is_denied(self, sense: Meant | Degrees, clause: Sequence[Token], *, touching: bool) -> bool:
        mood = self.mood
        if not mood.denying:
            return False
        symptom = isinstance(sense, Meant) and bool(sense.symptoms)
        if mood.denied_any and (not symptom or mood.brief):
            mood.denying = 0
            return False
        if mood.denied_any and self.group and isinstance(sense, Meant) and Symptom.FEVER in sense.symptoms and touching:
            self.notes.doubts.append((Doubt("denied", self._said(clause)), self.group[0]))
            return False
        if mood.denying > 1 or isinstance(sense, Degrees):
            self.notes.doubts.append((Doubt("denied", self._said(clause)), self.group[0] if self.group else None))
            mood.denying = 0
            return False
        mood.denied_any = True
        if not symptom:
            mood.denying = 0
        return True

    def _meant_group(self, clause: Sequence[Token]) -> list[int]:
        if self.mood.both and not self.named_here and len(self.notes.entries) > 1:
            return list(range(len(self.notes.entries)))[-_A_CLASS:]
        return self.group

    def _give(self, fact: Fact, group: Sequence[int]) -> None:
        self.open = False
        self.notes.owners.append(((fact.start, fact.end), tuple(group)))
        if isinstance(fact.sense, Degrees) and len(group) > 1 and not self.mood.both:
            self.shared.append(fact)
            return
        for mine in group:
            self.notes.entries[mine].facts.append(fact)

    def _share(self) -> None:
        """3号17号分别38.5、37.8: to each his own; one temperature for two pupils is asked."""
        zipped = len(self.shared) == len(self.group)
        for turn, mine in enumerate(self.group if self.shared else ()):
            self.notes.entries[mine].facts += [self.shared[turn]] if zipped else self.shared
            if not (zipped and self.mood.each):
                read = [fact.sense.value for fact in self.shared if isinstance(fact.sense, Degrees)]
                choices = tuple(str(one.tenths) for one in read if isinstance(one, Temperature))
                self.notes.doubts.append((Doubt("temperature", self.notes.entries[mine].said, choices), mine))
        self.shared = []

    def _span(self, token: Token, clause: Sequence[Token], place: int) -> None:
        assert isinstance(token.sense, (Until, Lasting))  # noqa: S101
        before = [one.sense for one in clause[:place] if weighs(one.sense)][-3:]
        said = self.text[clause[0].start : token.start]
        leave = any(word in said for word in ("休息", "隔离", "停课")) or any(
            isinstance(one, Meant) and (one.cue is Cue.LEAVE or one.attendance or one.where is Where.HOME)
            for one in before
        )
        ended = self.text[token.end : token.end + 1] in ("了", "前", "没", "未")
        if isinstance(token.sense, Lasting) and (not leave or ended):
            return
        if self.group and not self.everybody and not self.mood.staff:
            self._give(Fact(token.sense, token.start, token.end), self.group)

    # Days and numbers

    def _day(self, day: Day, clause: Sequence[Token], place: int) -> None:
        said = day.back or day.ahead
        if said is None:
            self.notes.doubts.append((Doubt("date", self.typed[clause[place].start : clause[place].end]), None))
            return
        if not self.notes.entries and not self.leading and self._dates_message(day, clause, place):
            self.notes.day = self.notes.day or day
            return
        coming = [one.sense for one in clause[place + 1 : place + 6]]
        back = Meant(cue=Cue.BACK) in coming
        leave = Meant(cue=Cue.LEAVE) in coming or Meant(attendance=Attendance.PERSONAL) in coming
        if day.ahead and day.ahead > self.today and (day.back is None or day.back > self.today or back or leave):
            self.mood.back_on = day.ahead if back else None
            self.mood.later = not back
            if self.mood.later:
                self.notes.unread.append((clause[place].start, clause[place].end))
        else:
            self.mood.past = said < self.today
            self.mood.later = False

    def _dates_message(self, day: Day, clause: Sequence[Token], place: int) -> bool:
        first = not any(weighs(token.sense) and not isinstance(token.sense, ClassSaid) for token in clause[:place])
        back = Meant(cue=Cue.BACK)
        plain = not any(is_fact(one.sense) or isinstance(one.sense, Who) or one.sense == back for one in clause)
        after = ahead(clause, place)
        onset = after is not None and after.sense == Meant(cue=Cue.SINCE)
        return (first and day.whole and not onset) or plain

    def _people(self, people: People, token: Token, clause: Sequence[Token], place: int) -> None:
        if self.mood.denying and people.number:
            return
        if self.group and not self.mood.staff and people.number in (len(self.group), len(self.notes.entries)):
            after = ahead(clause, place)
            self.mood.both = after is not None and (is_fact(after.sense) or after.sense == Meant(cue=Cue.BOTH))
            if self.mood.both and people.number == len(self.group):
                self.named_here = True
            return
        if self.group and self.named_here and self.text[token.start - 1] == "等":
            self.notes.tallies.append(Tally(people.number, self._said(clause), len(self.group)))
        elif self.people is None:
            self.people = token

    # What is of nobody in particular

    def _of_staff(self, fact: Fact, clause: Sequence[Token]) -> None:
        if fact.denied or not isinstance(fact.sense, (Meant, Degrees)):
            return
        number = self.people.sense.number if self.people and isinstance(self.people.sense, People) else None
        coming = next((one.sense.number for one in clause if isinstance(one.sense, People)), None)
        sick = isinstance(fact.sense, Degrees) or bool(fact.sense.symptoms or fact.sense.disease)
        if sick:
            self.notes.doubts.append((Doubt("staff", self._said(clause)), None))
        elif is_fact(fact.sense):
            said = number if number is not None else coming
            self.notes.staff_absent = max(self.notes.staff_absent or 0, 1 if said is None else said)
        self.people = None

    def _of_everybody(self, fact: Fact, clause: Sequence[Token]) -> None:
        """All of them sick, or away, is asked: it may be so, or meant otherwise."""
        match fact.sense:
            case Meant(where=where, attendance=attendance) if where or attendance is Attendance.PRESENT:
                return
            case Degrees(value=Temperature(tenths=tenths)) if tenths < self.fever_from:
                self.notes.well = True
            case _ if fact.denied:
                symptom = isinstance(fact.sense, Meant) and fact.sense.symptoms
                self.notes.well = self.notes.well or bool(symptom)
            case _:
                self._nobody_named([fact], clause)

    def _of_nobody(self, clause: Sequence[Token]) -> None:
        """The clause is over, and no name came to what was said."""
        facts, self.leading = self.leading, []
        people, self.people = self.people, None
        number = people.sense.number if people and isinstance(people.sense, People) else None
        if not facts:
            if people and number is not None and not self.mood.staff:
                self.notes.unread.append((people.start, people.end))
            return
        if number == 0:
            return
        positive = [fact for fact in facts if not fact.denied]
        if any(fact.denied and isinstance(fact.sense, Meant) and fact.sense.symptoms for fact in facts):
            self.notes.well = True
        if positive:
            self._counted(number, positive, clause)

    def _counted(self, number: int | None, facts: list[Fact], clause: Sequence[Token]) -> None:
        sick = [fact for fact in facts if self._is_sick(fact)]
        if number is not None:
            self.notes.tallies.append(Tally(number, self._said(clause), 0, not sick))
        if sick:
            self._nobody_named(sick, clause)
            return
        absent = [fact for fact in facts if is_fact(fact.sense) and not isinstance(fact.sense, Degrees)]
        absent = [fact for fact in absent if not (isinstance(fact.sense, Meant) and fact.sense.where is Where.HOME)]
        if number is None and any(isinstance(fact.sense, Degrees) and fact.sense.ranged for fact in facts):
            self.notes.well = True
        elif number is None and absent:
            self.notes.doubts.append((Doubt("pupil", self._said(clause)), None))
        elif number is None:
            self.notes.unread += [(fact.start, fact.end) for fact in facts]

    def _is_sick(self, fact: Fact) -> bool:
        match fact.sense:
            case Degrees(value=Temperature(tenths=tenths)):
                return tenths >= self.fever_from
            case Degrees():
                return True
            case Meant(symptoms=symptoms, disease=disease, where=where, cue=cue):
                gone = where in (Where.HOSPITAL, Where.COLLECTED)
                return bool(symptoms) or disease is not None or gone or cue in (Cue.ILL, Cue.LASTS)
            case _:
                return False

    def _nobody_named(self, facts: list[Fact], clause: Sequence[Token]) -> None:
        said = self._said(clause)
        start = next(token.start for token in clause if weighs(token.sense))
        mine = self._entry(Who((), exact=False, doubt="pupil"), Token(Unknown(), start, start))
        self.notes.entries[mine].said = said
        for fact in facts:
            self._give(fact, [mine])

    # Words

    def _said(self, clause: Sequence[Token]) -> str:
        if not clause:
            return ""
        return self.typed[clause[0].start : clause[-1].end].strip()

    def _colon(self, start: int, end: int) -> bool:
        return any(sign in self.text[start:end] for sign in ":有是")

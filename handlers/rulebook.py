"""The district's decisions of one day, typed: rounds and their hours, fever lines, patience with codes."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from handlers.model import ByLanguage, Duty, Method, Symptom
from handlers.rules.returning import FEVER, OBSERVATION, ReturnRow, ReturnRule


class Step(Struct, frozen=True):
    """One thing the clock does in a round. `speaks`: worth nothing any more when the next one `to` the same is due."""

    name: str  # open | remind1 | late_list | own_lines | summary | noted | close | seal | prune | follow_back | eve …
    at: time
    to: str  # teachers | owners | office | principals | leaders | admins | nobody
    district: bool = False
    speaks: bool = True


class Kind(StrEnum):
    """Whom a round asks, and of whom."""

    CLASS = "class"  # a class's teachers, of the whole class: 晨检, 午检
    BOARDERS = "boarders"  # a class's teachers, of who lives at the school: 晚检
    HOME = "home"  # a class's teachers, of pupils on holiday: on every day, whatever the calendar says
    STAFF = "staff"  # everybody of the staff, of themselves


class Round(Struct, frozen=True):
    """晨检, 午检 …: when cards go out, when reminders, until when a report is on time, when the day closes.
    From `stop` on no missed card and no missed reminder is sent any more: the 报告人 has the list. A round without an
    hour of its own for the leaders' post is a line in the post of the day."""

    id: str
    name: ByLanguage
    kind: Kind
    opens: time
    reminds: tuple[time, ...]
    deadline: time
    late_list: time
    summary: time | None
    stop: time
    close: time

    @property
    def of_classes(self) -> bool:
        """A class reports it; no class reports how the staff are."""
        return self.kind is not Kind.STAFF

    @property
    def steps(self) -> tuple[Step, ...]:
        """In the order of a day; steps of one minute in this order."""
        reminds = tuple(Step(f"remind{n}", at, "teachers") for n, at in enumerate(self.reminds, 1))
        opens, close = Step("open", self.opens, "teachers"), Step("close", self.close, "nobody", speaks=False)
        if not self.of_classes:
            return (opens, *reminds, close)
        return (opens, *reminds, Step("late_list", self.late_list, "office"), *self._posts, close)

    @property
    def _posts(self) -> tuple[Step, ...]:
        if self.summary is None:
            return (Step("noted", self.late_list, "leaders", district=True),)
        own_lines = Step("own_lines", self.summary, "principals")
        return (own_lines, Step("summary", self.summary, "leaders", district=True))

    def on_time(self, at: datetime, day: date, zone: tzinfo) -> bool:
        """按时: before the end of the deadline's minute."""
        return at < self.limit(day, zone)

    def limit(self, day: date, zone: tzinfo) -> datetime:
        """From this instant on a report is late."""
        return datetime.combine(day, self.deadline, zone) + timedelta(minutes=1)

    def stopped(self, at: datetime, day: date, zone: tzinfo) -> bool:
        """True from the hour on at which what was missed is no longer sent to teachers."""
        return at >= datetime.combine(day, self.stop, zone)

    def closed(self, at: datetime, day: date, zone: tzinfo) -> bool:
        """True from the day's close on."""
        return at >= datetime.combine(day, self.close, zone)

    def summed(self, at: datetime, day: date, zone: tzinfo) -> bool:
        """True from the hour on at which the leaders have it: in a post of its own, or as a line of the day's."""
        return at >= self.summary_at(day, zone)

    def summary_at(self, day: date, zone: tzinfo) -> datetime:
        """When the leaders have it."""
        return datetime.combine(day, self.posted, zone)

    @property
    def posted(self) -> time:
        """When the leaders have it."""
        return self.late_list if self.summary is None else self.summary

    def span(self, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
        """The round itself: from its cards until nothing is sent any more."""
        return datetime.combine(day, self.opens, zone), datetime.combine(day, self.stop, zone)

    def due(self, step: Step, day: date, zone: tzinfo) -> datetime:
        return datetime.combine(day, step.at, zone)


# 假期, 开学前, 平时, 启动应急, 疫情加重, 恢复: what the district's plan calls its stages
STAGES: Final = ("HOLIDAY", "PRE_OPEN", "NORMAL", "ALERT", "SEVERE", "RECOVERY")
PLACES = ("school", "away")  # of a flagged child: what is to be done now differs
KEPT = ("inbox", "messages", "health", "audit")  # the classes of data, each with its days
DAILY = "day"  # stands where a round's id stands, for the steps that belong to no round


class Due(Struct, frozen=True):
    """One step of a day at its hour."""

    at: datetime
    step: Step
    round: str


class Rules(Struct, frozen=True):
    """What holds on one day. `sources` names where each line is from."""

    every_round: tuple[Round, ...]  # whether it runs or not, in the order of a day
    stage: str  # which of STAGES the district is in
    running: Mapping[str, tuple[str, ...]]  # by stage, or stage and school (NORMAL, NORMAL.S1): ids of rounds
    fever: Mapping[Method, int]
    method: Method  # how a temperature is taken where a school has chosen nothing else
    methods: Mapping[str, Method]  # by school, where it has
    terms: tuple[tuple[date, date], ...]
    district: str
    office_phone: str
    invite_days: int
    guesses_an_hour: int
    told: tuple[Duty, ...]  # who hears of a flagged pupil at once
    chain: tuple[Duty, ...]  # who answers for it, one after the other, while nobody has acknowledged
    patience: timedelta  # how long each of the chain has
    share: timedelta  # how long the flagged of one school share a post in the group
    last_grades: Mapping[str, frozenset[str]]  # after which pupils leave: by school, "" for all others
    call: timedelta  # how long each has to take a list of classes to be phoned, before it is the next one's
    unsent: timedelta  # how long an open walk lies untouched before its author is pinged with it
    alarming: frozenset[Symptom]  # treated as a fever is
    returns: Mapping[str, ReturnRule]  # by code: when who may come back, and with what
    reviewers: Mapping[str, Duty]  # by school, where it has named somebody other than 校医 to decide on a return
    paper_bytes: int  # a certificate may be so large
    paper_kept: timedelta  # so long after the end of its case a certificate is kept
    fever_watch: timedelta  # a fever is followed until it has been gone for so long
    todo: Mapping[str, ByLanguage]  # what a teacher does now: for a child at school, for one who is away
    first_contact: time  # by when the parents of who is away for the first day have been asked
    daily_contact: time  # by when those of everybody else, and how warm a fever is in the afternoon
    unknown_after: timedelta  # 原因未明 for so long is the 报告人's to ask about
    followed_stages: frozenset[str]  # in these days without school do not rest
    observation_days: int  # 医学观察 lasts so long, the day of return counted
    observed_when: str  # left: whoever has been out of town; risk: whoever may have been in an area of risk
    history_days: int
    summary_days: int  # so many days back what was posted of a morning is kept true
    consent_version: str  # of the text that guardians sign now
    kept: Mapping[str, timedelta]  # by class of data: for how long
    seal: time  # when the facts of the day behind are sealed
    explain_days: int  # so many school days after it was told, an entry of the ledger counts
    explain_until: time  # at this hour of the last of them
    evening: time  # when the admins hear what the bot will do tomorrow
    quiet: tuple[time, time]  # from the one in the evening to the other in the morning
    outage_from: timedelta  # a gap longer than this is an outage
    outage_lossy: timedelta  # the same, of a platform that keeps nothing for us meanwhile
    outage_beside: timedelta  # an outage that ended so shortly before the deadline excuses who is late
    starts_on: date | None  # the first day on which teachers are asked
    rehearsal: bool  # 演练: marked on everything, and kept out of the history of every real day
    sources: Mapping[str, str]

    def round(self, id: str) -> Round | None:
        """Running or not: what was reported in one that was switched off since is still shown."""
        return next((one for one in self.every_round if one.id == id), None)

    @property
    def run(self) -> tuple[Round, ...]:
        """Those that run in any school, in the order of a day."""
        ours = (ids for place, ids in self.running.items() if place.split(".")[0] == self.stage)
        found = {id for ids in ours for id in ids}
        return tuple(one for one in self.every_round if one.id in found)

    @property
    def rounds(self) -> tuple[Round, ...]:
        """Those of them that classes report."""
        return tuple(one for one in self.run if one.of_classes)

    def rounds_of(self, school: str | None) -> tuple[Round, ...]:
        """Those that run in one school: by its own word for this stage, else by the stage's. None: the office's."""
        ids = self.running.get(f"{self.stage}.{school}", self.running.get(self.stage, ()))
        return tuple(one for one in self.every_round if one.id in ids)

    def runs(self, id: str, school: str | None) -> bool:
        """The steps that belong to no round are every school's."""
        return id == DAILY or any(one.id == id for one in self.rounds_of(school))

    def earlier(self, round: Round, school: str) -> tuple[Round, ...]:
        """The day's rounds at school that came before this one there, the latest first."""
        same_day = (Kind.CLASS, Kind.BOARDERS)
        before = [one for one in self.rounds_of(school) if one.kind in same_day and one.opens < round.opens]
        return tuple(reversed(before)) if round.kind in same_day else ()

    def post_of(self, round: Round) -> Round | None:
        """The round in whose post to the leaders this one stands: its own, else the last before it."""
        posts = [one for one in self.rounds if one.summary is not None and one.opens <= round.opens]
        return round if round.summary is not None else next(reversed(posts), None)

    def staff_round(self, school: str | None) -> Round | None:
        """The round in which the staff of a school say how they are."""
        return next((one for one in self.rounds_of(school) if not one.of_classes), None)

    def last_grades_of(self, school: str) -> frozenset[str]:
        """By the school's name: the grades after which its pupils leave."""
        return self.last_grades.get(school, self.last_grades[""])

    @property
    def morning(self) -> time:
        """Until when of its first day a pupil's return is that day's."""
        return self.rounds[0].deadline if self.rounds else time()

    def method_of(self, school: str) -> Method:
        return self.methods.get(school, self.method)

    @property
    def causes(self) -> Mapping[str, ReturnRule]:
        """病因 that may be chosen, by code: not the rows of what has none."""
        return {code: rule for code, rule in self.returns.items() if code not in (FEVER, OBSERVATION)}

    @property
    def daily(self) -> tuple[Step, ...]:
        """The steps of a day that belong to no round."""
        return (
            Step("seal", self.seal, "nobody", district=True, speaks=False),
            Step("prune", self.seal, "nobody", district=True, speaks=False),
            Step("follow_back", min((one.opens for one in self.rounds), default=self.first_contact), "owners"),
            Step("first_contact", self.first_contact, "owners"),
            Step("daily_contact", self.daily_contact, "owners"),
            Step("eve", self.evening, "admins", district=True),
        )

    def dues(self, day: date, zone: tzinfo) -> tuple[Due, ...]:
        """Every step of a day, in the order of time."""
        found = [Due(round.due(step, day, zone), step, round.id) for round in self.run for step in round.steps]
        found += [Due(datetime.combine(day, step.at, zone), step, DAILY) for step in self.daily]
        return tuple(sorted(found, key=lambda due: due.at))

    def due(self, name: str, round_id: str, day: date, zone: tzinfo) -> Due | None:
        """None when there is no such step."""
        return next((due for due in self.dues(day, zone) if (due.step.name, due.round) == (name, round_id)), None)

    @property
    def every_day(self) -> bool:
        """In this stage who is away is asked after on days without school, too."""
        return self.stage in self.followed_stages

    def silent(self, at: datetime, zone: tzinfo) -> bool:
        """True in the hours in which nothing but alerts and answers is sent."""
        since, until = self.quiet
        local = at.astimezone(zone).time()
        return local >= since or local < until

    def silence(self, day: date, zone: tzinfo) -> datetime:
        """The instant from which on only alerts and answers are sent, until the next morning."""
        return datetime.combine(day, self.quiet[0], zone)

    def morning_after(self, at: datetime, zone: tzinfo) -> datetime:
        """The next end of the hours in which only alerts and answers are sent."""
        day = at.astimezone(zone).date()
        ends = (datetime.combine(one, self.quiet[1], zone) for one in (day, day + timedelta(days=1)))
        return next(end for end in ends if end > at)

    def begun(self, day: date) -> bool:
        """False before the first day on which teachers are asked."""
        return self.starts_on is None or day >= self.starts_on

    def in_term(self, day: date) -> bool:
        """True in a term; where no term is set, always."""
        return not self.terms or any(first <= day <= last for first, last in self.terms)


def read_rules(rows: Mapping[str, tuple[str, str]]) -> Rules:
    """Rows: key → (JSON value, source). Raises KeyError or ValueError naming the key that is missing or wrong."""
    values = {key: json.loads(value) for key, (value, _) in rows.items()}
    for key in ("fever.axillary", "fever.forehead", "fever.ear", "method", "district.name", "office.phone", "stage"):
        if key not in values:
            raise KeyError(f"rule {key} is not set")
    return Rules(
        every_round=_rounds(values),
        stage=values["stage"],
        running={key[7:]: tuple(ids) for key, ids in values.items() if key[:7] == "rounds." and ids is not None},
        fever={method: values[f"fever.{method}"] for method in Method},
        method=Method(values["method"]),
        methods={
            key.removeprefix("method."): Method(value) for key, value in values.items() if key.startswith("method.")
        },
        terms=tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in values.get("terms", [])),
        district=values["district.name"],
        office_phone=values["office.phone"],
        invite_days=values["invite.days"],
        guesses_an_hour=values["invite.guesses_an_hour"],
        told=tuple(Duty(duty) for duty in values["alert.told"]),
        chain=tuple(Duty(duty) for duty in values["alert.chain"]),
        patience=timedelta(minutes=values["alert.minutes"]),
        share=timedelta(minutes=values["alert.share_minutes"]),
        last_grades={
            key.removeprefix("grades.last").removeprefix("."): frozenset(value)
            for key, value in values.items()
            if key.startswith("grades.last")
        },
        call=timedelta(minutes=values["list.minutes"]),
        unsent=timedelta(minutes=values["unsent.minutes"]),
        alarming=frozenset(
            Symptom(key.removeprefix("symptom."))
            for key, value in values.items()
            if key.startswith("symptom.") and value["alert"]
        ),
        returns=_returns(values),
        reviewers={
            key.removeprefix("reviewer."): Duty(value) for key, value in values.items() if key.startswith("reviewer.")
        },
        paper_bytes=values["certificate.max_bytes"],
        paper_kept=timedelta(days=values["retention.certificate_days"]),
        fever_watch=timedelta(hours=values["fever.watch_hours"]),
        todo={place: ByLanguage(values[f"todo.{place}"]) for place in PLACES},
        first_contact=time.fromisoformat(values["followup.first_contact"]),
        daily_contact=time.fromisoformat(values["followup.daily"]),
        unknown_after=timedelta(hours=values["followup.unknown_hours"]),
        followed_stages=frozenset(values["followup.every_day"]),
        observation_days=values["observation.days"],
        observed_when=values["observation.when"],
        history_days=values["picture.days"],
        summary_days=values["summary.days"],
        consent_version=values["consent.version"],
        kept={kind: timedelta(days=values[f"retention.{kind}_days"]) for kind in KEPT},
        seal=time.fromisoformat(values["seal"]),
        explain_days=values["ledger.explain"]["days"],
        explain_until=time.fromisoformat(values["ledger.explain"]["until"]),
        evening=time.fromisoformat(values["evening"]),
        quiet=(time.fromisoformat(values["quiet"]["from"]), time.fromisoformat(values["quiet"]["to"])),
        outage_from=timedelta(seconds=values["outage.seconds"]),
        outage_lossy=timedelta(seconds=values["outage.lossy_seconds"]),
        outage_beside=timedelta(minutes=values["outage.beside_minutes"]),
        starts_on=date.fromisoformat(values["starts_on"]) if values.get("starts_on") else None,
        rehearsal=values.get("rehearsal", False),
        sources={key: source for key, (_, source) in rows.items()},
    )


def _rounds(values: Mapping[str, Any]) -> tuple[Round, ...]:
    found = (_round(key.removeprefix("round."), value) for key, value in values.items() if key.startswith("round."))
    return tuple(sorted(found, key=lambda one: (one.opens, one.id)))


def _returns(values: Mapping[str, Any]) -> Mapping[str, ReturnRule]:
    """In the order in which they are shown."""
    found = [_return(key.removeprefix("return."), value) for key, value in values.items() if key[:7] == "return."]
    return {rule.code: rule for rule in sorted(found, key=lambda rule: (rule.place, rule.code))}


def _return(code: str, value: Mapping[str, Any]) -> ReturnRule:
    return ReturnRule(
        code=code,
        place=value["place"],
        name=ByLanguage(value["name"]),
        rows=tuple(
            ReturnRow(
                anchor=row["anchor"],
                source=row["source"],
                days=row.get("days"),
                hours=row.get("hours"),
                least=row.get("least"),
                says=ByLanguage(row["says"]) if row.get("says") else None,
                no_paper=row.get("no_paper", False),
            )
            for row in value.get("rows", ())
        ),
        chosen=value.get("chosen", 0),
        certificate=value.get("certificate", False),
        review=value.get("review", False),
    )


def _round(id: str, value: Mapping[str, Any]) -> Round:
    return Round(
        id=id,
        name=ByLanguage(value["name"]),
        kind=Kind(value["kind"]),
        opens=time.fromisoformat(value["opens"]),
        reminds=tuple(time.fromisoformat(at) for at in value["reminds"]),
        deadline=time.fromisoformat(value["deadline"]),
        late_list=time.fromisoformat(value["late_list"]),
        summary=time.fromisoformat(value["summary"]) if value.get("summary") else None,
        stop=time.fromisoformat(value["stop"]),
        close=time.fromisoformat(value["close"]),
    )

"""That the day had in it what a first week holds: a check of something that did not happen has found nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.demo import truth
from bot.demo.checks.alerts import together
from bot.demo.checks.played import CLOSE, OPENS, SUMMARY, Played
from bot.demo.truth import THIRD
from sandbox.crowd import ABSENCES, AT_SCHOOL, FOREHEAD, RETURNED, SEVERE, Flag, How, Listed, Plan, Version

ALERTED = {*truth.AT_ONCE, *truth.CHAIN}


def happened(days: Sequence[Played]) -> Iterator[str]:
    """By the crowd's own record, on one of the days. The numbers are those of what people live through, reports
    first."""
    lived = [wanted(day) for day in days]
    if len(days) > 1:
        lived.append(of_days(days))
    for name in dict.fromkeys(name for one in lived for name in one):
        if not any(one.get(name) for one in lived):
            yield f"nobody lived through: {name}"


def wanted(played: Played) -> dict[str, bool]:
    """What should have happened, and whether it did."""
    record, listed = played.record, [one for version in _versions(played) for one in version.listed]
    flags, posts = record.flags, together(played)
    return {
        "1 a correction": _any(played, "correction"),
        "1 all well on a class that has a report": any(row.taps > 1 for row in record.classes.values()),
        "1 two teachers at the same moment": _reported(played, How.TOGETHER),
        "2 news of a child": _any(played, "supplement"),
        "2 news after the close": any(_news_after(one, played.hour(CLOSE)) for one in _versions(played)),
        "2 a correction refused after the close": any("close" in who for who, _ in record.odd),
        **{f"3 {absence}": any(one.absence == absence for one in listed) for absence in ABSENCES},
        "3 somebody not measured": any(_unmeasured(one) for one in listed),
        "3 a zero report with a leave": any(_only_leaves(one) for one in _versions(played)),
        "4 another way to measure": any(one.method != FOREHEAD for one in listed),
        "4 a second measurement": _any(played, "recheck"),
        "5 a walk gone on with from the reminder": _reported(played, How.RESUMED),
        "5 a walk never sent": any(plan.how is How.UNFINISHED for plan in played.plans),
        "6 a report on behalf": any(one.heard for one in _versions(played)),
        "9 a fever that a 校长 hears of at once": any(_told_at_once(played, flag, "校长") for flag in flags),
        "9 a fever for somebody with two duties": any(_told_by_two_duties(played, flag) for flag in flags),
        "9 own lines with somebody unwell in them": any(_unwell_at_nine(played, one) for one in played.people.schools),
        "10 a fever that went on": any(map(truth.passed_on, flags)),
        "11 fevers that share a post": any(len(post) > 1 for post in posts),
        "11 a third child of a class": any(n >= THIRD for n in record.tally(_end(played)).together.values()),
        "11 a child that was flagged the day before": any(flag.continued for flag in flags),
        "11 a severe symptom": any(not SEVERE.isdisjoint(flag.listed.symptoms) for flag in flags),
        "12 a fever at school": any(flag.listed.place == AT_SCHOOL for flag in flags),
        "12 a fever elsewhere": any(flag.listed.place != AT_SCHOOL for flag in flags),
        "12 已知悉 on a receipt": any(_seen_later(flag) for flag in flags),
        "13 a late report after the post": any(one.at > played.hour(SUMMARY) for one in _versions(played)),
        "13 a fever taken back after the post": any(f.withdrawn and f.withdrawn > played.hour(SUMMARY) for f in flags),
        "16 a class closed after its card": any(at > played.hour(OPENS) for at in record.off.values()),
        "16 a holiday set and taken back": record.tomorrow == "school",
        "18 a tap in the last minute": any(_in_the_last_minute(played, row.first) for row in record.classes.values()),
        "18 an outage": bool(record.out),
    }


def of_days(days: Sequence[Played]) -> dict[str, bool]:
    """What takes more than one of them."""
    words = [(day, one) for day in days for plan in day.plans for one in plan.words if _reported_of(day, plan)]
    ended = [case for day in days for case in day.cases if case.ended_on == day.day]
    listed = [one for day in days for version in _versions(day) for one in version.listed]
    of_some = {"c a child that 校医 let in": any(_any(day, "clearance") for day in days)} if len(days) > 3 else {}
    return of_some | {
        "c a child that came back": any(case.ended == RETURNED for case in ended),
        "c a child away for three days": any((day.day - one.case.opened).days >= 2 for day, one in words),
        "c a case that came to be known": any(one.cause for _, one in words),
        "c a fever measured on the day after": any(one.temperature is not None for _, one in words),
        "c a child that came back too early": any(one.waits for one in listed),
        "l a class in another's hands": any(_stood_in(day) for day in days),
        "l a school that was late every day": any(all(_late(day, school) for day in days) for school in _schools(days)),
        "l two records that disagree": any(day.record.sightings for day in days),
        "l somebody in the ledger": any(day.ledger for day in days),
        "c a child that 校医 sent home": any(case.review == "no" for day in days for case in day.cases),
    }


def _schools(days: Sequence[Played]) -> tuple[str, ...]:
    return days[0].people.schools


def _stood_in(day: Played) -> bool:
    week = day.crowd.week
    if week is None or not week.stand_in.on(day.day):
        return False
    versions = day.record.classes[week.stand_in.klass.key].versions
    return bool(versions) and versions[0].by == week.stand_in.member


def _late(day: Played, school: str) -> bool:
    """Most of its classes."""
    tally = day.record.tally(_end(day), school)
    return tally.late > tally.on_time


def _reported_of(day: Played, plan: Plan) -> bool:
    return bool(day.record.classes[plan.klass.key].versions)


def _versions(played: Played) -> list[Version]:
    return [one for row in played.record.classes.values() for one in row.versions]


def _any(played: Played, kind: str) -> bool:
    return any(one.kind == kind for one in _versions(played))


def _news_after(one: Version, hour: datetime) -> bool:
    return one.kind == "supplement" and one.at > hour


def _unmeasured(one: Listed) -> bool:
    return not one.measured and bool(one.symptoms)


def _only_leaves(one: Version) -> bool:
    return bool(one.listed) and all(child.absence for child in one.listed)


def _reported(played: Played, how: How) -> bool:
    return any(plan.how is how and played.record.classes[plan.klass.key].versions for plan in played.plans)


def _in_the_last_minute(played: Played, first: Version | None) -> bool:
    return first is not None and truth.hour(first.at) == "08:30" and played.record.on_time(first)


def _end(played: Played) -> datetime:
    return max(one.at for one in _versions(played))


def _told_at_once(played: Played, flag: Flag, duty: str) -> bool:
    return any((one.at, one.duty) == (flag.at, duty) for one in truth.tellings(flag, played.people))


def _told_by_two_duties(played: Played, flag: Flag) -> bool:
    """Of those who answer for alerts: one message at each moment all the same."""
    return any(len(ALERTED.intersection(one.member.duties)) > 1 for one in truth.tellings(flag, played.people))


def _unwell_at_nine(played: Played, school: str) -> bool:
    has_one = bool(played.people.of("校长", school))
    return has_one and bool(played.record.unwell_by_class(played.hour(SUMMARY), school))


def _seen_later(flag: Flag) -> bool:
    """Not by whoever reported it."""
    return flag.acknowledged is not None and flag.acknowledged > flag.at

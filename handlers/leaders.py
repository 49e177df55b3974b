"""学区晨检: the one post that the leaders see at 09:00, picture and caption, kept true by edits."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from handlers.admins import admins
from handlers.bodies import Body, encode
from handlers.caption import CAPTION, head, say
from handlers.district import BEGINS, AsOf, District
from handlers.facts import Summarised
from handlers.model import LEADERS, Message, Person, Put, Text, To, ToGroup, ToPerson, Update, Urgency, text
from handlers.morning_picture import morning_picture
from handlers.outcome import Outcome
from handlers.pictures import Morning
from handlers.plain import canonical
from handlers.questions import Ask, Group, LastSummary, RulesOn, Schools, SummaryView
from handlers.rulebook import Round
from handlers.values import replace

AT_MOST_EACH: Final = timedelta(seconds=60)
GROUPS_READ: Final = "zh"


def summary(update: Update, ask: Ask, day: date, round: Round) -> Outcome:
    """The 09:00 post. Nothing on a day without school; where its hour was moved behind a post that stands, the same."""
    return _post(District(update, ask, day, round), ask(LastSummary(day, round.id)))


def summary_again(update: Update, ask: Ask, person: Person | None) -> Outcome:
    """Something has changed since: the same picture and caption, brought up to date at most once a minute. What
    changes within the minute is in the one edit at its end. Where there is no post, there is one only if the day has
    become a school day after the post's hour."""
    day, round_id = date.fromisoformat(update.args[0]), update.args[1]
    rules, last = ask(RulesOn(day)), ask(LastSummary(day, round_id))
    round = rules.round(round_id)
    if round is None:
        return Outcome()
    if last is None:
        hour = round.summed(update.now, day, update.zone) and update.now < rules.silence(day, update.zone)
        return _post(District(update, ask, day, round), None) if hour and BEGINS in update.args else Outcome()
    version = str(last.version + 1)
    # one of later than now was written under a wrong clock, and is no reason to wait for that hour; and what has waited
    # for this version waits for it no more, though a clock that was put back may bring it before its minute
    if last.at <= update.now < last.at + AT_MOST_EACH and version not in update.args[2:]:
        native, args = f"summary_again:{day}:{round_id}:{version}", (*update.args[:2], version)
        return Outcome(puts=(Put(update.lane, native, update.verb, args, at=last.at + AT_MOST_EACH),))
    return _post(District(update, ask, day, round), last)


def posts_again(update: Update, ask: Ask) -> tuple[Put, ...]:
    """Today's posts as they stand, where others read them from now on."""
    return tuple(
        Put("district", f"summary_again:{update.id}:{round.id}", "summary_again", (update.today.isoformat(), round.id))
        for round in ask(RulesOn(update.today)).rounds
        if round.summary is not None and not round.closed(update.at, update.today, update.zone)
    )


def noted(update: Update, ask: Ask, day: date, round: Round) -> Outcome:
    """The hour of a round that has no post of its own: it becomes a line of the day's post, and of the 校长's."""
    post = ask(RulesOn(day)).post_of(round)
    if post is None or ask(LastSummary(day, post.id)) is None:
        return Outcome()
    args = (day.isoformat(), post.id)
    schools = tuple(
        Put(school.id, f"own_lines_again:{update.id}:{school.id}", "own_lines_again", args)
        for school in ask(Schools(day))
    )
    return Outcome(puts=(Put(update.lane, f"summary_again:{update.id}", "summary_again", args), *schools))


def _post(district: District, last: SummaryView | None) -> Outcome:
    now = district.update.local(district.update.now)
    if last is not None:
        on = _now_on(district)
        hours = AsOf(json.loads(last.body)["as_of"], now, on if on != district.day else None)
        return _Post(district, hours, last).outcome()
    return _Post(district, AsOf(now), None).outcome() if district.whole.standing.due else Outcome()


def _now_on(district: District) -> date:
    return district.update.day_of(district.update.now)


class _Reader(Struct, frozen=True):
    """`keeps`: has the post from before the group was bound, or of a day gone by; it stays true there, and nothing new
    comes."""

    to: To
    language: str
    keeps: bool = False


class _Post:
    """One version of the post: a picture with its caption, and the pages of what the caption only counts."""

    def __init__(self, district: District, hours: AsOf, last: SummaryView | None) -> None:
        self.district, self.hours, self.last = district, hours, last
        self.picture: Morning = morning_picture(district, hours)
        self.said = {language: say(district, hours, room) for language, room in CAPTION.items()}
        self.key = f"summary:{district.day:%Y%m%d}:{district.round.id}"
        shown_before = json.loads(last.body)["pages"] if last else 0
        self.pages = max(shown_before, *(len(said.pages) for said in self.said.values()))

    def outcome(self) -> Outcome:
        says = tuple(message for reader in self._readers() for message in self._messages(reader))
        return Outcome(facts=(self._version(),), says=says)

    def _readers(self) -> Iterator[_Reader]:
        """The leaders' group; without one that can be written to, the admins."""
        group, past = self.district.ask(Group(LEADERS)), _now_on(self.district) != self.district.day
        bound = group is not None and group.state == "bound"
        if bound:
            yield _Reader(ToGroup(LEADERS), GROUPS_READ, keeps=past)
        for one in admins(self.district.ask, self.district.day):
            yield _Reader(ToPerson(one.id), one.language, keeps=bound or past)

    def _messages(self, reader: _Reader) -> Iterator[Message]:
        said = self.said[reader.language]
        yield self._message(self.key, reader, said.caption, picture=self.picture)
        for n, page in enumerate(said.pages, 1):
            yield self._message(f"more{n}:{self.key}", reader, page)
        for n in range(len(said.pages) + 1, self.pages + 1):
            yield replace(self._message(f"more{n}:{self.key}", reader, self._no_more()), only_if_shown=True)

    def _message(self, key: str, reader: _Reader, words: Text, picture: Morning | None = None) -> Message:
        """Worth nothing any more in the evening."""
        return Message(
            key,
            reader.to,
            words,
            picture=picture,
            urgency=Urgency.REMINDER,
            not_after=self.district.rules.silence(self.district.day, self.district.update.zone),
            only_if_shown=reader.keeps,
        )

    def _no_more(self) -> Text:
        return text("summary.no_more", head=head(self.district, self.hours))

    def _version(self) -> Summarised:
        """Numbers; the first version whole."""
        district, whole, said = self.district, self.district.whole, self.said[GROUPS_READ]
        hours = {"as_of": self.hours.first, "updated": self.hours.updated}
        numbers = canonical(hours | {"pages": self.pages, "numbers": whole.standing, "sums": whole.sums})
        version = self.last.version + 1 if self.last else 1
        first = (Body(said.caption, picture=self.picture), *(Body(page) for page in said.pages))
        shown = tuple(encode(one) for one in first) if self.last is None else ()
        return Summarised(district.day, district.round.id, version, district.update.now, numbers, shown)

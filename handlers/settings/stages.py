"""/rounds, /stage: which rounds run where, and which stage of its plan the district is in, dated like every rule."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from handlers.class_names import school_first
from handlers.facts import RuleRow, RulesSet
from handlers.model import (
    Answer,
    Choice,
    Choices,
    Message,
    Person,
    School,
    Text,
    ToHere,
    Typed,
    Update,
    choice,
    in_rows,
    text,
)
from handlers.outcome import Outcome, pop_up
from handlers.plain import canonical
from handlers.questions import Ask, RulesOn, Schools
from handlers.rulebook import STAGES, Round, Rules
from handlers.rules.dates import read_day
from handlers.words import day_short, listed

SOURCE: Final = "本学区规定（管理员设定）"
ON: Final = ("开", "启用", "on")
OFF: Final = ("停", "关", "不", "off")
AS_DISTRICT: Final = ("同学区", "跟学区", "as district")
STAGE_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("假期", "放假", "寒假", "暑假", "holiday"), "HOLIDAY"),
    **dict.fromkeys(("开学前", "返校前", "before term"), "PRE_OPEN"),
    **dict.fromkeys(("平时", "正常", "上学", "normal"), "NORMAL"),
    **dict.fromkeys(("启动应急", "应急", "alert"), "ALERT"),
    **dict.fromkeys(("疫情加重", "加重", "severe"), "SEVERE"),
    **dict.fromkeys(("恢复", "recovery"), "RECOVERY"),
}


# /rounds


def rounds(update: Update, ask: Ask, person: Person) -> Outcome:
    """Without words, what runs where; 中心校 开午检, 停晚检, 中心校 同学区 by words, or a button for the district."""
    if update.tap is not None:
        return _tapped(update, ask)
    said = _common_width(update.text)
    if not said:
        return _say(update, *_shown(update, ask))
    schools = ask(Schools(update.today))
    school, rest = school_first(said, schools, _common_width)
    rules = ask(RulesOn(update.today))
    named = [one for one in rules.every_round if any(word in rest for word in _words_of(one))]
    if school is not None and rest in AS_DISTRICT:
        return _set(update, ask, school, None)
    on = next((True for word in ON if word in rest), next((False for word in OFF if word in rest), None))
    if len(named) != 1 or on is None:
        return _say(update, text("stages.unread", words=Typed(update.text, person.id), how=_how(update, ask)))
    return _set(update, ask, school, (named[0], on))


def _words_of(round: Round) -> tuple[str, ...]:
    return tuple(name.casefold() for name in round.name.words.values())


def _tapped(update: Update, ask: Ask) -> Outcome:
    round = ask(RulesOn(update.today)).round(update.args[1]) if len(update.args) == 2 else None
    if round is None or update.args[0] not in ("on", "off"):
        return pop_up(text("answer.unknown_button"))
    return _set(update, ask, None, (round, update.args[0] == "on"))


def _set(update: Update, ask: Ask, school: School | None, change: tuple[Round, bool] | None) -> Outcome:
    """From today on where the round has not opened yet, else from tomorrow: no card that is out becomes void. None:
    the school has no word of its own any more."""
    today = ask(RulesOn(update.today))
    opened = [change[0]] if change else list(today.rounds)
    since = _since(update, opened)
    rules = ask(RulesOn(since))
    place = f"{rules.stage}.{school.id}" if school else rules.stage
    now = tuple(one.id for one in (rules.rounds_of(school.id) if school else _of_district(rules)))
    if change is None:
        value = None
    else:
        round, on = change
        run = {*now, round.id} if on else {*now} - {round.id}
        value = [one.id for one in rules.every_round if one.id in run]
        if tuple(value) == now:
            where = school.name if school else text("settings.everywhere")
            key = "stages.on_already" if on else "stages.off_already"
            return _say(update, text(key, where=where, round=round.name))
    row = RuleRow(f"rounds.{place}", json.dumps(value), since, SOURCE)
    words = text(
        "stages.set",
        where=school.name if school else text("settings.everywhere"),
        day=day_short(since),
        rounds=_named([one for one in rules.every_round if one.id in value])
        if value is not None
        else text("stages.as_district"),
        hours=_hours([change[0]]) if change and change[1] else (),
    )
    return Outcome((RulesSet((row,)),), (_message(update, words),), Answer(text("settings.method_set")))


def _of_district(rules: Rules) -> tuple[Round, ...]:
    return rules.rounds_of(None)


def _since(update: Update, opened: Sequence[Round]) -> date:
    local = update.at.astimezone(update.zone).time()
    return update.today + timedelta(days=any(one.opens <= local for one in opened))


def _shown(update: Update, ask: Ask) -> tuple[Text, Choices]:
    rules, schools = ask(RulesOn(update.today)), ask(Schools(update.today))
    here = _of_district(rules)
    own = [one for one in schools if f"{rules.stage}.{one.id}" in rules.running]
    lines = [text("stages.line", where=text("settings.everywhere"), rounds=_named(here))]
    lines += [text("stages.line", where=one.name, rounds=_named(rules.rounds_of(one.id))) for one in own]
    words = text(
        "stages.rounds",
        stage=text(f"stages.name.{rules.stage}"),
        lines=tuple(lines),
        hours=_hours(rules.every_round),
        how=_how(update, ask),
    )
    return words, tuple((_switch(one, on=one in here),) for one in rules.every_round)


def _switch(round: Round, *, on: bool) -> Choice:
    turn = "off" if on else "on"
    return choice(text(f"button.round_{turn}", round=round.name), "rounds", turn, round.id)


def _hours(found: Sequence[Round]) -> tuple[Text, ...]:
    return tuple(
        text("stages.hours", round=one.name, opens=f"{one.opens:%H:%M}", deadline=f"{one.deadline:%H:%M}")
        for one in found
    )


def _named(found: Sequence[Round]) -> Text:
    names = listed([text("literal", words=one.name) for one in found])
    return text("literal", words=names) if names else text("stages.nothing")


def _how(update: Update, ask: Ask) -> Text:
    schools = ask(Schools(update.today))
    return text("stages.how", school=schools[0].name if schools else "")


# /stage


def stage(update: Update, ask: Ask, person: Person) -> Outcome:
    """Without words, the stage; 假期, 假期 1月20日 by words, or a button: from today on where nothing has opened yet,
    else from tomorrow."""
    if update.tap is not None:
        if update.args[:1] not in {(one,) for one in STAGES}:
            return pop_up(text("answer.unknown_button"))
        return _enter(update, ask, update.args[0], None)
    said = _common_width(update.text)
    if not said:
        return _say(update, *_stages(update, ask))
    word = next((one for one in sorted(STAGE_WORDS, key=len, reverse=True) if said.startswith(one)), None)
    wanted = STAGE_WORDS[word] if word else next((one for one in STAGES if said.startswith(one.casefold())), None)
    rest = said[len(word or wanted or "") :].strip()
    read = read_day(rest, 0, update.today) if rest else None
    day = read[0].ahead if read and read[1] == len(rest) else None
    if wanted is None or (rest and day is None):
        return _say(update, text("stages.stage_unread", words=Typed(update.text, person.id)))
    return _enter(update, ask, wanted, day)


def _enter(update: Update, ask: Ask, wanted: str, day: date | None) -> Outcome:
    rules = ask(RulesOn(update.today))
    soonest = _since(update, rules.rounds)
    since = max(day or soonest, soonest)
    row = RuleRow("stage", canonical(wanted), since, SOURCE)
    run = rules.running.get(wanted, ())
    found = [one for one in rules.every_round if one.id in run]
    words = text(
        "stages.entered",
        stage=text(f"stages.name.{wanted}"),
        day=day_short(since),
        rounds=_named(found),
        hours=_hours(found),
    )
    return Outcome((RulesSet((row,)),), (_message(update, words),), Answer(text("settings.method_set")))


def _stages(update: Update, ask: Ask) -> tuple[Text, Choices]:
    rules, tomorrow = ask(RulesOn(update.today)), ask(RulesOn(update.today + timedelta(days=1)))
    others = [one for one in STAGES if one != tomorrow.stage]
    lines = tuple(
        text(
            "stages.line",
            where=text(f"stages.name.{one}"),
            rounds=_named([round for round in rules.every_round if round.id in rules.running.get(one, ())]),
        )
        for one in STAGES
    )
    words = text(
        "stages.stage",
        stage=text(f"stages.name.{rules.stage}"),
        tomorrow=text("stages.tomorrow", stage=text(f"stages.name.{tomorrow.stage}"))
        if tomorrow.stage != rules.stage
        else "",
        lines=lines,
    )
    buttons = [choice(text(f"stages.name.{one}"), "stage", one) for one in others]
    return words, in_rows(buttons, 2)


def _say(update: Update, words: Text, choices: Choices = ()) -> Outcome:
    return Outcome(says=(_message(update, words, choices),))


def _message(update: Update, words: Text, choices: Choices = ()) -> Message:
    return Message(f"stages:{update.id}", ToHere(), words, choices)


def _common_width(words: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())

"""Which rounds run where, by stage and by school; whose post they stand in; what rules of them are refused."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from handlers.rulebook import STAGES, Kind, Rules, read_rules
from handlers.settings.ruling import check, written
from handlers.values import replace

FILE = Path(__file__).parents[2] / "bot" / "district.toml"
SOURCE = "本学区规定"


def with_rules(**changes: object) -> Rules:
    shipped = tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"]
    said = {rule["key"]: (json.dumps(rule["value"]), rule["source"]) for rule in shipped}
    return read_rules(said | {key: (json.dumps(value), SOURCE) for key, value in changes.items()})


def ids(rules: Rules, school: str | None = "s") -> list[str]:
    return [one.id for one in rules.rounds_of(school)]


def test_as_shipped_only_the_morning_check_runs() -> None:
    rules = with_rules()
    assert ids(rules) == ids(rules, None) == [one.id for one in rules.rounds] == ["am"]
    assert rules.staff_round("s") is None


@pytest.mark.parametrize(
    ("stage", "run"),
    [
        ("HOLIDAY", ["home"]),
        ("PRE_OPEN", ["staff", "home"]),
        ("NORMAL", ["am"]),
        ("ALERT", ["am", "staff", "pm", "night"]),
        ("SEVERE", ["am", "staff", "pm", "night"]),
        ("RECOVERY", ["am", "pm"]),
    ],
)
def test_each_stage_has_its_rounds_in_the_order_of_a_day(stage: str, run: list[str]) -> None:
    assert ids(with_rules(stage=stage)) == run


def test_every_stage_of_the_plan_has_rounds() -> None:
    assert all(with_rules(stage=stage).rounds for stage in STAGES)


def test_a_schools_own_word_holds_in_its_stage_and_there_alone() -> None:
    own = {"rounds.NORMAL.one": ["am", "pm"]}
    normal, alert = with_rules(**own), with_rules(**own, stage="HOLIDAY")
    assert (ids(normal, "one"), ids(normal, "other")) == (["am", "pm"], ["am"])
    assert [one.id for one in normal.rounds] == ["am", "pm"]
    assert (ids(alert, "one"), [one.id for one in alert.rounds]) == (["home"], ["home"])


def test_a_word_that_is_taken_back_leaves_the_school_as_the_district() -> None:
    assert ids(with_rules(**{"rounds.NORMAL.one": None}), "one") == ["am"]


def test_a_round_of_the_districts_own_needs_no_code() -> None:
    run = {"name": {"zh": "早操检", "en": "drill check"}, "kind": "class", "opens": "10:00", "reminds": []}
    hours = {"deadline": "10:20", "late_list": "10:30", "stop": "11:00", "close": "17:00"}
    rules = with_rules(**{"round.drill": run | hours, "rounds.NORMAL": ["am", "drill"]})
    check(rules)
    drill = rules.round("drill")
    assert drill is not None
    assert rules.post_of(drill) == rules.round("am")
    assert [one.id for one in rules.earlier(drill, "s")] == ["am"]
    assert [step.name for step in drill.steps] == ["open", "late_list", "noted", "close"]


@pytest.mark.parametrize(("round", "earlier"), [("am", []), ("pm", ["am"]), ("night", ["pm", "am"]), ("home", [])])
def test_a_later_round_of_the_day_begins_with_the_last_before_it(round: str, earlier: list[str]) -> None:
    rules = with_rules(stage="ALERT")
    one = rules.round(round)
    assert one is not None
    assert [before.id for before in rules.earlier(one, "s")] == earlier


def test_a_round_without_a_post_of_its_own_is_a_line_of_the_posts_before_it() -> None:
    rules = with_rules(stage="ALERT")
    posts = {one.id: post.id for one in rules.rounds if (post := rules.post_of(one))}
    assert posts == {"am": "am", "pm": "am", "night": "am"}


def test_staff_are_no_class() -> None:
    rules = with_rules(stage="ALERT")
    staff = rules.staff_round("s")
    assert staff is not None
    assert staff.kind is Kind.STAFF
    assert staff not in rules.rounds
    assert [step.name for step in staff.steps] == ["open", "remind1", "close"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"stage": "SPRING"}, "rule stage is SPRING"),
        ({"rounds.NORMAL": ["am", "noon"]}, r"rule rounds\.NORMAL: there is no round noon"),
        ({"rounds.SPRING": ["am"]}, r"rule rounds\.SPRING: it names a stage"),
    ],
)
def test_rules_that_name_what_is_not_there_are_refused(changes: Mapping[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check(with_rules(**changes))


def test_a_round_has_a_name_in_each_language() -> None:
    value = json.loads(written(with_rules())["round.pm"][0])
    with pytest.raises(ValueError, match=r"round\.pm: it has a name in each of zh, en"):
        check(with_rules(**{"round.pm": value | {"name": {"zh": "午检"}}}))


def test_what_is_written_of_the_rules_reads_the_same() -> None:
    rules = with_rules(**{"rounds.NORMAL.one": ["am", "pm"], "stage": "ALERT"})
    assert replace(read_rules(written(rules)), sources=rules.sources) == rules

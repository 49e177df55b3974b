"""`python -m bot demo --play-day`: a whole day through real HTTP, on either platform, and a digest that no run of the
same seed changes, on neither."""

import json
import re
import stat
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.crowd.crowd import USERID
from sandbox.district import generate
from sandbox.telegram import TOKEN
from sandbox.wecom import corp

ROOT = Path(__file__).parents[2]
SEED = 7
LIMIT = 400  # real seconds, on a machine that does other things too
KEYS = (
    *("classes", "due", "reported", "on_time", "late", "missing", "zero_reports", "pupils_abnormal", "fever_flags"),
    *("pings", "summaries"),
)
PLATFORM = ("name", "api_calls", "api_calls_per_zero_report", "summary_edits", "turns")

pytestmark = pytest.mark.timeout(2 * LIMIT)


@dataclass(frozen=True)
class Run:
    out: Path
    code: int
    said: str
    complaints: str

    @property
    def digest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / "digest.json").read_text(encoding="utf-8"))
        return found

    @property
    def transcript(self) -> Sequence[dict[str, Any]]:
        return [json.loads(line) for line in (self.out / "transcript.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run, Run]:
    """The same day twice on Telegram and once on WeCom, at the same time."""
    outs = {tmp_path_factory.mktemp(name): name for name in ("telegram", "telegram", "wecom")}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", *_day(out, channel)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            umask=0,
        )
        for out, channel in outs.items()
    ]
    first, second, third = (
        Run(out, process.wait(), said, complaints)
        for out, process in zip(outs, started, strict=True)
        for said, complaints in (process.communicate(timeout=LIMIT),)
    )
    return first, second, third


def _day(out: Path, channel: str) -> list[str]:
    return ["--play-day", "--seed", str(SEED), "--out", str(out), "--channel", channel]


def test_no_number_differs_from_what_the_crowd_did(runs: tuple[Run, Run, Run]) -> None:
    *on_telegram, on_wecom = runs
    for run in on_telegram:
        # half a minute, and then four minutes, in which Telegram does not let itself be listened to
        assert re.fullmatch(r"(Telegram: cannot listen: \w+(: .*)?\n){2}", run.complaints)
        assert run.code == 0
    assert (on_wecom.complaints, on_wecom.code) == ("", 0)


def test_the_digest_has_every_number_and_they_add_up(runs: tuple[Run, Run, Run]) -> None:
    digest = runs[0].digest
    assert set(KEYS) <= set(digest)
    assert digest["classes"] == 54
    assert digest["due"] == 53  # one was closed in the morning
    assert digest["reported"] + digest["missing"] == digest["due"]
    assert digest["on_time"] + digest["late"] == digest["reported"]
    assert digest["summaries"] == 1
    assert all(digest[key] > 0 for key in KEYS)
    assert set(PLATFORM) == set(digest["platform"])


def test_a_healthy_class_costs_one_send_one_edit_and_one_answer(runs: tuple[Run, Run, Run]) -> None:
    assert runs[0].digest["platform"]["api_calls_per_zero_report"] == 3


def test_on_wecom_a_tap_has_no_answer_so_a_healthy_class_costs_one_send_and_one_update(
    runs: tuple[Run, Run, Run],
) -> None:
    assert runs[2].digest["platform"]["api_calls_per_zero_report"] == 2


def test_the_same_seed_gives_the_same_digest(runs: tuple[Run, Run, Run]) -> None:
    assert runs[0].digest == runs[1].digest


def test_both_platforms_give_the_same_digest_but_for_their_own_part(runs: tuple[Run, Run, Run]) -> None:
    on_telegram, _, on_wecom = (run.digest for run in runs)
    assert [digest.pop("platform")["name"] for digest in (on_telegram, on_wecom)] == ["telegram", "wecom"]
    assert on_telegram == on_wecom


def test_the_picture_is_the_leaders_first_one(runs: tuple[Run, Run, Run]) -> None:
    picture = (runs[0].out / "summary.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") >= 1080


def test_what_is_left_of_the_day_is_its_owners_only(runs: tuple[Run, Run, Run]) -> None:
    left = ("digest.json", "transcript.jsonl", "summary.png", "bot.log")
    assert {stat.S_IMODE((runs[0].out / name).stat().st_mode) for name in left} == {0o600}


def test_the_transcript_is_in_the_order_of_the_day(runs: tuple[Run, Run, Run]) -> None:
    lines = runs[0].transcript
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    assert {"message", "edit", "tap", "service"} == {line["kind"] for line in lines}
    assert lines[0]["at"].startswith("2026-09-01T07:00")


@pytest.mark.parametrize("place", [1, 2], ids=["telegram", "wecom"])
def test_no_line_of_the_log_holds_a_name_an_answer_or_a_secret(runs: tuple[Run, Run, Run], place: int) -> None:
    """Of every pupil and all staff, by WeCom's userids as well; all that they typed, every token."""
    run = runs[place]
    log = (run.out / "bot.log").read_text(encoding="utf-8")
    assert log.count(" INFO bot.turn: turn ") > 500
    district = generate(SEED)
    people = {
        row[column] for row in (*district.staff, *district.pupils) for column in ("姓名", "手机") if row.get(column)
    }
    people |= {f"{USERID}{row['工号']}" for row in district.staff} | {f"{USERID}0"}
    assert len(people) > 2000
    typed = [line["text"] for line in run.transcript if line["kind"] == "message" and line["from"] != "零报告"]
    said = {word for text in typed for word in _own_words(text or "")}
    assert len(said) > 10
    secrets = {TOKEN, corp.SECRET, corp.CONTACTS_SECRET, corp.TOKEN, corp.AES_KEY, TOKEN.partition(":")[2]}
    assert [word for word in people | said | secrets if _holds(log, word)] == []
    assert re.findall(r"(?<![\d.:,])3[5-9]\.\d(?![\d.])", log) == []


def _holds(log: str, word: str) -> bool:
    """A telephone number inside a longer number is no telephone number: WeCom numbers its messages with 19 digits."""
    return word in log and (not word.isdecimal() or re.search(rf"(?<!\d){word}(?!\d)", log) is not None)


def test_a_telephone_number_in_the_log_would_be_found_and_part_of_a_longer_one_is_not() -> None:
    assert _holds("turn wecom:1 said 00000030004", "00000030004")
    assert not _holds("turn wecom:7000000000000030004", "00000030004")
    assert _holds("turn wecom:1 said 王老师0", "王老师")


def _own_words(typed: str) -> list[str]:
    """Not the verb of a command, which is ours, nor a bare number, as which any instant may be read."""
    words = typed.split()[1:] if typed.startswith("/") else [typed]
    return [word for word in words if not re.fullmatch(r"\d{1,2}(\.\d)?", word)]


def test_it_prints_what_the_leaders_group_saw(runs: tuple[Run, Run, Run]) -> None:
    assert "── 09:00" in runs[0].said
    assert "上报：应报53班" in runs[0].said
    assert "🔴 发热提醒" in runs[0].said


def test_the_group_saw_no_childs_name_and_no_strangers_saw_anything(runs: tuple[Run, Run, Run]) -> None:
    staff_and_pupils = [line for line in runs[0].transcript if line["chat"] > 0 and "学生：" in str(line.get("text"))]
    assert staff_and_pupils, "in private the 报告人 sees whom it is about"
    group = [line for line in runs[0].transcript if line["chat"] < 0]
    assert not any("学生：" in str(line.get("text")) for line in group)
    stranger = [line for line in runs[0].transcript if line["title"] == "一位家长" and line["from"] == "零报告"]
    assert len(stranger) == 1

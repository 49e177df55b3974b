"""What people send lies in a folder for the bot alone, never in the database, and goes with its row."""

import json
import os
import stat
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.vault import Vault, kind_of
from handlers.model import Paper
from sandbox import Fault
from sandbox.pictures import plain_png
from tests.small_district import PHONES
from tests.stack import Stack, hour

PHOTO = plain_png(640, 480)
MINUTE = timedelta(seconds=65)


@pytest.fixture
async def stack(storage_url: str) -> AsyncIterator[Stack]:
    """No. 17 has chickenpox."""
    made = Stack(storage_url)
    await made.open()
    await made.go(hour("07:40"))
    made.write("张敏", "17号水痘，在家")
    await made.settle()
    made.tap("张敏", "发送")
    await made.settle()
    yield made
    await made.close()


def send(stack: Stack, data: bytes = PHOTO, caption: str = "17号复课证明") -> None:
    stack.sandbox.photo(PHONES["张敏"], PHONES["张敏"], data, caption)


def kept(stack: Stack) -> list[Path]:
    return sorted(stack.folder.iterdir()) if stack.folder.exists() else []


async def test_only_the_bots_own_user_may_read_it_and_no_row_holds_it(stack: Stack) -> None:
    send(stack)
    await stack.settle()
    [file] = kept(stack)
    assert file.read_bytes() == PHOTO
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [row["id"] for row in await stack.rows("SELECT id FROM file")] == [file.name]
    facts = await stack.rows("SELECT body FROM fact WHERE kind = 'FileKept'")
    assert sorted(json.loads(facts[0]["body"])) == ["at", "by", "id", "kind", "size"]


async def test_a_platform_that_stumbles_is_asked_again_and_one_file_is_kept(stack: Stack) -> None:
    stack.sandbox.faults.append(Fault("500", method="getFile", times=2))
    send(stack)
    await stack.settle()
    assert kept(stack) == []
    await stack.settle(timedelta(seconds=30))
    assert len(kept(stack)) == 1


async def test_what_is_wanted_is_fetched_by_the_next_run(stack: Stack) -> None:
    stack.sandbox.faults.append(Fault("500", method="getFile"))
    send(stack)
    await stack.settle()
    await stack.stop_bot()
    stack.sandbox.faults.clear()
    await stack.start_bot()
    await stack.settle(timedelta(seconds=30))
    assert len(kept(stack)) == 1


async def test_a_platform_that_never_gives_it_is_told_after_half_an_hour(stack: Stack) -> None:
    stack.sandbox.faults.append(Fault("500", method="getFile"))
    send(stack)
    await stack.settle()
    await stack.settle(timedelta(minutes=31))
    assert await stack.text_key(stack.chat("张敏")[-1]) == "return.file_lost"
    assert kept(stack) == []
    assert await stack.rows("SELECT id FROM wanted") == []


async def test_it_goes_when_its_row_is_erased(stack: Stack) -> None:
    send(stack)
    await stack.settle()
    pupil = (await stack.rows("SELECT pupil FROM case_"))[0]["pupil"]
    left = "UPDATE enrolment SET until = '2026-09-01' WHERE pupil = :pupil"
    await stack.storage.run(lambda tx: tx.run(left, pupil=pupil))
    await stack.storage.run(lambda tx: tx.run("UPDATE case_ SET ended = 'left', ended_on = '2026-09-01'"))
    await stack.machine("erase_person", str(pupil))
    await stack.settle(MINUTE)
    assert await stack.rows("SELECT id FROM file") == []
    assert kept(stack) == []


async def test_it_goes_so_many_days_after_the_end_of_its_case(stack: Stack) -> None:
    send(stack)
    await stack.settle()
    await stack.storage.run(lambda tx: tx.run("UPDATE case_ SET ended = 'returned', ended_on = '2026-09-01'"))
    await stack.go(hour("16:00"))
    await stack.settle(MINUTE)
    assert len(kept(stack)) == 1
    stack.clock.leap(hour("01:59", (hour("12:00") + timedelta(days=9)).date()))
    await stack.settle(timedelta(minutes=3))
    assert kept(stack) == []
    gone = await stack.rows("SELECT body FROM fact WHERE kind = 'FileGone'")
    assert [json.loads(row["body"])["why"] for row in gone] == ["closed"]


async def test_one_that_is_nobodys_goes_the_next_day(stack: Stack) -> None:
    send(stack, caption="")
    await stack.settle()
    assert len(kept(stack)) == 1
    stack.clock.leap(hour("01:59", (hour("12:00") + timedelta(days=2)).date()))
    await stack.settle(timedelta(minutes=3))
    assert kept(stack) == []


# The folder


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PHOTO, Paper.PNG),
        (b"\xff\xd8\xff\xe0 a photo \xff\xd9", Paper.JPEG),
        (b"%PDF-1.7 a page %%EOF\n", Paper.PDF),
        (PHOTO[:-20], None),  # half a photo
        (b"PK\x03\x04 a letter of a text program", None),
        (b"<html>%PDF-1.7 %%EOF", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_what_it_is_says_its_content(data: bytes, kind: Paper | None) -> None:
    assert kind_of(data) is kind


def test_a_folder_that_others_may_open_is_named(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "files")
    assert vault.open_to_others() is None
    vault.keep("abcdefgh2345", PHOTO)
    assert vault.open_to_others() is None
    os.chmod(tmp_path / "files" / "abcdefgh2345", 0o640)
    assert vault.open_to_others() == str(tmp_path / "files" / "abcdefgh2345")


def test_letting_go_leaves_what_is_not_ours(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    for id in ("abcdefgh2345", "bcdefgh23456"):
        vault.keep(id, PHOTO)
    (tmp_path / "bcdefgh23456.new").write_bytes(b"half")
    (tmp_path / "README").write_text("of the school's own")
    assert vault.drop_all_but(frozenset({"abcdefgh2345"})) == 2
    assert sorted(one.name for one in tmp_path.iterdir()) == ["README", "abcdefgh2345"]


async def test_who_looks_at_a_file_that_is_lost_is_told_so(stack: Stack) -> None:
    send(stack)
    await stack.settle()
    kept(stack)[0].unlink()
    stack.tap("吴晴", "看证明")
    await stack.settle()
    newest = stack.chat("吴晴")[-1]
    assert (newest.text[:14], newest.photo, newest.protected) == ("这份证明的文件在机器上找不到", None, True)


async def test_a_parents_picture_that_is_passed_on_is_taken_and_asked_about(stack: Stack) -> None:
    person = PHONES["张敏"]
    stack.sandbox.photo(person, person, PHOTO, "17号", origin_name="王妈妈")
    await stack.settle()
    assert len(kept(stack)) == 1
    assert "是哪个孩子的复课证明" in stack.chat("张敏")[-1].text

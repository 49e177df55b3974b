"""All hours are the district's, whatever zone the machine is in: the real program, on machines of other zones."""

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import AffineClock, SystemClock
from handlers.model import Duty
from sandbox import Message, Sandbox
from tests.kill.office import prepare
from tests.kill.platforms import TELEGRAM
from tests.kill.program import Program
from tests.kill.town import ZONE, Town, at

START = at(7, 29)
SPEED = 10.0
REAL_SECONDS = 40.0


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
async def test_cards_receipts_and_answers_tell_the_districts_hours(
    zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    town = Town(1)
    teacher = next(one for one in town.members if one.duty is Duty.HOMEROOM)
    codes = await prepare(tmp_path / "day.db", town, START, {})
    program = Program(tmp_path)
    await program.stand_by()
    anchor = SystemClock().now().timestamp()
    clock = AffineClock(START, SPEED, anchor)
    sandbox = Sandbox(clock)
    await sandbox.start()

    def shown(words: str) -> Message | None:
        said = [one for one in sandbox.chat(teacher.id) if one.sender == 0]
        return next((one for one in said if words in one.text), None)

    try:
        await program.begin(TELEGRAM.format(sandbox=sandbox), START, SPEED, anchor)
        sandbox.add_person(teacher.id, teacher.name)
        sandbox.write(teacher.id, teacher.id, f"/start {codes[teacher.id]}")
        await sandbox.until(lambda: shown("每个上学日07:30会收到") is not None, REAL_SECONDS)
        await sandbox.until(lambda: shown("请于08:30前报告") is not None, REAL_SECONDS)
        card = shown("请于08:30前报告")
        assert card is not None
        assert at(7, 30) <= card.date < at(7, 31)
        assert "9月1日（周二）晨检" in card.text
        sandbox.tap(teacher.id, teacher.id, card.id, card.button("全员正常").data)
        await sandbox.until(lambda: shown("✅ 已报 ·") is not None, REAL_SECONDS)
        receipt = shown("✅ 已报 ·")
        assert receipt is not None
        shown_at = (receipt.edit_date or receipt.date).astimezone(ZONE)
        hours = [f"{shown_at - timedelta(minutes=n):%H:%M}" for n in (0, 1)]
        assert any(f"{hour} 由{teacher.name}老师报告，按时" in receipt.text for hour in hours)
    finally:
        await program.stop()
        await sandbox.stop()


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
async def test_the_machine_itself_was_in_that_zone(zone: str) -> None:
    """Else the test above shows nothing."""
    words = "import datetime; print(datetime.datetime(2026, 9, 1).astimezone().utcoffset().total_seconds())"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", words, env=os.environ | {"TZ": zone}, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert float(said) == {"UTC": 0, "America/New_York": -4 * 3600}[zone]

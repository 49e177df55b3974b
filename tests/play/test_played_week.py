"""`python -m bot demo --play-days`: two days in a row that count, each held against the crowd's own record and
register. Five take too long for a suite; .ci/run plays them after it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEED = 1
LIMIT = 400  # real seconds, on a machine that does other things too

pytestmark = pytest.mark.timeout(2 * LIMIT)


def test_two_days_agree_with_what_the_crowd_did(tmp_path: Path) -> None:
    """Children away and back, one refused; a school that is late; a class in another's hands; a fever at the gate."""
    played = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--play-days", "2", "--seed", str(SEED), "--out", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LIMIT,
        check=False,
    )
    assert re.fullmatch(r"(Telegram: cannot listen: \w+: .*\n){4}", played.stderr)
    assert played.returncode == 0
    digest = json.loads((tmp_path / "digest.json").read_text(encoding="utf-8"))
    first, second = digest["days"]
    assert (first["day"], second["day"]) == ("2026-09-01", "2026-09-02")
    assert second["cases_before"] > 0
    assert digest["differences"] == 0

"""`make pictures`: every picture is there, as large as it should be, and shows something."""

import asyncio
from pathlib import Path

import pytest
from matplotlib.image import imread

from tests.browser.shows import PICTURES, draw, photograph

CHATS = {
    *("0_everybody", "1_card", "2_walk_names", "3_walk_temperature", "4_walk_symptoms", "5_walk_where"),
    *("6_walk_review", "7_receipt_fever", "8_fever_alert", "9_refusal", "10_sentence_review"),
    *("11_leaders_picture", "12_leaders_caption"),
    *("13_card_cases", "14_as_before"),
}


@pytest.mark.timeout(240)
def test_the_chats_of_a_morning_are_photographed_at_phone_width(tmp_path: Path) -> None:
    asyncio.run(photograph(tmp_path))
    shot = {path.stem.removeprefix("chat_"): imread(path) for path in tmp_path.iterdir()}
    assert set(shot) == CHATS
    assert {pixels.shape[:2] for pixels in shot.values()} == {(2 * 844, 2 * 390)}
    assert all(pixels.std() > 0.05 for pixels in shot.values()), "an empty page"


def test_the_pictures_that_are_hardest_to_read_are_drawn(tmp_path: Path) -> None:
    draw(tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == {f"summary_{name}" for name in PICTURES}

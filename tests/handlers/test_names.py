"""Whose names a person may read: those of the children they answer for, however many are asked about at once."""

import pytest

from handlers.values import replace
from storage.mail import names_for
from tests.handlers.world import CENTRAL, World, pupils

DAY = "2026-09-01"
LARGE = replace(CENTRAL, pupils=pupils("三(1)班", 70, 100) + pupils("三(2)班", 9, 200))


@pytest.mark.parametrize("many", [1, 2, 8, 9, 64, 65, 79])
async def test_a_person_reads_the_names_of_those_they_answer_for(world: World, many: int) -> None:
    await world.import_roll(LARGE)
    everybody = await world.rows(
        """SELECT p.id, p.name, n.name AS class FROM pupil p JOIN enrolment e ON e.pupil = p.id
           JOIN class_name n ON n.class = e.class JOIN class c ON c.id = e.class JOIN school s ON s.id = c.school
           WHERE s.name = '中心小学' AND e.until = '9999-12-31' ORDER BY e.seat DESC, n.name DESC"""
    )
    asked = everybody[:many]

    async def read_by(name: str) -> dict[str, str]:
        person = await world.person(name, "中心小学")
        return await world.storage.read(lambda tx: names_for(tx, {row["id"] for row in asked}, person, DAY))

    for name, own in (("张敏", {"三(1)班"}), ("赵强", {"三(2)班"}), ("李梅", {"三(1)班", "三(2)班"})):
        assert await read_by(name) == {row["id"]: row["name"] for row in asked if row["class"] in own}

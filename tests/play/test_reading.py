"""What WeCom had no room for in one message is read as one answer."""

import pytest

from bot.demo import reading
from bot.texts import octets, split

FEVERS = {f"{town}实验小学": n for n, town in enumerate(("城关", "东关", "西岭", "南河", "北庄"), 1)}
TODAY = "\n".join(
    (
        "【学区晨检】9月1日（周二）数据截至16:55",
        f"发热（≥37.3℃）15人：{'、'.join(f'{school}{n}' for school, n in FEVERS.items())}；居家10、就医5",
        "同班3人及以上：2班（名单见下一条），请核实",
    )
)
BEHIND = (
    "【学区晨检】9月1日（周二）数据截至16:55｜接上一条，第1／2页\n■ 同班3人及以上2班，请核实\n"
    "城关中心校：一(5)班3人（以呼吸道为多）",
    "【学区晨检】9月1日（周二）数据截至16:55｜接上一条，第2／2页\n东关中心校：二(1)班4人（以发热为多）",
)


@pytest.mark.parametrize("room", [80, 120, 200, 2048])
def test_a_leaders_overview_is_read_whole_in_however_many_messages_it_came(room: int) -> None:
    pieces = [piece for text in (TODAY, *BEHIND) for piece in split(text, room, octets)]
    assert reading.overview(reading.in_one(pieces)) == {
        "数据截至": "16:55",
        "发热线": "37.3",
        "发热": 15,
        **{f"发热·{school}": n for school, n in FEVERS.items()},
        "发热·居家": 10,
        "发热·就医": 5,
        "同班3人·城关中心校一(5)班": 3,
        "同班3人·东关中心校二(1)班": 4,
    }


def test_a_number_that_is_lost_between_two_messages_is_missed() -> None:
    first, *others = split(TODAY, 120, octets)
    assert reading.overview(reading.in_one(others)) != reading.overview(reading.in_one([first, *others]))

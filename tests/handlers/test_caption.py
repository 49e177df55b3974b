"""The leaders' caption: never longer than a channel takes, and whatever it only counts is named behind it."""

import re
from datetime import timedelta
from random import Random

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from bot.channels.telegram import Telegram
from bot.texts import Words, units
from handlers import questions as q
from handlers.caption import CAPTION, CLUSTER, LONG, MISSING, NAME, Said, say
from handlers.district import AsOf, District
from handlers.model import Symptom, Text, Where
from handlers.values import replace
from tests.handlers.mornings import DAY, NINE, ROUND, Class, Here, Town, but, ill, small, update

HOURS = AsOf("09:00", "12:59")
LATER = AsOf("09:00", "12:59", DAY)  # edited on another day: the longest head
MAY_COME = ("postman.rehearsal", "postman.again", "summary.system", "summary.outage_missing", "summary.severe")


def marks(language: str) -> int:
    """What the town's caption does not have and another may: marks before it, classes that the system kept from
    reporting, severe symptoms among its alerts."""
    words = Words(language)
    both, fever = (units(words.say(f"alert.kind.{kind}", {})) for kind in ("both", "fever"))
    return both - fever + sum(units(words.say(key, {"n": 9999})) for key in MAY_COME)


MARKS = {language: marks(language) for language in CAPTION}
ENDS = tuple(NINE - timedelta(minutes=after) for after in (65, 45, 25))
SEAL = q.SealView(1234, DAY, "a1b2c3d4e5f60718" * 4)
AWAY = tuple(q.OutageView(end - timedelta(minutes=10), end) for end in ENDS)
NAMES = ("三校", "中心校", "城东实验小学", "东湖学区第三中心实验外国语小学", "𠮷田镇希望小学")
SYMPTOMS = (
    *(Symptom.COUGH, Symptom.VOMIT, Symptom.RASH, Symptom.PAROTID),
    *(Symptom.RED_EYE, Symptom.JAUNDICE, Symptom.COUGH_2W, Symptom.OTHER),
)


def rendered(said: Text, language: str = "zh") -> str:
    return Words(language).render(said, name=lambda _: None, author=None)


def said(town: Town, language: str = "zh", room: int | None = None, hours: AsOf = HOURS) -> Said:
    return say(District(update(NINE), town.ask, DAY, ROUND), hours, CAPTION[language] if room is None else room)


def caption(town: Town) -> str:
    return rendered(said(town).caption)


def pages(town: Town) -> str:
    return "\n".join(rendered(page) for page in said(town).pages)


def cluster(n: int = 3) -> Class:
    return Class(tuple(ill(seat, Symptom.VOMIT, where=Where.HOME) for seat in range(n)))


def hot() -> Class:
    return Class((ill(1, heat=385, where=Where.HOSPITAL),))


# A morning as most are


def test_a_quiet_morning_has_no_line_of_trouble() -> None:
    assert caption(small()).splitlines() == [
        "【东湖学区晨检】9月30日（周三）数据截至09:00（更新于12:59）",
        "上报：应报12班，已报12班（按时12，逾时0）；零报告12班",
        "出勤：应到540，实到540，缺勤0（病0，事0，原因未明0）；因病缺勤率0.00%",
        "发热（≥37.3℃）0人",
        "其他不适0人",
        "此后补报、订正的，在本条更新并注明时间。内部工作资料，请勿转到家长群。",
    ]
    assert said(small()).pages == ()


def test_the_seal_is_the_last_line_of_the_post_and_of_no_answer() -> None:
    town = replace(small(), sealed=SEAL)
    assert caption(town).splitlines()[-1] == "存证 a1b2 c3d4 e5f6 0718"
    silent = Town(tuple(replace(one, classes=(Class(None),) * 6) for one in town.schools), sealed=SEAL)
    assert caption(silent).splitlines()[-1] == "存证 a1b2 c3d4 e5f6 0718"
    asked = say(District(update(NINE), town.ask, DAY, ROUND), HOURS, CAPTION["zh"], kept=False)
    assert "存证" not in rendered(asked.caption)


def test_every_trouble_is_named_in_its_line() -> None:
    town = but(small(), 0, classes=(Class(None), cluster(4), hot(), *(Class(),) * 3), ready=False, waiting=3)
    town = replace(town, before=(9, 1000))
    lines = caption(town).splitlines()
    assert "未报1班：中心校一(1)班（45人），不计入以下数字" in lines
    assert "未就绪：中心校（疫情报告人未绑定）" in lines
    assert "发热（≥37.3℃）1人：中心校1；就医1" in lines
    assert "其他不适4人：呕吐腹泻4" in lines
    assert "同班3人及以上：中心校二(1)班4人（以呕吐腹泻为多），请核实" in lines
    assert "发热提醒3条：已知悉0，待知悉3（中心校一(1)班、中心校二(1)班、中心校三(1)班）" in lines
    assert any(line.endswith("因病缺勤率1.01%，近5个上学日平均0.90%") for line in lines)
    assert said(town).pages == ()


def test_an_unreported_class_is_in_no_figure() -> None:
    town = but(small(), 0, classes=(Class(None), *(Class(),) * 5))
    assert "应到495，实到495" in caption(town)


def test_a_class_that_is_off_is_not_due() -> None:
    town = but(small(), 0, classes=(Class(None, off="停课"), *(Class(),) * 5))
    assert "应报11班，已报11班" in caption(town)


def test_a_fever_whose_whereabouts_nobody_said_is_counted_so() -> None:
    town = but(small(), 1, classes=(Class((ill(1, heat=385), ill(2, heat=380, where=Where.HOME))), *(Class(),) * 5))
    assert "发热（≥37.3℃）2人：二校2；居家1、去向未说明1" in caption(town)


# Nobody


def test_when_nobody_has_reported_there_is_no_figure_of_health() -> None:
    town = Town(tuple(replace(one, classes=(Class(None),) * 6) for one in small().schools))
    assert caption(town).splitlines()[1:] == [
        "应报12班，全部未报，请核实是否放假或系统故障。",
        "没有收到任何报告，不显示出勤和发热数字。内部工作资料，请勿转到家长群。",
    ]
    assert said(town).pages == ()


# Too much for a caption


def test_more_missing_classes_than_a_caption_holds_are_listed_behind_it() -> None:
    town = but(but(small(), 0, classes=(Class(None),) * 6), 1, classes=(*(Class(None),) * 3, *(Class(),) * 3))
    assert "未报9班（405人，名单见下一条），不计入以下数字" in caption(town)
    assert pages(town).splitlines() == [
        "【东湖学区晨检】9月30日（周三）数据截至09:00（更新于12:59）｜接上一条",
        "■ 未报9班（405人，不计入出勤和发热数字）",
        "中心校：全部6班",
        "二校：一(1)班、二(1)班、三(1)班",
    ]


def test_all_that_does_not_fit_is_counted_in_the_caption_and_named_behind_it() -> None:
    town = district(Random(1), schools=135, abreast=4, missing=0.0, fevers=60, clusters=40, unready=60)
    short = caption(town)
    assert re.search(r"^发热（≥37.3℃）60人：涉及\d+校（名单见下一条）；", short, re.M)
    assert re.search(r"^同班3人及以上：\d+班（名单见下一条），请核实", short, re.M)
    assert re.search(r"^未就绪：\d+校（疫情报告人未绑定，名单见下一条）", short, re.M)
    assert units(short) <= Telegram.can.caption_units


def test_where_there_is_more_room_the_same_lists_stand_in_the_text() -> None:
    town = district(Random(1), schools=30, abreast=4, missing=0.0, fevers=20, clusters=10, unready=5)
    assert said(town).pages
    assert said(town, room=LONG).pages == ()
    assert "名单见下一条" not in rendered(said(town, room=LONG).caption)


# found once, and each a caption of its own length; a town is slow to build and no smaller one says more: no shrinking
@example(16, 5, 0.01, 60, 1000, 4, 17)
@example(6, 4, 0.2, 2000, 1000, 4, 26)
@example(40, 2, 0.01, 2000, 40, 4, 1951282031)
@example(84, 3, 0.01, 2000, 1000, 3, 2)
@settings(max_examples=60, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    st.integers(1, 140),
    st.integers(1, 5),
    st.sampled_from((0.0, 0.01, 0.2, 0.9, 1.0)),
    st.sampled_from((0, 3, 60, 2000)),
    st.sampled_from((0, 1, 6, 40, 1000)),
    st.integers(0, 140),
    st.integers(0, 2**32),
)
def test_no_morning_is_too_long_for_a_caption_and_nothing_of_it_is_lost(
    schools: int, abreast: int, missing: float, fevers: int, clusters: int, unready: int, seed: int
) -> None:
    town = replace(
        district(Random(seed), schools, abreast, missing, fevers, clusters, unready), outages=AWAY, sealed=SEAL
    )
    for language in CAPTION:
        one = said(town, language, hours=LATER)
        assert units(rendered(one.caption, language)) <= Telegram.can.caption_units - MARKS[language]
        assert all(units(rendered(page, language)) <= Telegram.can.text_units - 100 for page in one.pages)
        assert units(rendered(said(town, language, LONG, LATER).caption, language)) <= Telegram.can.text_units
    assert unnamed(town) == []


def test_a_long_name_of_the_district_takes_its_room_from_the_lists() -> None:
    name = "某某市某某区某某镇中小学校及幼儿园联合学区" * 6
    town = replace(district(Random(1), 3, 4, 0.05, 8, 4, 2), name=name, outages=AWAY, sealed=SEAL)
    assert units(caption(town)) <= Telegram.can.caption_units - MARKS["zh"]


def district(
    dice: Random, schools: int, abreast: int, missing: float, fevers: int, clusters: int, unready: int
) -> Town:
    """Schools of every length of name, with so many pupils with a fever and classes with three unwell or more."""
    here = []
    for n in range(schools):
        classes = tuple(Class(None) if dice.random() < missing else Class() for _ in range(6 * abreast))
        here.append(Here(f"{NAMES[n % len(NAMES)]}{n}", classes, ready=n >= unready))
    for n in range(fevers):
        _fall_ill(dice, here, 1, heat=385, told=n > 0)
    for _ in range(clusters):
        _fall_ill(dice, here, dice.randint(3, 12))
    return Town(tuple(here), before=(901, 100000))


def _fall_ill(dice: Random, here: list[Here], many: int, heat: int | None = None, *, told: bool = True) -> None:
    n = dice.randrange(len(here))
    at = dice.randrange(len(here[n].classes))
    entries = here[n].classes[at].entries
    if entries is None or len(entries) + many > 45:
        return
    new = tuple(
        ill(seat, dice.choice(SYMPTOMS), heat=heat, where=dice.choice((*Where, None)))
        for seat in range(len(entries), len(entries) + many)
    )
    classes = list(here[n].classes)
    classes[at] = Class((*entries, *new))
    here[n] = replace(here[n], classes=tuple(classes), waiting=here[n].waiting + (heat is not None and told))


def unnamed(town: Town) -> list[str]:
    """What leaders cannot read anywhere: the classes and schools in trouble, from the town itself."""
    short, long = caption(town), pages(town)
    if "全部未报" in short:
        return []
    lost = []
    for here in town.schools:
        lines = "".join(re.findall(rf"^{re.escape(here.short)}：(.*)$", long, re.M))
        reported = any(one.entries is not None for one in here.classes)
        for place, one in enumerate(here.classes):
            name = "一二三四五六"[place % 6] + f"({place // 6 + 1})班"
            troubled = len(one.entries) >= 3 if one.entries is not None else reported
            if troubled and f"{here.short}{name}" not in short and name not in lines:
                lost.append(f"{here.short}{name}")
        if not reported and "全部" not in lines and f"{here.short}一(1)班" not in short:
            lost.append(f"all of {here.short}")
        if not here.ready and here.short not in short + long:
            lost.append(f"{here.short} is not ready")
        fever = sum(entry.temperature is not None for one in here.classes for entry in one.entries or ())
        if fever and f"{here.short}{fever}" not in short + long:
            lost.append(f"{here.short}: {fever} fevers")
    return lost


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_item_of_a_list_takes_no_more_than_is_reckoned(language: str) -> None:
    words = Words(language)
    between = units(words.say("list.and", {"a": "", "b": ""}))
    at = units(words.say("summary.at", {"school": "", "what": ""}))
    longest = max(units(rendered(Text(f"group.{group}"), language)) for group in ("GI", "RESP", "TB", "PAROTID"))
    missing = units(words.say("summary.missing_class", {"klass": "", "n": ""}))
    clusters = units(words.say("summary.cluster", {"klass": "", "n": "", "group": ""})) + longest
    assert missing + at + between <= MISSING
    assert clusters + at + between <= CLUSTER
    assert units(words.say("summary.at_school", {"school": "", "n": ""})) + between <= NAME

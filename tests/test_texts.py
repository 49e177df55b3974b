"""The words: every sentence exists in every language, and is filled as its reader may see it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import Words, WordsError, check, hide, split, uncovered, units
from handlers.model import PupilRef, Text, Typed, text

WORDS = """
[card]
plain = "全员正常"
class = "{class_name}应到{expected}人。"
lines = "还差：\\n{late}\\n症状：{symptoms}　去向：{where}\\n谢谢。"
pupil = "{who}发热"
reason = "原因：{reason}"
count = "{n}人"
rate = "{rate:.2f}%"
"""

ENGLISH = """
[card]
plain = "All well"
class = "{class_name} has {expected} pupils."
lines = "Missing:\\n{late}\\nSymptoms: {symptoms}. Where: {where}\\nThank you."
pupil = "Fever: {who}"
reason = "Reason: {reason}"
count = "{n} {n|pupil is|pupils are} unwell"
rate = "{rate:.2f} %"
"""

BASE = '[pupil]\nnamed = "{seat}号 {name}"\nseat = "{seat}号"\n[typed]\nhidden = "（不显示）"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "zh.toml", BASE)
    write(tmp_path, "en.toml", BASE.replace("号", "."))
    write(tmp_path, "card.zh.toml", WORDS)
    write(tmp_path, "card.en.toml", ENGLISH)
    return tmp_path


def write(folder: Path, name: str, words: str) -> None:
    (folder / name).write_text(words, encoding="utf-8")


def nameless(pupil: PupilRef) -> None:
    return None


def render(folder: Path, said: Text, language: str = "zh", author: str | None = None) -> str:
    return Words(language, folder).render(said, name=nameless, author=author)


def test_the_words_of_this_project_are_complete() -> None:
    assert check() == []


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        (text("card.plain"), "全员正常", "All well"),
        (text("card.class", class_name="三(2)班", expected=45), "三(2)班应到45人。", "三(2)班 has 45 pupils."),
        (text("card.class", class_name=text("card.plain"), expected=0), "全员正常应到0人。", "All well has 0 pupils."),
        (text("card.count", n=1), "1人", "1 pupil is unwell"),
        (text("card.count", n=2), "2人", "2 pupils are unwell"),
        (text("card.count", n=0), "0人", "0 pupils are unwell"),
        (text("card.class", class_name="{expected}", expected=1), "{expected}应到1人。", "{expected} has 1 pupils."),
    ],
)
def test_a_text_is_filled_in_both_languages(folder: Path, said: Text, zh: str, en: str) -> None:
    assert render(folder, said) == zh
    assert render(folder, said, "en") == en


def test_texts_become_lines_and_a_line_with_nothing_in_it_is_left_out(folder: Path) -> None:
    late = (text("card.count", n=1), text("card.count", n=2))
    assert render(folder, text("card.lines", late=late, symptoms="", where="")) == "还差：\n1人\n2人\n谢谢。"
    assert (
        render(folder, text("card.lines", late=(), symptoms="咳嗽", where="")) == "还差：\n症状：咳嗽　去向：\n谢谢。"
    )


def test_a_text_that_came_out_empty_leaves_no_blank_line_among_its_neighbours(folder: Path) -> None:
    late = (text("card.reason", reason=""), text("card.plain"))
    assert render(folder, text("card.lines", late=late, symptoms="", where="")) == "还差：\n全员正常\n谢谢。"


def test_a_pupil_is_named_only_where_the_name_is_given(folder: Path) -> None:
    def name(pupil: PupilRef) -> str | None:
        return "王小明" if pupil.alone else None

    words = Words("zh", folder)
    fever = text("card.pupil", who=PupilRef("p1", 17))
    picked = text("card.pupil", who=PupilRef("p1", 17, alone=True))
    assert words.render(fever, name=name, author=None) == "17号发热"
    assert words.render(picked, name=name, author=None) == "17号 王小明发热"


def test_typed_words_are_shown_to_their_author_only(folder: Path) -> None:
    said = text("card.reason", reason=Typed("王小明复测正常", author="t1"))
    assert render(folder, said, author="t1") == "原因：王小明复测正常"
    assert render(folder, said, author="t2") == "原因：（不显示）"
    assert render(folder, said, author=None) == "原因：（不显示）"


def test_what_was_not_given_is_named(folder: Path) -> None:
    with pytest.raises(WordsError, match=r"card\.class \(zh\): nothing was given for \{expected\}"):
        render(folder, text("card.class", class_name="三(2)班"))
    with pytest.raises(WordsError, match=r"no sentence card\.unheard_of in en"):
        render(folder, text("card.unheard_of"), "en")


def test_plain_values_take_a_format(folder: Path) -> None:
    assert Words("zh", folder).say("card.rate", {"rate": 1.3245}) == "1.32%"
    with pytest.raises(WordsError, match=r"card\.rate"):
        Words("zh", folder).say("card.rate", {"rate": "many"})


def test_a_language_without_words_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match=r"fr\.toml"):
        Words("fr", folder)


@pytest.mark.parametrize(
    ("zh", "en", "problem"),
    [
        ('[a]\nb = "x"', "[a]", "a.b is missing in en"),
        ("[a]", '[a]\nb = "x"', "a.b is missing in zh"),
        ('[a]\nb = "{who}"', '[a]\nb = "x"', "a.b has {who}, but not in en"),
        ('[a]\nb = "{n}"', '[a]\nb = "{n|one|many} {who}"', "a.b has {who}, but not in zh"),
        ('[a]\nb = "{"', '[a]\nb = "x"', "a.b in zh: "),
        ('[a]\nb = "{0}"', '[a]\nb = "x"', "a.b in zh: {0} is not a name"),
        ('[a]\nb = "{who!r}"', '[a]\nb = "{who}"', "a.b in zh: {who} is not a name"),
        ('[a]\nb = "{who.name}"', '[a]\nb = "x"', "a.b in zh: {who.name} is not a name"),
        ('[a]\nb = "{n|one}"', '[a]\nb = "x"', "a.b in zh: {n|one} is not a name"),
        ("[a]\nb = 3", '[a]\nb = "x"', "more.zh.toml: a.b is neither a sentence nor a section"),
        ("[a", '[a]\nb = "x"', "more.zh.toml: "),
        ('[card]\nplain = "x"', '[card]\nplain = "x"', "more.zh.toml: card.plain is in another file too"),
    ],
)
def test_the_check_names_what_is_wrong(folder: Path, zh: str, en: str, problem: str) -> None:
    write(folder, "more.zh.toml", zh)
    write(folder, "more.en.toml", en)
    assert [found for found in check(folder) if found.startswith(problem)]


def test_the_check_finds_nothing_in_good_words(folder: Path) -> None:
    assert check(folder) == []


@pytest.mark.parametrize(("said", "size"), [("", 0), ("abc", 3), ("三(2)班", 5), ("✅", 1), ("😀", 2), ("𠮷", 2)])
def test_a_text_is_counted_in_utf_16_units(said: str, size: int) -> None:
    assert units(said) == size == len(said.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("said", "limit", "parts"),
    [
        ("one\ntwo", 9, ["one\ntwo"]),
        ("one\ntwo\nthree", 7, ["one\ntwo", "three"]),
        ("one\ntwo\nthree", 5, ["one", "two", "three"]),
        ("abcdef\ng", 4, ["abcd", "ef\ng"]),
        ("一校2、二校13、三校4", 8, ["一校2、", "二校13、三校4"]),
        ("一校2、二校13；在校4", 7, ["一校2、", "二校13；", "在校4"]),
        ("😀😀😀", 5, ["😀😀", "😀"]),
        ("one\n\n\n\nthree", 5, ["one", "three"]),
        ("", 5, []),
    ],
)
def test_a_long_text_is_cut_at_its_lines_and_a_long_line_at_a_comma(said: str, limit: int, parts: list[str]) -> None:
    assert split(said, limit) == parts


@given(st.text(alphabet="a三😀、\n"), st.integers(2, 12))
def test_cutting_keeps_every_character_and_the_limit(said: str, limit: int) -> None:
    parts = split(said, limit)
    assert all(0 < units(part) <= limit and part.strip() for part in parts)
    assert "".join(parts).replace("\n", "") == said.replace("\n", "")


def covered(*pages: str) -> list[tuple[str, list[str]]]:
    """Each page as it is shown, and the words under its spans."""
    return [(text, [_between(text, *span) for span in spans]) for text, spans in uncovered(pages)]


def _between(text: str, offset: int, length: int) -> str:
    return text.encode("utf-16-le")[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def test_a_name_and_typed_words_are_marked_where_that_is_asked_for(folder: Path) -> None:
    words = Words("zh", folder)
    said = text("card.lines", late=(text("card.pupil", who=PupilRef("p1", 17)),), symptoms="", where="")
    typed = text("card.reason", reason=Typed("王小明复测正常", author="t1"))

    def marked(one: Text, author: str | None) -> tuple[str, list[str]]:
        return covered(words.render(one, name=lambda _: "𠮷小明", author=author, hidden=hide))[0]

    assert marked(said, None) == ("还差：\n17号 𠮷小明发热\n谢谢。", ["𠮷小明"])
    assert marked(typed, "t1") == ("原因：王小明复测正常", ["王小明复测正常"])
    assert marked(typed, "t2") == ("原因：（不显示）", [])


@pytest.mark.parametrize(
    ("page", "shown", "words"),
    [
        ("没有", "没有", []),
        (f"😀{hide('王小明')}和{hide('李𠮷')}。", "😀王小明和李𠮷。", ["王小明", "李𠮷"]),
        (hide(""), "", []),
        (hide("甲") + hide("乙"), "甲乙", ["甲", "乙"]),
        (hide(f"甲{hide('乙')}"), "甲乙", ["甲乙"]),
        (hide("甲\n乙"), "甲\n乙", ["甲\n乙"]),
    ],
)
def test_what_was_hidden_is_found_again(page: str, shown: str, words: list[str]) -> None:
    assert covered(page) == [(shown, words)]


def test_what_was_cut_in_two_is_hidden_on_both_pages_and_on_those_between() -> None:
    begin, end = hide("甲乙丙丁")[0], hide("")[1]
    assert covered(f"a{begin}甲", "乙丙", f"丁{end}b", end) == [("a甲", ["甲"]), ("乙丙", ["乙丙"]), ("丁b", ["丁"])]


@given(
    st.lists(st.tuples(st.text("三😀\n", max_size=6), st.text("王𠮷\n", max_size=6)), max_size=8), st.integers(2, 12)
)
def test_cutting_leaves_nothing_hidden_bare_and_covers_nothing_else(said: list[tuple[str, str]], limit: int) -> None:
    whole = "".join(open_ + hide(closed) for open_, closed in said)
    for shown, words in covered(*split(whole, limit)):
        assert units(shown) <= limit
        assert [one for one in "".join(words) if one != "\n"] == [one for one in shown if one in "王𠮷"]

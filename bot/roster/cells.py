"""One cell → what was meant: spaces, widths, dots and characters that look alike in an office's typing."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Final

_PAIRS: Final = (
    "欧阳上官司马诸葛慕容皇甫令狐尉迟端木夏侯长孙东方司徒司空公孙宇文轩辕澹台万俟闻人赫连钟离"
    "鲜于闾丘公羊淳于太叔申屠仲孙濮阳公冶宗政南宫独孤东郭西门呼延左丘梁丘百里拓跋第五"
    "乐正谷梁太史亓官巫马公西漆雕颛孙壤驷公良夹谷宰父东门南门东里微生羊舌子车司寇北宫西陵达奚哥舒耶律"
    "完颜纳兰富察拓拔"
)
# 单于飞 is likelier a 单 called 于飞, since 单 is common and 单于 is not; 单于飞扬 is a 单于.
_PAIRS_OF_FOUR: Final = "单于段干贺兰贺若佟佳"


def _in_pairs(row: str) -> frozenset[str]:
    return frozenset(row[start : start + 2] for start in range(0, len(row), 2))


_ONLY_OF_FOUR: Final = _in_pairs(_PAIRS_OF_FOUR)
COMPOUND_SURNAMES: Final = _in_pairs(_PAIRS) | _ONLY_OF_FOUR

_HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_SPACE_BY_HAN: Final = re.compile(rf"(?<=[{_HAN}，。·()（）])\s+|\s+(?=[{_HAN}，。·()（）])")
_DOTS: Final = re.compile(r"\s*[·‧•・･∙⋅●⸱ᐧㆍ․﹒᛫◦．｡。.⸳⦁˙ꞏᆞ‣∘⸰𐄁⚫]\s*")
_IDENTITY: Final = re.compile(r"[A-Za-z]?\d{17}[\dXx]|\d{15}")
_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_DAY: Final = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
_NOTHING: Final = frozenset({"无", "/", "\\", "-", "--", "—", "——", "N/A", "n/a"})
_PHONE: Final = re.compile(r"[0-9+()转,、/ -]{3,40}")

# GB18030 before 2005 kept these characters in the private area, and Python's codec and old fonts still do
# (GB 18030-2022, annex D; Unicode TN 63).
_PRIVATE: Final = str.maketrans(
    {
        "\ue816": "\U00020087", "\ue817": "\U00020089", "\ue818": "\U000200cc", "\ue81e": "\u9fb4",
        "\ue826": "\u9fb5", "\ue82b": "\u9fb6", "\ue82c": "\u9fb7", "\ue831": "\U000215d7",
        "\ue832": "\u9fb8", "\ue83b": "\U0002298f", "\ue843": "\u9fb9", "\ue854": "\u9fba",
        "\ue855": "\U000241fe", "\ue864": "\u9fbb", "\ue863": "\u4dae",
    }
)  # fmt: skip

# What is copied out of a PDF often has radicals in place of the characters that look like them. For those of Kangxi
# NFKC knows the character, for the later ones only a list does (Unicode: EquivalentUnifiedIdeograph.txt).
_RADICALS: Final = str.maketrans(
    {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    | dict(
        zip(
            "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
            "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
            strict=True,
        )
    )
)


def _as_meant(text: str) -> str:
    """Without signs that nobody sees, each character the one that it looks like."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text).translate(_PRIVATE).translate(_RADICALS))


# Most cells of a column say the same; a city's roster has a million of them.
@lru_cache(maxsize=10_000)
def tidy(text: str) -> str:
    """Without the spaces that only make it look even: 张　三 → 张三, Li  Lei → Li Lei."""
    return _SPACE_BY_HAN.sub("", re.sub(r"\s+", " ", _as_meant(text)).strip())


def says_nothing(text: str) -> bool:
    """Whether the cell is empty, or filled with a sign for that."""
    return not text.strip() or text.strip() in _NOTHING


def person(text: str) -> str | None:
    """A name as it is written in full, its middle dot always ·; None when it is not a name."""
    name = _DOTS.sub("·", _joined(_as_meant(text).split()))
    if not 1 <= len(name) <= 40 or name[0] in "·'-" or name[-1] in "·'-":
        return None
    return name if all(_of_a_name(character) for character in name) else None


def surname(name: str) -> str:
    """The surname of a Chinese name, of a name with a dot its first part, of any other longer name the whole."""
    if "·" in name:
        return name.split("·")[0]
    pair = name[:2]
    if pair in COMPOUND_SURNAMES and len(name) > (3 if pair in _ONLY_OF_FOUR else 2):
        return pair
    return name[0] if len(name) <= 3 and re.fullmatch(f"[{_HAN}]+", name) else name


@lru_cache(maxsize=10_000)
def narrow(text: str) -> str:
    """Letters, digits and signs at their common width, no space at all."""
    return re.sub(r"\s+", "", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))


def is_identity(text: str) -> bool:
    """Whether it looks like an 身份证号, of 18 signs or the 15 of before 1999, or the 学籍号 that contains one."""
    return bool(_IDENTITY.fullmatch(narrow(text)))


def number(text: str) -> str | None:
    """A 工号 or 学号; None when it is neither."""
    plain = narrow(text)
    return plain if _NUMBER.fullmatch(plain) else None


def seat(text: str) -> int | None:
    """1–99, or None."""
    found = re.fullmatch(r"0?(\d{1,2})号?", narrow(text))
    return int(found[1]) or None if found else None


def day(text: str) -> date | None:
    """2026年9月1日, 2026-9-1, 2026/09/01, 20260901; None for anything else."""
    found = _DAY.fullmatch(narrow(text))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def title(text: str) -> str | None:
    """How somebody is addressed; None when it is a remark rather than a 称呼."""
    return text if len(text) <= 20 else None


def phone(text: str) -> str | None:
    """A telephone number as it is dialled, or None."""
    plain = unicodedata.normalize("NFKC", tidy(text)).replace("—", "-")
    return plain if _PHONE.fullmatch(plain) else None


def _joined(parts: list[str]) -> str:
    """Spaces inside a name: between letters they stay, in a long name they stand for the dot, else they only fill."""
    if not any(re.search(f"[{_HAN}]", part) for part in parts):
        return " ".join(parts)
    whole = "".join(parts)
    filled = len(whole) <= 4 or parts[0] in COMPOUND_SURNAMES or any(len(part) == 1 for part in parts)
    return whole if filled else "·".join(parts)


def _of_a_name(character: str) -> bool:
    # Python's tables may be older than a character; above the first plane only Han is typed here
    return character.isalpha() or character in "·〇 '-" or "\U00020000" <= character <= "\U0003ffff"

"""How a name may be read aloud: all its pinyin and initials, so that a typed one finds every pupil it may mean."""

import os
import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice, product
from math import prod
from typing import Final

from bot.roster.cells import COMPOUND_SURNAMES, surname

# As a surname the character is read so first of all; a dictionary's first reading is that of the common word.
_AS_SURNAME: Final = {
    "单": "shan", "解": "xie", "翟": "zhai", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao", "盖": "ge",
    "尉": "wei", "曾": "zeng", "缪": "miao", "覃": "qin", "乐": "yue", "盛": "sheng", "那": "na", "折": "she",
    "种": "chong", "员": "yun", "召": "shao", "祭": "zhai", "秘": "bi", "冼": "xian", "洗": "xian", "宓": "mi",
    "句": "gou", "牟": "mou", "石": "shi", "车": "che", "万": "wan", "黑": "he", "繁": "po", "纪": "ji", "葛": "ge",
    "任": "ren", "应": "ying", "华": "hua", "宁": "ning", "过": "guo", "隗": "wei", "臧": "zang", "藏": "zang",
    "长孙": "zhang sun", "尉迟": "yu chi", "万俟": "mo qi", "澹台": "tan tai", "令狐": "ling hu",
    "单于": "chan yu", "乐正": "yue zheng",
}  # fmt: skip
# Readings that people use for a surname and the library's dictionary lacks.
_ALSO: Final = {"翟": ("zhai", "di"), "盖": ("ge", "gai"), "牟": ("mou", "mu"), "俞": ("yu", "shu"), "长": ("chang",)}

_MOST: Final = 64  # a long name of many readings keeps those of its surname only


def readings(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Initials and toneless pinyin of `name`, every reading, the likeliest first; lower case, ü as v."""
    family = surname(name)
    characters = [_of_character(syllable) for syllable in re.findall(r"[A-Za-z]+|[^A-Za-z· '-]", name)]
    length = len(family) if family in COMPOUND_SURNAMES else 1
    usual = _AS_SURNAME.get(name[:length], "").split()
    characters[: len(usual)] = [
        _unique((first, *rest)) for first, rest in zip(usual, characters[: len(usual)], strict=True)
    ]
    if prod(map(len, characters)) > _MOST:
        characters[length:] = [some[:1] for some in characters[length:]]
    initials = [[reading[:1] for reading in some] for some in characters]
    whole = _joined(initials)
    # 阿依古丽·买买提 is called 阿依古丽
    called = _joined(initials[: len(family)]) if "·" in name else ()
    return _unique((*whole, *called)), _joined(characters)


def _joined(syllables: Sequence[Iterable[str]]) -> tuple[str, ...]:
    return _unique("".join(one) for one in islice(product(*map(_unique, syllables)), _MOST))


def _unique(some: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(some))


@cache
def _of_character(character: str) -> tuple[str, ...]:
    """All readings; a word in letters is itself, a character that no dictionary knows is silent."""
    if character.isascii():
        return (character.lower(),)
    return _unique((*_in_dictionary(character), *_ALSO.get(character, ())))


def _in_dictionary(character: str) -> Sequence[str]:
    # its dictionary of phrases takes a quarter of a second to load, and says nothing of one character
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    return found[0] if found else [""]

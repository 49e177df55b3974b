"""What a class is called: every spelling an office uses, read as one name, 三(2)班; and which school is named."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise

from handlers.model import School
from handlers.rolls import ClassRoll

# Kindergarten, then primary, then the two ways of counting on: the order in which a school lists its classes.
_GRADES = ("托", "小", "中", "大", "学前", *"一二三四五六七八九", "初一", "初二", "初三", "高一", "高二", "高三")
_DIGITS = "零一二三四五六七八九"
# 三(2)班(双语): said beside a class, while a number there, 三(2)班(3), would be another name of it
_REMARK = re.compile(r"(?<=班)\([^()\d一二三四五六七八九十]+\)$")
_BRACKETS = str.maketrans("[]{}【】〔〕〈〉《》「」『』", "()" * 8)

_GRADE = r"(?P<grade>[初高]?[一二三四五六七八九1-9])"
_NUMBER = r"(?P<number>\d{1,2}|[一二三四五六七八九]?十?[一二三四五六七八九]?)"
_SPELLINGS = tuple(
    re.compile(spelling)
    for spelling in (
        # 三(2)班 三年级(二)班 3.2班 3-2 小三(2)班 九(2)
        rf"(?:小学?)?{_GRADE}(?:年级|年|级)?[-.·_(。]+{_NUMBER}班?\)?班?",
        # 三年级2班 三年二班 三年级第2班
        rf"(?:小学?)?{_GRADE}(?:年级|年|级)第?{_NUMBER}班?",
        # 三2班 初一3班; never 32班, which may be the thirty-second class
        r"(?:小学?)?(?P<grade>[初高]?[一二三四五六七八九])(?P<number>\d{1,2})班?",
        r"(?P<grade>[初高][1-3])(?P<number>[一二三四五六七八九])班?",
        # 三二班; never 三十二班, for the same reason
        r"(?P<grade>[初高]?[一二三四五六七八九])(?P<number>[一二三四五六七八九])班",
        # 302班 0302班; never 0302, which may be the second of March
        r"(?P<grade>[1-9])(?P<number>\d\d)班?",
        r"0(?P<grade>[1-9])(?P<number>\d\d)班",
        # 大(1)班 中二班 学前1班
        rf"(?P<grade>[托大中小]|学前)班?\(?{_NUMBER}\)?班?",
    )
)


def read_class(text: str) -> ClassRoll | None:
    """The class that `text` names, or None when it names none or might name two."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[\s\u200b]+", "", plain).translate(_BRACKETS)
    plain = _REMARK.sub("", re.sub("[‐-―−~]", "-", plain))
    for spelling in _SPELLINGS:
        if found := spelling.fullmatch(plain):
            return class_roll(_grade(found["grade"]), _count(found["number"]))
    return None


def class_roll(grade: str, number: int) -> ClassRoll | None:
    """None when there is no such grade or number."""
    if grade not in _GRADES or not 1 <= number <= 99:
        return None
    return ClassRoll(f"{grade}({number})班", grade, number)


_STAGES = (
    ("托", "小", "中", "大"),
    ("学前", *"一二三四五六七八九"),
    ("初一", "初二", "初三"),
    ("高一", "高二", "高三"),
)
_AFTER = {this: then for stage in _STAGES for this, then in pairwise(stage)}


def grade_after(grade: str) -> str | None:
    """The grade of the next year: 四 after 三, 初二 after 初一; None where no school has one."""
    return _AFTER.get(grade)


def order(roll: ClassRoll) -> tuple[int, int]:
    """Sorts classes as a school lists them."""
    return _GRADES.index(roll.grade), roll.number


def _grade(said: str) -> str:
    return said[:-1] + _DIGITS[int(said[-1])] if said[-1].isdecimal() else said


def _count(said: str) -> int:
    """1–99; 0 for what is no number."""
    if said.isdecimal():
        return int(said)
    if "十" not in said:
        return _DIGITS.index(said) if len(said) == 1 else 0
    tens, ones = said.split("十")
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)


def school_first(words: str, schools: Sequence[School], spelled: Callable[[str], str]) -> tuple[School | None, str]:
    """The school that the words begin with, the longest name first; the rest of the words. The names are `spelled` as
    the words are."""
    names = [(spelled(name), one) for one in schools for name in (one.name, one.short)]
    for name, one in sorted(names, key=lambda pair: -len(pair[0])):
        if words.startswith(name):
            return one, words[len(name) :].lstrip()
    return None, words


def class_first(words: str) -> tuple[ClassRoll | None, str]:
    """The shortest beginning of whole words that names a class, and what follows it: the 17 of 3.2 17 is a seat."""
    for end in range(1, len(words) + 1):
        whole = words[end - 1] in "班)" or words[end : end + 1] in ("", " ")
        roll = read_class(words[:end]) if whole else None
        if roll is not None:
            return roll, words[end:].lstrip(" 班")
    return None, words

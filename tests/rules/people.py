"""A class of pupils for the tables: ordinary names, a double name, homophones, odd surnames, a middle dot."""

from pypinyin import lazy_pinyin

from handlers.rules.names import Pupil

# What an office's import knows and the library's first reading does not.
SURNAMES = {"单": ("shan", "dan"), "解": ("xie", "jie"), "翟": ("zhai", "di"), "仇": ("qiu", "chou"), "曾": ("zeng",)}

NAMES = {
    1: "陈一诺",
    2: "林子涵",
    3: "张三",
    4: "李四",
    5: "王五",
    6: "赵六",
    7: "孙七",
    8: "张小明",
    9: "李晓明",
    10: "单小明",
    11: "翟雨桐",
    12: "欧阳明月",
    13: "张伟",
    14: "张伟",
    15: "刘梓轩",
    16: "刘子轩",
    17: "周雨欣",
    18: "阿依古丽·买买提",
    19: "高健康",
    20: "吴桐",
    21: "郑好",
    22: "解子豪",
    23: "何在明",
    24: "马平安",
}


def pupil(seat: int, name: str) -> Pupil:
    letters = name.replace("·", "")
    # one by one: what the library's phrases would say depends on whether they are loaded
    usual, *rest = (lazy_pinyin(one)[0] for one in letters)
    first = SURNAMES.get(letters[0], (usual,))
    readings = [(one, *rest) for one in first]
    return Pupil(
        id=f"p{seat}",
        seat=seat,
        name=name,
        initials=tuple("".join(syllable[0] for syllable in reading) for reading in readings),
        pinyin=tuple("".join(reading) for reading in readings),
    )


ROSTER = tuple(pupil(seat, name) for seat, name in NAMES.items())

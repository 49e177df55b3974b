"""One spelling for what keyboards write in many: full-width signs, odd digits, every kind of middle dot."""

import unicodedata
from functools import lru_cache

_DOTS = "·•・‧∙⋅･\u0387⸱⸳⦁˙ꞏᆞㆍᐧ᛫"
_DASHES = "‐‑‒–—―−－"
_WAVES = "〜～∼"
_SIGNS = {
    **dict.fromkeys(_DOTS, "·"),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_WAVES, "~"),
    **dict.fromkeys("【〔[{〖", "("),
    **dict.fromkeys("】〕]}〗", ")"),
    **dict.fromkeys("˚º", "°"),
    "|": " ",
    # traditional signs that some keyboards give
    **dict(zip("號發燒溫沒無請體", "号发烧温没无请体", strict=True)),
}

_UNSEEN = ("Cc", "Cf", "Cs", "Mn")


def plain(text: str) -> str:
    """The same length as `text`, sign by sign, so that a place in one is the same place in the other."""
    return "".join(map(_plain_sign, text))


def visible(text: str) -> str:
    """`text` without signs that nobody sees, such as the zero-width ones that chat programs put in."""
    return "".join(
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Mn", "Cs")
    )


@lru_cache(maxsize=4096)
def _plain_sign(sign: str) -> str:
    if sign in _SIGNS:
        return _SIGNS[sign]
    if sign == "\n":
        return sign
    if sign.isspace():
        return " "
    if unicodedata.category(sign) == "Nd":
        return str(unicodedata.decimal(sign))
    if "\uff01" <= sign <= "\uff5e":
        sign = chr(ord(sign) - 0xFEE0)
    sign = _SIGNS.get(sign, sign)
    return sign.lower() if sign.isascii() else sign

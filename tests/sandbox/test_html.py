"""HTML parse mode: entities and complaints."""

import pytest

from sandbox.errors import ApiError
from sandbox.html_text import parse_html
from sandbox.model import Entity

COMPLAINTS = {
    "<b>好": 'Can\'t find end tag corresponding to start tag "b"',
    "体温 <37.3 度": 'Unsupported start tag "37.3" at byte offset 7',
    "体温 < 37": 'Unsupported start tag "" at byte offset 7',
    "a<b": "Unclosed start tag at byte offset 1",
    "<br/>": 'Unsupported start tag "br/" at byte offset 0',
    "<b>a</i>": 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    "a</b>": "Unexpected end tag at byte offset 1",
    "<b>a</b": "Unclosed end tag at byte offset 4",
    '<a href="x': 'Unclosed start tag "a" at byte offset 0',
    "<span>a</span>": 'Tag "span" must have class "tg-spoiler" at byte offset 0',
}


@pytest.mark.parametrize(("source", "words"), COMPLAINTS.items())
def test_a_broken_tag_is_named_with_its_byte(source: str, words: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"


GOOD = {
    "<b>粗</b>和<i>斜</i>": ("粗和斜", [("bold", 0, 1), ("italic", 2, 1)]),
    "😀<b>x</b>": ("😀x", [("bold", 2, 1)]),
    "<tg-spoiler>名</tg-spoiler>": ("名", [("spoiler", 0, 1)]),
    '<span class="tg-spoiler">名</span>': ("名", [("spoiler", 0, 1)]),
    "<b>外<u>内</u></b>": ("外内", [("bold", 0, 2), ("underline", 1, 1)]),
    "1 &lt; 2 &amp;&gt; &quot;&#20013;&#x4e2d; &nbsp;": ('1 < 2 &> "中中 &nbsp;', []),
    "<b></b>空": ("空", []),
    "<blockquote expandable>长</blockquote>": ("长", [("expandable_blockquote", 0, 1)]),
    "<B>大写</B>": ("大写", [("bold", 0, 2)]),
}


@pytest.mark.parametrize(("source", "expected"), GOOD.items())
def test_tags_become_entities(source: str, expected: tuple[str, list[tuple[str, int, int]]]) -> None:
    text, entities = parse_html(source)
    assert text == expected[0]
    assert [(e.kind, e.offset, e.length) for e in entities] == expected[1]


def test_a_link_keeps_its_address() -> None:
    assert parse_html('<a href="https://a.example/?x=1&amp;y=2">看</a>') == (
        "看",
        (Entity("text_link", 0, 1, "https://a.example/?x=1&y=2"),),
    )

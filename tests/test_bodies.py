"""Message bodies: what was stored is what is shown."""

from datetime import date

import pytest

from handlers.bodies import Body, decode, encode
from handlers.model import Message, Paper, PupilRef, Sheet, ToHere, Typed, Workbook, choice, text
from handlers.pictures import Cell, GradeRow, Mark, Morning, SchoolBlock

MORNING = Morning(
    day=date(2026, 9, 1),
    as_of="09:00",
    district="示范学区",
    schools=(SchoolBlock("s1", "中心小学", "中心校", (GradeRow("三", (Cell("2", Mark.LATE),)),), 1, ()),),
    zero=0,
    fever=1,
    groups={"RESP": 2, "GI": 1},
    expected=45,
    present=44,
    sick=1,
    personal=0,
    unknown=0,
    days=(date(2026, 9, 1),),
    fevers=(1,),
)

SHEET = Sheet("一", ("col.class",), (("三(2)班", 45), (None, "=1+1"), (text("a.b", n=text("c.d")), 0)))


@pytest.mark.parametrize(
    "message",
    [
        Message("m", ToHere(), text("card.plain")),
        Message("m", ToHere(), text("a.b", words="三(2)班{x}", n=-45, empty="", none=0)),
        Message("m", ToHere(), text("a.b", pupil=PupilRef("p1", 17, alone=True), typed=Typed("好了", "t1"))),
        Message("m", ToHere(), text("a.b", deep=text("c.d", lines=(text("e.f", n=1), text("g.h")), none=()))),
        Message(
            "m", ToHere(), text("a.b"), ((choice(text("b.x"), "zero", "k1", 2),), (), (choice(text("b.y"), "no"),))
        ),
        Message("m", ToHere(), text("a.b"), workbook=Workbook("day", (SHEET, Sheet("二", (), ())))),
        Message("m", ToHere(), text("a.b"), picture=MORNING),
        Message("m", ToHere(), text("a.b"), paper=("abcdefgh2345", Paper.PDF)),
        Message("m", ToHere(), text("a.b"), menu=("report", "help")),
    ],
)
def test_a_stored_body_is_read_back_the_same(message: Message) -> None:
    body = Body(message.text, message.choices, message.picture, message.workbook, message.paper, message.menu)
    assert decode(encode(message)) == body
    assert encode(body) == encode(message)


def test_a_picture_keeps_the_order_of_its_groups() -> None:
    picture = decode(encode(Body(text("a.b"), picture=MORNING))).picture
    assert picture is not None
    assert list(picture.groups) == ["RESP", "GI"]


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "[]",
        "{}",
        '{"text":["a.b",{"x":{"what":1}}]}',
        '{"text":["a.b",{"x":null}]}',
        '{"text":["a.b",{}],"workbook":["w",[["s",[],[[["?"]]]]]]}',
    ],
)
def test_what_was_never_a_body_is_refused(stored: str) -> None:
    with pytest.raises(ValueError, match="Body"):
        decode(stored)

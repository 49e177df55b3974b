"""What teachers do in a check-in: each step waits for what the bot shows, then writes or taps."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qs

SEAT: Final = 5
RECEIPT: Final = "已报"
CHAT: Final = re.compile(rb'chat_id(?:=|": ?"?)(\d+)')


@dataclass(frozen=True)
class Step:
    """`does`: words to write, once a message says what is in `shown`; or, without that, the label of a button to tap
    (its beginning), once there is one."""

    does: str
    shown: str | None = None


@dataclass(frozen=True)
class Script:
    """A check-in of one kind of bot: all well, or pupil 5 with 37.1 ℃ and a cough."""

    well: Sequence[Step]
    ill: Sequence[Step]

    def updates(self, ill: float) -> float:
        """How many a check-in, when this share of the classes has somebody ill."""
        return len(self.well) * (1 - ill) + len(self.ill) * ill


# the card is there already: the bot sends it at half past seven
OURS: Final = Script(
    well=(Step("✅ 全员正常"),),
    ill=(
        Step("有异常"),
        Step(f"{SEAT}号"),
        Step("37.1", shown="体温"),
        Step("咳嗽"),
        Step("选好了"),
        Step("居家"),
        Step("✅ 发送"),
    ),
)
FEVER: Final = tuple(replace(step, does="38.5") if step.does == "37.1" else step for step in OURS.ill)
PEERS: Final = Script(
    well=(Step("/checkin", shown=""), Step("三(1)班"), Step("全员正常")),
    ill=(
        Step("/checkin", shown=""),
        Step("三(1)班"),
        Step("有异常"),
        Step(str(SEAT), shown="几号"),
        Step("37.1", shown="体温"),
        Step("咳嗽"),
        Step("完成"),
    ),
)
SCRIPTS: Final = {"ours": OURS, "peers": PEERS}


@dataclass(frozen=True)
class Shown:
    """What of a message a teacher sees; `buttons` are label and what a tap sends."""

    text: str
    buttons: Sequence[tuple[str, str]]

    def lets(self, step: Step) -> bool:
        """Whether this is what the step waits for."""
        if step.shown is not None:
            return step.shown in self.text
        return any(label.startswith(step.does) for label, _ in self.buttons)

    def data(self, label: str) -> str:
        """What the first button sends whose label begins so."""
        return next(data for one, data in self.buttons if one.startswith(label))


def shown(body: bytes) -> Shown:
    """From a call as the platform gets it, a form or JSON."""
    said = json.loads(body) if body[:1] == b"{" else {name: one[0] for name, one in parse_qs(body.decode()).items()}
    markup = said.get("reply_markup", {"inline_keyboard": []})
    rows = (json.loads(markup) if isinstance(markup, str) else markup)["inline_keyboard"]
    return Shown(said.get("text", ""), [(one["text"], one["callback_data"]) for row in rows for one in row])


def chat_of(body: bytes) -> int:
    found = CHAT.search(body)
    return int(found[1]) if found else 0

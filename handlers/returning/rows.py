"""How a row of the table of returns reads."""

from handlers.following.showing import needs
from handlers.model import Text, text
from handlers.rulebook import Rules
from handlers.rules.returning import ReturnRow, ReturnRule
from handlers.words import NOTHING


def rule_words(rule: ReturnRule) -> Text:
    """发病后14天，疱疹全部干燥结痂（要复课证明和校医复核）."""
    if rule.row is None:
        return text("returns.free")
    return text("returns.chosen", what=row_words(rule.row), needs=needs(rule))


def row_words(row: ReturnRow) -> Text:
    span = text("returns.days", n=row.days) if row.days is not None else text("returns.hours", n=row.hours or 0)
    least = text("returns.least", n=row.least) if row.least is not None else NOTHING
    says = text("returns.says", says=row.says) if row.says else NOTHING
    return text("returns.reckoned", anchor=text(f"returns.anchor_{row.anchor}"), span=span, least=least, says=says)


def source_of(rules: Rules, rule: ReturnRule) -> str:
    """Of the chosen row; of a disease without rows, of the rule itself."""
    return rule.row.source if rule.row else rules.sources[f"return.{rule.code}"]

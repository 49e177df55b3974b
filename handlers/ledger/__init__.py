"""台账, who answers: opened at the close (closing), by what is added later (knowing) and by what others saw (sightings,
contradictions); heard first by whom it names, and explained (explaining); settled and found by persons (settling);
read by few (reading, rights), always in the same words (showing)."""

from handlers.ledger.closing import at_close, excused_by_system
from handlers.ledger.contradictions import compared
from handlers.ledger.explaining import explain, explanation, reasons, told_reason
from handlers.ledger.knowing import known, newly_added
from handlers.ledger.reading import entry, ledger
from handlers.ledger.rights import FINDS, SETTLES, may_read_some, may_write_for_clinic
from handlers.ledger.settling import finding, found, settle
from handlers.ledger.sightings import clinic, gate, note, take_back

__all__ = [
    "FINDS",
    "SETTLES",
    "at_close",
    "clinic",
    "compared",
    "entry",
    "excused_by_system",
    "explain",
    "explanation",
    "finding",
    "found",
    "gate",
    "known",
    "ledger",
    "may_read_some",
    "may_write_for_clinic",
    "newly_added",
    "note",
    "reasons",
    "settle",
    "take_back",
    "told_reason",
]

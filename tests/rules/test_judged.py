"""The reader against a clerk's judgement: what it says is so, whom it names is meant, and no fever vanishes."""

import pytest

from tests.corpus.score import COLUMNS, HALVES, PARTS, Judged, corpus, half_of, loses_fever, scored, understood

# Measured; precision and recall in this order. A rule that reads more and errs more is refused here.
FLOORS = {
    "dev": {
        "pupil": (1.0, 0.99),
        "temperature": (1.0, 0.97),
        "symptoms": (1.0, 1.0),
        "attending": (1.0, 0.97),
        "whereabouts": (0.9, 0.9),
        "disease": (1.0, 1.0),
        "until": (1.0, 0.94),
        "cause": (1.0, 0.91),
        "zero": (1.0, 1.0),
        "counts": (1.0, 1.0),
    },
    "aside": {
        "pupil": (1.0, 0.97),
        "temperature": (1.0, 0.97),
        "symptoms": (0.97, 0.96),
        "attending": (1.0, 0.99),
        "whereabouts": (1.0, 1.0),
        "disease": (1.0, 1.0),
        "until": (1.0, 0.96),
        "cause": (1.0, 1.0),
        "zero": (1.0, 1.0),
        "counts": (1.0, 1.0),
    },
    "fresh": {
        "pupil": (1.0, 0.97),
        "temperature": (1.0, 1.0),
        "symptoms": (0.96, 0.96),
        "attending": (1.0, 1.0),
        "whereabouts": (1.0, 1.0),
        "disease": (1.0, 1.0),
        "until": (1.0, 1.0),
        "cause": (0.8, 1.0),
        "zero": (1.0, 0.83),
        "counts": (1.0, 1.0),
    },
    "last": {
        "pupil": (1.0, 0.91),
        "temperature": (1.0, 0.93),
        "symptoms": (1.0, 0.9),
        "attending": (1.0, 0.93),
        "whereabouts": (1.0, 0.9),
        "disease": (1.0, 0.5),
        "until": (0.85, 0.85),
        "cause": (1.0, 1.0),
        "zero": (1.0, 1.0),
        "counts": (1.0, 0.75),
    },
}


def judged(sentence: str) -> Judged:
    return next(one for one in corpus() if one.say == sentence)


def test_there_are_enough_sentences_and_both_halves_are_halves() -> None:
    sizes = [scored(half).sentences for half in HALVES]
    assert sum(sizes) >= 300
    assert min(sizes) >= 0.45 * sum(sizes)
    assert len({one.say for one in corpus()}) == len(corpus())


def test_a_sentence_is_in_one_half_whatever_else_is_in_the_corpus() -> None:
    assert [half_of(said) for said in ("3号发烧", "都好", "17号返校")] == [
        judged(said).part for said in ("3号发烧", "都好", "17号返校")
    ]


@pytest.mark.parametrize("part", PARTS)
def test_nobody_is_named_who_was_not_meant(part: str) -> None:
    assert scored(part).wrong_pupils == []


@pytest.mark.parametrize("part", PARTS)
def test_no_fever_vanishes(part: str) -> None:
    assert scored(part).lost_fevers == []


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("part", PARTS)
def test_what_is_said_is_so_and_enough_is_said(part: str, column: str) -> None:
    precision, recall = FLOORS[part][column]
    assert scored(part).precision(column) >= precision
    assert scored(part).recall(column) >= recall


@pytest.mark.parametrize("part", PARTS)
def test_what_must_be_asked_is_asked(part: str) -> None:
    assert scored(part).asked >= 0.93 * scored(part).to_ask


def test_a_fever_that_nothing_repeats_is_lost() -> None:
    said = understood("都好")
    assert loses_fever(judged("3号发烧"), said)
    assert loses_fever(judged("昨天17号发热38.5"), said)
    assert not loses_fever(judged("3号发烧"), understood("3号发烧"))
    assert not loses_fever(judged("昨天17号发热38.5"), understood("昨天17号发热38.5"))

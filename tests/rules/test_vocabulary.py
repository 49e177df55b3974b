"""The words: every symptom has its group, the longest word wins, and no list takes a fever from another."""

import pytest

from handlers.model import Attendance, Symptom, Where
from handlers.rules import lexicon
from handlers.rules.cues import Cue, Disease
from handlers.rules.vocabulary import GROUPS, WORDS, Meaning, disease_as_typed, longest


def test_every_symptom_has_a_syndrome_group() -> None:
    assert set(GROUPS) == set(Symptom)
    assert set(GROUPS.values()) == {"FEVER", "RESP", "GI", "RASH", "PAROTID", "EYE", "JAUND", "TB", "OTHER"}


@pytest.mark.parametrize(
    ("text", "word", "meaning"),
    [
        ("发烧了", "发烧", Symptom.FEVER),
        ("高烧不退", "高烧不退", Symptom.FEVER),
        ("烧到39", "烧到", Symptom.FEVER),
        ("烧伤", "烧伤", Symptom.INJURY),
        ("退烧药", "退烧药", Symptom.FEVER),
        ("退烧了", "退烧了", Cue.FEVER_GONE),
        ("没退烧", "没退烧", Symptom.FEVER),
        ("拉肚子", "拉肚子", Symptom.DIARRHEA),
        ("痄腮", "痄腮", Symptom.PAROTID),
        ("红眼病", "红眼病", Symptom.RED_EYE),
        ("腮腺炎", "腮腺炎", Disease("流行性腮腺炎")),
        ("接回家", "接回家", Where.COLLECTED),
        ("没请假", "没请假", Attendance.UNKNOWN),
        ("没来上课", "没来上课", Cue.AWAY),
    ],
)
def test_the_longest_word_is_the_one_meant(text: str, word: str, meaning: Meaning) -> None:
    assert longest(text, 0) == word
    assert meaning in WORDS[word]


def test_a_symptom_word_stays_one_whatever_other_list_has_it() -> None:
    for symptoms, spelled in lexicon.SYMPTOMS.items():
        for word in spelled.split():
            assert set(WORDS[word]) & set(symptoms), word


def test_a_disease_that_has_a_sign_is_one_that_can_be_read_and_never_makes_a_fever() -> None:
    assert set(lexicon.SIGNS) <= set(lexicon.DISEASES)
    assert all(signs and Symptom.FEVER not in signs for signs in lexicon.SIGNS.values())


def test_a_disease_is_quoted_as_it_was_typed() -> None:
    assert disease_as_typed("３号Ａ：甲型流感了", "流感") == "甲型流感"
    assert disease_as_typed("3号流行性腮腺炎", "流行性腮腺炎") == "流行性腮腺炎"
    assert disease_as_typed("3号腮腺炎", "流行性腮腺炎") == "腮腺炎"

"""config.toml: the example agrees with Config, the environment wins, and what is wrong is named."""

import itertools
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from bot.app import CARRIED, CARRIES
from bot.config import Config, ConfigError, PrivacySection, load, settings

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(place: Path, words: str) -> Path:
    path = place / "config.toml"
    path.write_text(words, encoding="utf-8")
    return path


def uncommented(words: str) -> str:
    """With the settings that the example leaves out switched on."""
    return re.sub(r"^# (\w+ = )", r"\1", words, flags=re.MULTILINE)


def test_the_example_holds_every_setting_and_no_other() -> None:
    said = tomllib.loads(uncommented(EXAMPLE.read_text(encoding="utf-8")))
    assert {(section, name) for section, names in said.items() for name in names} == set(settings())


def test_the_example_says_what_holds_where_nothing_is_said(place: Path) -> None:
    assert load(EXAMPLE) == load(None) == Config()


def test_every_setting_of_the_example_has_a_comment_above_it() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for above, line in itertools.pairwise(lines):
        if re.match(r"(# )?\w+ = ", line):
            assert above.startswith("# "), line


def test_the_environment_wins_over_the_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(place, '[telegram]\ntoken = "file"\nbase_url = "http://127.0.0.1:8081"\n')
    monkeypatch.setenv("ZERO_REPORT_TELEGRAM__TOKEN", "environment")
    config = load(path)
    assert config.token == "environment"
    assert config.telegram.base_url == "http://127.0.0.1:8081/bot"


def test_a_secret_file_wins_over_both(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "token").write_text("from the file\n", encoding="utf-8")
    monkeypatch.setenv("ZERO_REPORT_TELEGRAM__TOKEN", "environment")
    assert load(write(place, '[telegram]\ntoken_file = "token"\n')).token == "from the file"


def test_a_config_does_not_show_its_token(place: Path) -> None:
    assert "7:AA" not in repr(load(write(place, '[telegram]\ntoken = "7:AA"\n')))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('[telegram]\ntokn = "x"\n', "telegram.tokn is not a setting. Did you mean telegram.token?"),
        ('[telegrm]\ntoken = "x"\n', "telegrm is not a setting. Did you mean telegram?"),
        ("colour = 1\n", "colour is not a setting. Known are: telegram, storage, district, privacy."),
        ('[telegram]\nbase_url = "api.telegram.org"\n', "telegram.base_url is wrong: it must begin with https://"),
        ('[district]\nzone = "Asia/Peking"\n', "district.zone is wrong: there is no such time zone"),
        ('[district]\nzone = "../x"\n', "district.zone is wrong: there is no such time zone"),
        ('[district]\nstarts_on = "soon"\n', "district.starts_on is wrong"),
        ('[district]\nrehearsal = "perhaps"\n', "district.rehearsal is wrong"),
        ('[privacy]\ntelegram = "all"\n', "privacy.telegram is wrong"),
        ("telegram = 5\n", "telegram is wrong"),
        ("[telegram\n", "is not valid TOML"),
    ],
)
def test_what_is_wrong_is_named(place: Path, words: str, said: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        load(write(place, words))


def test_every_fault_is_named_at_once(place: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(place, '[telegram]\ntokn = "x"\n[privacy]\ntelegram = "all"\n'))
    assert len(str(caught.value).splitlines()) == 2


def test_what_is_wrong_is_named_without_its_value(place: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(place, '[telegram]\ntoken = ["7:AAsecret"]\n'))
    assert "7:AAsecret" not in str(caught.value)


def test_a_slip_in_the_environment_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZERO_REPORT_TELEGRM__TOKEN", "x")
    with pytest.raises(ConfigError, match=r"ZERO_REPORT_TELEGRM__TOKEN .* Did you mean telegram?"):
        load(None)


@pytest.mark.parametrize("words", ["", '[telegram]\ntoken = "  "\n'])
def test_a_missing_token_says_where_to_put_it(place: Path, words: str) -> None:
    with pytest.raises(ConfigError, match=r"telegram.token is missing.*ZERO_REPORT_TELEGRAM__TOKEN"):
        _ = load(write(place, words)).token


def test_a_token_file_that_is_not_there_is_named(place: Path) -> None:
    with pytest.raises(ConfigError, match=r"telegram.token_file: nowhere cannot be read"):
        _ = load(write(place, '[telegram]\ntoken_file = "nowhere"\n')).token


def test_a_file_that_is_not_there_is_named(place: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read"):
        load(place / "other.toml")


def test_the_start_up_line_says_of_every_choice_what_a_channel_then_carries_and_why_the_default_is_narrow() -> None:
    for choice in get_args(PrivacySection.model_fields["telegram"].annotation):
        said = CARRIES % (choice, CARRIED[choice])
        assert said.startswith(f"privacy.telegram is {choice}: Telegram carries ")
        assert said.endswith("the default, alone, is narrower than full because what is sent through Telegram lies on "
                             "servers outside the country")  # fmt: skip

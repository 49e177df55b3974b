"""config.toml: the example agrees with Config, the environment wins, and what is wrong is named."""

import itertools
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from bot.app import CARRIED, CARRIES
from bot.channels.configured import configured, groups_of
from bot.clock import SystemClock
from bot.config import Config, ConfigError, PrivacySection, WecomApp, WecomRobot, load, settings

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
        (
            "colour = 1\n",
            "colour is not a setting. Known are: telegram, wecom, storage, web, watch, district, privacy.",
        ),
        ('[telegram]\nbase_url = "api.telegram.org"\n', "telegram.base_url is wrong: it must begin with https://"),
        ('[district]\nzone = "Asia/Peking"\n', "district.zone is wrong: there is no such time zone"),
        ('[district]\nzone = "../x"\n', "district.zone is wrong: there is no such time zone"),
        ('[district]\nstarts_on = "soon"\n', "district.starts_on is wrong"),
        ('[district]\nrehearsal = "perhaps"\n', "district.rehearsal is wrong"),
        ('[wecom]\ncorp = "ww1"\n', "wecom.corp is not a setting. Did you mean wecom.corp_id?"),
        ('[wecom]\ncorp_id = "ww 1"\n', "wecom.corp_id is wrong: it has letters and digits only"),
        ('[wecom]\nbot_id = "机器人"\n', "wecom.bot_id is wrong: it has letters and digits only"),
        ('[wecom]\nagent_id = "app"\n', "wecom.agent_id is wrong"),
        ("[wecom]\nagent_id = -1\n", "wecom.agent_id is wrong"),
        ("[wecom]\ntoken = 5\n", "wecom.token is wrong"),
        ('[wecom]\nlisten = "8480"\n', "wecom.listen is wrong: write it like 127.0.0.1:8480"),
        ('[wecom]\nlisten = "127.0.0.1:https"\n', "wecom.listen is wrong: write it like 127.0.0.1:8480"),
        ('[wecom]\nlisten = "127.0.0.1:65536"\n', "wecom.listen is wrong: write it like 127.0.0.1:8480"),
        ('[wecom]\npath = "wecom"\n', "wecom.path is wrong: write it like /wecom"),
        ('[wecom]\npath = "/wecom?a=1"\n', "wecom.path is wrong: write it like /wecom"),
        ('[wecom]\nbase_url = "qyapi.weixin.qq.com"\n', "wecom.base_url is wrong: it must begin with https://"),
        ('[wecom]\nrobot_url = "https://x"\n', "wecom.robot_url is wrong: it must begin with wss://"),
        ('[wecom]\ngroup = "webhook"\n', "wecom.group is wrong"),
        ('[privacy]\ntelegram = "all"\n', "privacy.telegram is wrong"),
        ('[privacy]\nwecom = "all"\n', "privacy.wecom is wrong"),
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


KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
APP = f'''[wecom]
corp_id = "wx5823bf96d3bd56c7"
agent_id = 1000002
secret = "the-secret"
token = "QDG6eK"
aes_key = "{KEY}"
'''
ROBOT = '[wecom]\nbot_id = "aib1"\nbot_secret = "the-secret"\n'


def test_a_platform_is_used_when_what_makes_us_known_to_it_is_there(place: Path) -> None:
    telegram = '[telegram]\ntoken = "7:AA"\n'
    assert load(write(place, telegram)).channels == ("telegram",)
    assert load(write(place, APP)).channels == ("wecom",)
    assert load(write(place, ROBOT)).channels == ("wecom",)
    assert load(write(place, telegram + APP)).channels == ("telegram", "wecom")
    assert load(write(place, '[telegram]\ntoken_file = "there"\n')).channels == ("telegram",)


def test_without_any_platform_each_way_is_named(place: Path) -> None:
    with pytest.raises(ConfigError, match=r"telegram.token is missing.*wecom.corp_id.*wecom.bot_id"):
        _ = load(None).channels


def test_the_self_built_app_is_known_by_what_the_console_shows(place: Path) -> None:
    config = load(write(place, APP))
    assert config.wecom_app == WecomApp("wx5823bf96d3bd56c7", 1000002, "the-secret", "QDG6eK", KEY)
    assert (config.wecom.host, config.wecom.port, config.wecom.path) == ("127.0.0.1", 8480, "/wecom")
    assert (config.wecom_robot, config.wecom_group_key) == (None, None)


def test_where_there_is_a_self_built_app_the_robot_is_not_used(place: Path) -> None:
    both = load(write(place, APP + 'bot_id = "aib1"\nbot_secret = "x"\n'))
    assert both.wecom_robot is None
    robot = load(write(place, ROBOT))
    assert (robot.wecom_app, robot.wecom_robot) == (None, WecomRobot("aib1", "the-secret"))


def test_another_key_of_a_group_s_robot_is_another_group(place: Path) -> None:
    """To which today's post is still to come, with its picture; and where it is told nobody the key."""
    where = [
        groups_of(load(write(place, APP + f'group = "robot"\ngroup_key = "{key}"\n')))["wecom"]
        for key in ("one", "another", "one")
    ]
    assert where[0] == where[2] != where[1]
    assert "another" not in where[1]
    assert groups_of(load(write(place, APP))) == {"wecom": ""}


def test_a_robot_binds_its_group_itself_and_has_no_secret_messages(place: Path) -> None:
    with pytest.raises(ConfigError, match=r"wecom\.group is for a self-built app.*/bind leaders"):
        configured(load(write(place, ROBOT + 'group = "robot"\n')), SystemClock())
    channel = configured(load(write(place, ROBOT)), SystemClock())["wecom"]
    assert (channel.username, channel.can.hears_groups) == ("aib1", True)
    assert load(write(place, ROBOT)).carries["wecom"] == "alone"
    assert load(write(place, APP)).carries["wecom"] == "full"
    assert load(write(place, ROBOT + '[privacy]\nwecom = "never"\n')).carries["wecom"] == "never"


def test_of_an_address_of_ipv6_the_brackets_are_not_part_of_the_host(place: Path) -> None:
    section = load(write(place, '[wecom]\nlisten = "[::1]:8480"\n')).wecom
    assert (section.host, section.port) == ("::1", 8480)


def test_all_that_the_app_lacks_is_named_at_once(place: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _ = load(write(place, '[wecom]\ncorp_id = "ww1"\n')).wecom_app
    said = str(caught.value).splitlines()
    assert [line.partition(" ")[0] for line in said] == [
        "wecom.agent_id", "wecom.secret", "wecom.token", "wecom.aes_key"
    ]  # fmt: skip
    assert "ZERO_REPORT_WECOM__AES_KEY" in said[3]
    assert "wecom.aes_key_file" in said[3]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('token = "QDG6eK"', 'token = "Q-G6eK"', "wecom.token is wrong: a Token has up to 32 letters and digits"),
        (KEY, KEY[1:], "wecom.aes_key is wrong: an EncodingAESKey has 43 letters and digits"),
        (KEY, KEY[1:] + "=", "wecom.aes_key is wrong: an EncodingAESKey has 43 letters and digits"),
    ],
)
def test_a_secret_that_the_console_cannot_have_shown_is_refused_without_being_repeated(
    place: Path, right: str, wrong: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)) as caught:
        _ = load(write(place, APP.replace(right, wrong))).wecom_app
    assert "G6eK" not in str(caught.value)
    assert KEY[1:] not in str(caught.value)


def test_every_secret_of_wecom_may_be_in_a_file_which_wins(place: Path) -> None:
    names = ("secret", "token", "aes_key", "group_key", "bot_secret")
    lines = [line for line in APP.splitlines() if "corp_id" not in line]
    for name in names:
        (place / name).write_text(f"{KEY if name == 'aes_key' else name.replace('_', '')}\n", encoding="utf-8")
        lines.append(f'{name}_file = "{name}"')
    words = "\n".join([*lines, 'group = "robot"', 'bot_id = "aib1"'])
    robot = load(write(place, words))
    app = load(write(place, words + '\ncorp_id = "ww1"\n'))
    assert app.wecom_app == WecomApp("ww1", 1000002, "secret", "token", KEY)
    assert app.wecom_group_key == "groupkey"
    assert robot.wecom_robot == WecomRobot("aib1", "botsecret")


@pytest.mark.parametrize(
    ("words", "key"),
    [('group = "robot"', "wecom.group_key"), ('bot_id = "aib1"', "wecom.bot_secret")],
)
def test_what_a_robot_lacks_is_named(place: Path, words: str, key: str) -> None:
    config = load(write(place, f"[wecom]\n{words}\n"))
    with pytest.raises(ConfigError, match=f"{key} is missing.*{key}_file"):
        _ = config.wecom_robot, config.wecom_group_key


def test_neither_the_config_nor_what_is_made_of_it_shows_a_secret(place: Path) -> None:
    app = load(write(place, APP + 'group = "robot"\ngroup_key = "the-secret"\nbot_secret = "the-secret"\n'))
    robot = load(write(place, ROBOT))
    for shown in (repr(app), repr(app.wecom_app), repr(robot), repr(robot.wecom_robot)):
        for secret in ("the-secret", "QDG6eK", KEY):
            assert secret not in shown


def test_a_file_that_is_not_there_is_named(place: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read"):
        load(place / "other.toml")


def test_the_start_up_line_says_of_every_choice_what_a_channel_then_carries_and_why_the_default_is_narrow() -> None:
    for choice in get_args(PrivacySection.model_fields["telegram"].annotation):
        said = CARRIES["telegram"] % (choice, CARRIED[choice])
        assert said.startswith(f"privacy.telegram is {choice}: Telegram carries ")
        assert said.endswith("the default, alone, is narrower than full because what is sent through Telegram lies on "
                             "servers outside the country")  # fmt: skip

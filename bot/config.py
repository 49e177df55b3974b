"""config.toml → one frozen Config: what belongs to a machine. What the district decides is in dated rules."""

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, NonNegativeInt, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

DEFAULT = Path("config.toml")
PREFIX = "ZERO_REPORT_"
EXAMPLE = "ZERO_REPORT_STORAGE__URL"
OFFICIAL = "https://api.telegram.org/bot"
HIGHEST_PORT = 65535
# every secret: where it is to be had, said when it is missing
GIVEN_BY: Mapping[str, str] = {
    "telegram.token": "what @BotFather gave you",
    "telegram.webhook_secret": "a long word that nobody can guess, the same on each machine",
    "wecom.secret": "the Secret on the app's page in WeCom's console (应用管理)",
    "wecom.token": "the Token of 接收消息 on the app's page in WeCom's console",
    "wecom.aes_key": "the EncodingAESKey of 接收消息 on the app's page in WeCom's console",
    "wecom.group_key": "what follows key= in the address of the group's robot (群机器人)",
    "wecom.bot_secret": "the Secret of the 智能机器人 (API模式, 使用长连接)",
}
# those whose form is known, with how it is said
FORMS: Mapping[str, tuple[str, str]] = {
    "telegram.webhook_secret": (r"[A-Za-z0-9_-]{16,256}", "it has 16 to 256 letters, digits, _ and -"),
    "wecom.token": (r"[A-Za-z0-9]{1,32}", "a Token has up to 32 letters and digits"),
    "wecom.aes_key": (r"[A-Za-z0-9]{43}", "an EncodingAESKey has 43 letters and digits"),
}


class ConfigError(Exception):
    """A key that is wrong or unknown: the sentence names it and says what to do."""


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


def _host_and_port(listen: str) -> str:
    host, _, port = listen.rpartition(":")
    if not host or not re.fullmatch("[0-9]{1,5}", port) or int(port) > HIGHEST_PORT:
        raise ValueError("write it like 127.0.0.1:8480")
    return listen


Listen = Annotated[str, AfterValidator(_host_and_port)]


def host_of(listen: str) -> str:
    return listen.rpartition(":")[0].strip("[]")


def port_of(listen: str) -> int:
    return int(listen.rpartition(":")[2])


class TelegramSection(Section):
    token: SecretStr = SecretStr("")
    token_file: Path | None = None
    base_url: str = OFFICIAL
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    webhook_secret_file: Path | None = None
    webhook_listen: Listen = "127.0.0.1:8482"

    @field_validator("base_url")
    @classmethod
    def _ends_where_the_token_begins(cls, url: str) -> str:
        """People write the server's address; the token follows right behind /bot."""
        if not url.startswith(("https://", "http://")):
            raise ValueError("it must begin with https:// or http://")
        url = url.rstrip("/")
        return url if url.endswith("/bot") else f"{url}/bot"

    @field_validator("webhook_url")
    @classmethod
    def _http(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError("it must begin with https:// (Telegram takes no other; the sandbox http:// as well)")
        return url

    @property
    def is_meant(self) -> bool:
        """Whether the district wants Telegram at all."""
        return self.token_file is not None or bool(self.token.get_secret_value().strip())


class WecomSection(Section):
    """The self-built app is used where `corp_id` is there, else the robot where `bot_id` is there."""

    corp_id: str = ""
    agent_id: NonNegativeInt = 0
    secret: SecretStr = SecretStr("")
    secret_file: Path | None = None
    token: SecretStr = SecretStr("")
    token_file: Path | None = None
    aes_key: SecretStr = SecretStr("")
    aes_key_file: Path | None = None
    listen: Listen = "127.0.0.1:8480"
    path: str = "/wecom"
    public_url: str = ""
    base_url: str = "https://qyapi.weixin.qq.com"
    group: Literal["", "appchat", "robot"] = ""
    group_key: SecretStr = SecretStr("")
    group_key_file: Path | None = None
    bot_id: str = ""
    bot_secret: SecretStr = SecretStr("")
    bot_secret_file: Path | None = None
    robot_url: str = "wss://openws.work.weixin.qq.com"

    @field_validator("corp_id", "bot_id")
    @classmethod
    def _one_word(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_-]*", name):
            raise ValueError("it has letters and digits only; copy it from WeCom's console")
        return name

    @field_validator("path")
    @classmethod
    def _absolute(cls, path: str) -> str:
        if not re.fullmatch(r"/[A-Za-z0-9/._~-]*", path):
            raise ValueError("write it like /wecom: what follows the host in the URL that the console is given")
        return path

    @field_validator("public_url", "base_url")
    @classmethod
    def _http(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError("it must begin with https:// or http://")
        return url.rstrip("/")

    @field_validator("robot_url")
    @classmethod
    def _websocket(cls, url: str) -> str:
        if not url.startswith(("wss://", "ws://")):
            raise ValueError("it must begin with wss:// or ws://")
        return url


@dataclass(frozen=True)
class WecomApp:
    """What makes us the self-built app (自建应用)."""

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)


@dataclass(frozen=True)
class WecomRobot:
    """What makes us the robot (智能机器人) at its long connection."""

    bot_id: str
    secret: str = field(repr=False)


class StorageSection(Section):
    url: str = "sqlite:///zero-report.db"
    files: Path = Path("zero-report-files")

    @property
    def database(self) -> Path | None:
        """SQLite's file; None where the database is a server's."""
        kind, _, path = self.url.partition(":///")
        return Path(path) if kind == "sqlite" else None


class WebSection(Section):
    listen: str = ""

    @field_validator("listen")
    @classmethod
    def _address(cls, listen: str) -> str:
        return _host_and_port(listen) if listen else ""


class WatchSection(Section):
    heartbeat_url: SecretStr = SecretStr("")

    @field_validator("heartbeat_url")
    @classmethod
    def _http(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not url.get_secret_value().startswith(("https://", "http://")):
            raise ValueError("it must begin with https:// or http://")
        return url


class DistrictSection(Section):
    zone: str = "Asia/Shanghai"
    starts_on: date | None = None
    rehearsal: bool = False

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("there is no such time zone; write it like Asia/Shanghai") from error
        return zone


class PrivacySection(Section):
    telegram: Literal["never", "alone", "full"] = "alone"
    wecom: Literal["never", "alone", "full"] | None = None  # full for an app; alone for a robot, which has no 保密消息


class Config(BaseSettings):
    """Sections as in config.example.toml, which says what each setting is for."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid", validate_default=True
    )

    telegram: TelegramSection = TelegramSection()
    wecom: WecomSection = WecomSection()
    storage: StorageSection = StorageSection()
    web: WebSection = WebSection()
    watch: WatchSection = WatchSection()
    district: DistrictSection = DistrictSection()
    privacy: PrivacySection = PrivacySection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The first wins: the environment, then what the TOML file says."""
        return env_settings, init_settings

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.district.zone)

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the platforms that are configured. Raises ConfigError when none is."""
        telegram, wecom = self.telegram, self.wecom
        used = []
        if telegram.is_meant:
            used.append("telegram")
        if wecom.corp_id or wecom.bot_id:
            used.append("wecom")
        if not used:
            raise ConfigError(
                f"{_missing('telegram.token')} Or for WeCom: its 企业ID in wecom.corp_id (a self-built app, 自建应用), "
                "or a 智能机器人's Bot ID in wecom.bot_id."
            )
        return tuple(used)

    @property
    def carries(self) -> dict[str, str]:
        """What of children's names each platform may carry."""
        wecom = self.privacy.wecom or ("alone" if self.wecom.bot_id and not self.wecom.corp_id else "full")
        return {"telegram": self.privacy.telegram, "wecom": wecom}

    @property
    def token(self) -> str:
        """Telegram's; from the secret file, if one is named. Raises ConfigError."""
        return self._secret("telegram.token")

    @property
    def webhook_secret(self) -> str | None:
        """None where Telegram is polled. Raises ConfigError."""
        return self._secret("telegram.webhook_secret") if self.telegram.webhook_url else None

    @property
    def wecom_app(self) -> WecomApp | None:
        """None where there is no wecom.corp_id. Raises ConfigError, a line for each value that is missing or wrong."""
        section = self.wecom
        if not section.corp_id:
            return None
        faults = [] if section.agent_id else ["wecom.agent_id is missing: put the AgentId on the app's page there."]
        secrets = {}
        for name in ("secret", "token", "aes_key"):
            try:
                secrets[name] = self._secret(f"wecom.{name}")
            except ConfigError as error:
                faults.append(str(error))
        if faults:
            raise ConfigError("\n".join(faults))
        return WecomApp(corp_id=section.corp_id, agent_id=section.agent_id, **secrets)

    @property
    def wecom_robot(self) -> WecomRobot | None:
        """None where there is no wecom.bot_id, or a self-built app. Raises ConfigError."""
        if self.wecom.corp_id or not self.wecom.bot_id:
            return None
        return WecomRobot(self.wecom.bot_id, self._secret("wecom.bot_secret"))

    @property
    def wecom_group_key(self) -> str | None:
        """None where the leaders' group has no robot. Raises ConfigError."""
        return self._secret("wecom.group_key") if self.wecom.group == "robot" else None

    def _secret(self, key: str) -> str:
        section, _, name = key.partition(".")
        found = getattr(self, section)
        path: Path | None = getattr(found, f"{name}_file")
        value: SecretStr = getattr(found, name)
        words = (value.get_secret_value() if path is None else _content(f"{key}_file", path)).strip()
        if not words:
            raise ConfigError(_missing(key))
        form, said = FORMS.get(key, ("(?s:.*)", ""))
        if not re.fullmatch(form, words):
            raise ConfigError(f"{key} is wrong: {said}; it is {GIVEN_BY[key]}.")
        return words


def load(path: Path | None) -> Config:
    """Without a path config.toml, if there is one. Raises ConfigError."""
    said = _read(path)
    _check_environment(os.environ)
    try:
        return Config(**said)
    except ValidationError as error:
        raise ConfigError("\n".join(_sentence(one) for one in error.errors(include_input=False))) from None
    except SettingsError as error:
        name = f"{PREFIX}SECTION__KEY"
        raise ConfigError(f"the environment: {error}. A setting there is named {name}, such as {EXAMPLE}.") from None


def exposed(path: Path | None, config: Config) -> tuple[Path, ...]:
    """The files that hold a secret and that anybody on this machine may read."""
    keys = [*(key.split(".") for key in GIVEN_BY), ["watch", "heartbeat_url"]]
    said = _read(path)
    files = {getattr(getattr(config, section), f"{name}_file", None) for section, name in keys}
    if any(said.get(section, {}).get(name) for section, name in keys):
        files.add(path or DEFAULT)
    return tuple(sorted(one for one in files if one is not None and one.exists() and one.stat().st_mode & 0o007))


def settings() -> Iterator[tuple[str, ...]]:
    """Every key, as (section, name)."""
    for section, setting in Config.model_fields.items():
        kind = setting.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from ((section, name) for name in kind.model_fields)


def _read(path: Path | None) -> dict[str, Any]:
    if path is None and not DEFAULT.exists():
        return {}
    path = path or DEFAULT
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read ({error.strerror}): copy config.example.toml there and fill it in."
        ) from error
    except ValueError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}. Compare it with config.example.toml.") from error


def _check_environment(environment: Mapping[str, str]) -> None:
    """A slip in a variable's name would otherwise pass in silence."""
    for name in sorted(environment):
        if name.upper().startswith(PREFIX):
            section = name[len(PREFIX) :].lower().partition("__")[0]
            if section not in Config.model_fields:
                raise ConfigError(f"{name} in the environment is not known. {_did_you_mean((section,))}")


def _content(key: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConfigError(f"{key}: {path} cannot be read ({type(error).__name__}).") from error


def _missing(key: str) -> str:
    name = f"{PREFIX}{key.upper().replace('.', '__')}"
    return (
        f"{key} is missing: put {GIVEN_BY[key]} there, or in the environment as {name}, "
        f"or in a file named by {key}_file."
    )


def _sentence(error: ErrorDetails) -> str:
    place = tuple(str(part) for part in error["loc"])
    key = ".".join(place)
    if error["type"] == "extra_forbidden":
        return f"{key} is not a setting. {_did_you_mean(place)}"
    why = error["msg"].removeprefix("Value error, ")
    return f"{key} is wrong: {why}. config.example.toml shows how it is written."


def _did_you_mean(place: tuple[str, ...]) -> str:
    known = [".".join(one) for one in settings()] if len(place) > 1 else list(Config.model_fields)
    near = difflib.get_close_matches(".".join(place), known, n=1)
    if near:
        return f"Did you mean {near[0]}?"
    return f"Known are: {', '.join(known)}."

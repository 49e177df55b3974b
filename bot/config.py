"""config.toml → one frozen Config: what belongs to a machine. What the district decides is in dated rules."""

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

DEFAULT = Path("config.toml")
PREFIX = "ZERO_REPORT_"
EXAMPLE = "ZERO_REPORT_STORAGE__URL"
OFFICIAL = "https://api.telegram.org/bot"


class ConfigError(Exception):
    """A key that is wrong or unknown: the sentence names it and says what to do."""


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class TelegramSection(Section):
    token: SecretStr = SecretStr("")
    token_file: Path | None = None
    base_url: str = OFFICIAL

    @field_validator("base_url")
    @classmethod
    def _ends_where_the_token_begins(cls, url: str) -> str:
        """People write the server's address; the token follows right behind /bot."""
        if not url.startswith(("https://", "http://")):
            raise ValueError("it must begin with https:// or http://")
        url = url.rstrip("/")
        return url if url.endswith("/bot") else f"{url}/bot"


class StorageSection(Section):
    url: str = "sqlite:///zero-report.db"
    files: Path = Path("zero-report-files")


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


class Config(BaseSettings):
    """Sections as in config.example.toml, which says what each setting is for."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", frozen=True, extra="forbid", validate_default=True
    )

    telegram: TelegramSection = TelegramSection()
    storage: StorageSection = StorageSection()
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
    def token(self) -> str:
        """From the secret file, if one is named. Raises ConfigError."""
        section = self.telegram
        token = section.token.get_secret_value() if section.token_file is None else _secret(section.token_file)
        if not token.strip():
            raise ConfigError(
                "telegram.token is missing: put what @BotFather gave you there, or in the environment as "
                f"{PREFIX}TELEGRAM__TOKEN, or in a file named by telegram.token_file."
            )
        return token.strip()


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


def settings() -> Iterator[tuple[str, ...]]:
    """Every key, as (section, name)."""
    for section, field in Config.model_fields.items():
        kind = field.annotation
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


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConfigError(f"telegram.token_file: {path} cannot be read ({type(error).__name__}).") from error


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

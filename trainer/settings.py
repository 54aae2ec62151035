"""Every setting in one place, each with its unit.

Order: flags > environment (`TRAINER_*`) > `config.toml` > these defaults.
"""

import json
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from trainer.domain.errors import BadInput

APP = "voice-trainer"


def config_file() -> Path:
    """Where `trainer config` writes; `TRAINER_CONFIG` names another file."""
    given = os.environ.get("TRAINER_CONFIG")
    return Path(given) if given else Path(platformdirs.user_config_dir(APP)) / "config.toml"


def cache_dir() -> Path:
    """Where weights live; `TRAINER_CACHE` names another folder."""
    given = os.environ.get("TRAINER_CACHE")
    return Path(given) if given else Path(platformdirs.user_cache_dir(APP))


def _named(folder: Any) -> Any:
    if folder == "":  # which would be whatever folder one happens to be in
        raise ValueError("it needs a folder")
    return folder


def _nobody_is_off(given: Any) -> Any:
    return "off" if given in ("", "none") else given


def _listed(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    if given.startswith("["):
        return json.loads(given)  # its error is a ValueError
    return [word for word in (part.strip() for part in given.split(",")) if word]


Folder = Annotated[Path, BeforeValidator(_named), AfterValidator(Path.expanduser)]
Words = Annotated[list[str], NoDecode, BeforeValidator(_listed)]
"""As text with commas between them, in a variable or on a command line."""


class Settings(BaseSettings):
    """The settings. Field descriptions are shown to people."""

    model_config = SettingsConfigDict(env_prefix="TRAINER_", env_ignore_empty=True, extra="ignore")

    data_dir: Folder = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir(APP)),
        description="Folder of calls, and of your own personas/, prompts/ and rubrics/.",
    )
    team_dir: Folder | None = Field(
        default=None,
        description="A shared folder with personas/, prompts/ and rubrics/ of the team.",
    )
    profile: str = Field(
        default="default", description="Whose baseline, progress and used lines these are."
    )

    stt: str = Field(
        default="base",
        description="Speech-to-text: base, tiny.en, or a litellm transcription model.",
    )
    wording: str = Field(
        default="auto",
        description="Who words the customer: auto, authored, local, or a litellm model.",
    )
    wording_api_base: str = Field(
        default="", description="Address of the wording model's server, if it is not the usual one."
    )
    acts: Literal["rules", "llm"] = Field(
        default="rules",
        description="Who reads what your words did in `trainer acts`: rules (with likeness to "
        "examples), or llm, where the wording model reads them once more.",
    )
    rubric: str = Field(
        default="core",
        description="The rubric that calls are reviewed by: a name from `trainer rubric list`.",
    )
    judge: Annotated[str, BeforeValidator(_nobody_is_off)] = Field(
        default="off",
        description="A language model that also marks what your words did, by the rubric: off, or "
        "a litellm model. What was said goes to it.",
    )
    judge_api_base: str = Field(
        default="", description="Address of the judge's server, if it is not the usual one."
    )
    voice: str = Field(
        default="auto", description="The customer's voice: auto, piper, pyttsx3, cloud or none."
    )
    voice_model: str = Field(
        default="",
        description="The litellm speech model of `voice = cloud`, e.g. openai/gpt-4o-mini-tts.",
    )
    voice_api_base: str = Field(
        default="", description="Address of the speech model's server, if it is not the usual one."
    )
    stt_api_base: str = Field(
        default="",
        description="Address of the transcription model's server, if it is not the usual one.",
    )

    input_device: str = Field(
        default="", description="Microphone, by name; empty: the system's choice."
    )
    output_device: str = Field(
        default="", description="Speaker, by name; empty: the system's choice."
    )
    echo: Literal["auto", "cancel", "headset", "half_duplex"] = Field(
        default="auto",
        description="What keeps the customer from hearing themselves: auto goes by the echo test; "
        "cancel takes them out of the microphone; headset needs nothing; half_duplex does not "
        "listen while they speak, and the talk key interrupts.",
    )
    line: Literal["clear", "telephone"] = Field(
        default="clear",
        description="How the customer sounds: clear, or as through a telephone "
        "(300 to 3400 Hz, 8 bits).",
    )
    background: Literal["customer", "none", "office", "street", "cafe", "rain", "machine"] = Field(
        default="customer",
        description="What is heard behind the customer: what their file asks for (most ask for "
        "nothing), none, or always the same place.",
    )
    background_snr_db: float = Field(
        default=20.0,
        ge=5,
        le=40,
        description="How far that lies under a calm voice, dB: 20 is plainly there, 10 is hard.",
    )
    captions: bool = Field(default=True, description="Show what is said as text during a call.")
    patience: float = Field(
        default=1.0,
        ge=0.5,
        le=3.0,
        description="How long a pause may be before your turn counts as finished; factor.",
    )
    avoid: Words = Field(
        default_factory=list,
        description="Content notes of customers you do not want to be offered.",
    )
    tone: bool = Field(
        default=True,
        description="Whether the sound of your voice (pitch, balance, level) is measured and "
        "scored; off, the debrief says so.",
    )
    pacing: bool = Field(
        default=True,
        description="Whether your speed, pauses and answering times are measured and scored; off, "
        "the debrief says so.",
    )
    coaching: Literal["full", "light", "off"] = Field(
        default="full",
        description="Help beside a practice call: full (what shows of the customer, and a hint), "
        "light (hints at hard moments only) or off. It is the most you are shown: it fades by "
        "itself as calls go well.",
    )
    offer_warm_up: bool = Field(
        default=True, description="Whether home offers the warm-up while there is none."
    )
    theme: Literal["dark", "light"] = Field(default="dark", description="dark or light.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls, config_file())
        return init_settings, env_settings, toml

    def content_roots(self) -> list[Path]:
        """Folders whose content shadows what is shipped: the team's, then the person's own."""
        return [folder for folder in (self.team_dir, self.data_dir) if folder is not None]


def why(error: ValidationError) -> str:
    """What a value should have been instead, in words."""
    said = str(error.errors()[0]["msg"])
    return said.removeprefix("Input should be ").removeprefix("Value error, ")


def load(**flags: Any) -> Settings:
    """The settings in force. `flags` that are None are left to the other sources.

    Raises:
        BadInput: the settings file, a variable or a flag holds something that does not fit.
    """
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        where = str(error.errors()[0]["loc"][0])
        raise BadInput(
            f"The setting “{where}” does not fit: {why(error)}.",
            f"It stands in {config_file()} or in TRAINER_{where.upper()}.",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            f"The settings file {config_file()} cannot be read: {error}.", "Mend that line."
        ) from None
    except OSError as error:
        raise BadInput(
            f"The settings file {config_file()} cannot be read: {error.strerror}."
        ) from None

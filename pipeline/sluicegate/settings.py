"""Frozen settings, read from `sluicegate.toml`; a misspelled key is refused, every default has its reason beside it.

Where settings come from, first match wins: the file given, `SLUICEGATE_CONFIG`, `sluicegate.toml` in the working
folder, `sluicegate.toml` in the user's configuration folder, and else the defaults below.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sluicegate.errors import SettingsError

MIB = 1024 * 1024


class Section(BaseModel):
    """A table of the settings file: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Limits(Section):
    """How much one document may ask of the machine. A limit reached keeps what was read and adds a problem."""

    bytes: int = Field(256 * MIB, description="Largest file or message; mail systems stop near 50 MiB.", gt=0)
    part_bytes: int = Field(512 * MIB, description="Largest unpacked member; a bomb unpacks to more.", gt=0)
    total_bytes: int = Field(1024 * MIB, description="All unpacked members of one document together.", gt=0)
    ratio: int = Field(200, description="Unpacked over packed size above 10 MiB; text reaches 20, a bomb 1000.", gt=1)
    members: int = Field(10_000, description="Files inside one document, at all depths.", gt=0)
    depth: int = Field(8, description="Containers inside containers; honest mail rarely passes 4.", gt=0)
    pages: int = Field(5_000, description="Pages read from one PDF; a plant's full manual stays below.", gt=0)
    characters: int = Field(20_000_000, description="Text kept from one document, about 8,000 pages.", gt=0)
    seconds: float = Field(120.0, description="Wall time for one document; then its worker is killed.", gt=0)
    cpu_seconds: float = Field(120.0, description="CPU time for one document.", gt=0)
    memory: int = Field(1536 * MIB, description="Address space of a worker; the largest honest PDF seen took 0.5 GiB.", gt=0)
    ocr_memory: int = Field(3072 * MIB, description="The same when OCR is on: its network needs more.", gt=0)
    image_pixels: int = Field(60_000_000, description="Largest picture decoded for OCR: A3 at 600 dpi.", gt=0)


class Extraction(Section):
    """What the extractors may use."""

    passwords: tuple[str, ...] = Field((), description="Tried on encrypted files.")
    ocr: Literal["auto", "off"] = Field("auto", description="Use OCR where one is installed.")


class Policy(Section):
    """How strict the decision table is. The thresholds on probability come with the model unless set here."""

    teaches_at: float | None = Field(None, ge=0, le=1, description="At or above: the text teaches.")
    unsure_at: float | None = Field(None, ge=0, le=1, description="At or above, below teaches_at: unsure.")
    lists: tuple[str, ...] = Field((), description="Control lists to screen with; empty means all.")
    unread: Literal["review", "hold"] = Field("review", description="Least decision when a part went unread.")


class Paths(Section):
    """Where the company's own data live; empty means the user's data folder (platformdirs)."""

    models: Path | None = None
    store: Path | None = None
    records: Path | None = None
    licences: Path | None = None
    lists: Path | None = Field(None, description="Folder with further control lists (*.toml).")


class Records(Section):
    """How long quotes and records are kept."""

    retention_days: int = Field(5 * 366, description="Export-control law asks for five years.", gt=0)
    redact: bool = Field(False, description="Leave quotes out of everything written.")


class Settings(Section):
    """All settings of one run."""

    limits: Limits = Limits()
    extraction: Extraction = Extraction()
    policy: Policy = Policy()
    paths: Paths = Paths()
    records: Records = Records()
    model: str | None = Field(None, description="Model to use instead of the promoted one.")

    @property
    def digest(self) -> str:
        """SHA-256 over what bears on a verdict (paths and passwords left out)."""
        bearing = self.model_dump_json(exclude={"paths": True, "extraction": {"passwords"}})
        return hashlib.sha256(bearing.encode()).hexdigest()

    def folder(self, name: Literal["models", "store", "records", "licences"]) -> Path:
        """The folder for the company's own data of this kind, inside `[paths]` or the user's data folder."""
        given: Path | None = getattr(self.paths, name)
        if given is not None:
            return given
        from platformdirs import user_data_path

        return user_data_path("sluicegate") / name


def candidates() -> tuple[Path, ...]:
    """The places searched for settings when no file is given, in order."""
    from platformdirs import user_config_path

    named = os.environ.get("SLUICEGATE_CONFIG")
    return (
        *([Path(named)] if named else []),
        Path("sluicegate.toml"),
        user_config_path("sluicegate") / "sluicegate.toml",
    )


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings; raises `SettingsError` naming the file, the key and what is wrong with it."""
    if path is None:
        named = os.environ.get("SLUICEGATE_CONFIG")
        if named and not Path(named).is_file():
            raise SettingsError(f"SLUICEGATE_CONFIG names {named}, which is not a file")
        path = next((candidate for candidate in candidates() if candidate.is_file()), None)
        if path is None:
            return Settings()
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    return parse_settings(values, source=str(path))


def parse_settings(values: object, *, source: str = "settings") -> Settings:
    """Validate settings given as plain values; raises `SettingsError` with every fault, each with its key."""
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise SettingsError(f"{source}: {faults}") from None

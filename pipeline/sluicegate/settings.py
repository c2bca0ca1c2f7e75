"""Frozen settings, read from `sluicegate.toml`; a misspelled key is refused, every default has its reason beside it.

Where settings come from, first match wins: the file given, `SLUICEGATE_CONFIG`, `sluicegate.toml` in the working
folder, `sluicegate.toml` in the user's configuration folder, and else the defaults below.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

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
    memory: int = Field(
        1536 * MIB, description="Address space of a worker; the largest honest PDF seen took 0.5 GiB.", gt=0
    )
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


Action = Literal["accept", "header", "tempfail", "hold", "reject"]


class Destination(Section):
    """Who a recipient is: `match` is an address, a domain, or `.domain` for a domain with all its subdomains."""

    match: str = Field(min_length=3)
    country: str = Field(pattern="^[A-Z]{2}$", description="ISO 3166 code of where the mail is read.")
    entity: str = Field(min_length=1, description="The legal entity that receives it.")


class Exemption(Section):
    """Mail to this entity in this country needs no screening; both must match, "internal" alone never counts."""

    country: str = Field(pattern="^[A-Z]{2}$")
    entity: str = Field(min_length=1)
    reason: str = Field(min_length=1, description="Why; the audit record quotes it.")


class TrustedSender(Section):
    """Mail from this sender is not screened when one of these relays hands it in; anyone can write a sender."""

    sender: str = Field(min_length=3)
    relays: tuple[str, ...] = Field(min_length=1, description="Client addresses or networks.")
    reason: str = Field(min_length=1)


class Milter(Section):
    """Where the milter listens."""

    listen: str = Field("unix:/var/spool/postfix/sluicegate/milter.sock", description="unix:PATH or inet:HOST:PORT.")
    mode: int = Field(0o660, description="Permissions of the Unix socket.")
    group: str | None = Field(None, description="Group of the Unix socket; Postfix needs to be in it.")
    clients: tuple[str, ...] = Field(("127.0.0.0/8", "::1/128"), description="Who may speak to it over TCP.")
    progress_seconds: float = Field(10.0, gt=0, description="Postfix's content_timeout must be longer.")


class Smtp(Section):
    """The SMTP proxy: where it listens, who may use it, and the two ports of the mail system behind it."""

    listen: str = Field("127.0.0.1:2598")
    clients: tuple[str, ...] = Field(("127.0.0.0/8", "::1/128"), description="Networks that may send; never all.")
    deliver: str = Field("127.0.0.1:2527", description="Takes what may leave.")
    hold: str = Field("127.0.0.1:2528", description="Holds whatever it gets (static:HOLD).")
    hostname: str | None = Field(None, description="Name in greetings and loop marker; default this host's.")
    certificate: Path | None = Field(None, description="TLS certificate chain (PEM); offers STARTTLS.")
    key: Path | None = None
    client_ca: Path | None = Field(None, description="Clients must show a certificate signed by this one (PEM).")
    require_tls: bool = False
    seconds: float = Field(60.0, gt=0, description="For each answer of the mail system behind.")


class Http(Section):
    """The HTTP interface."""

    listen: str = Field("127.0.0.1:8025")
    token_file: Path | None = Field(None, description="Holds the bearer token; needed beyond loopback.")
    clients: int = Field(200, gt=0, description="Connections at once.")


class Notices(Section):
    """Mail that the gateway itself sends: to the sender of a held message, and a digest to the reviewers."""

    smtp: str | None = Field(None, description="HOST:PORT that is not screened again; none means no notices.")
    sender: str = Field("postmaster@localhost", description="From: of notices; their envelope sender is empty.")
    reviewers: tuple[str, ...] = ()
    domains: tuple[str, ...] = Field((), description="Only senders of these domains get a notice (no backscatter).")
    contact: str = Field(
        "the export-control officer / 出口管制负责人", description="Whom to ask; stands in the notice."
    )


class Gateway(Section):
    """What the gateways do with a message, and how much they take at once. Every default fails closed."""

    on_hold: Action = "hold"
    on_review: Action = "hold"
    on_unreadable: Action = "hold"
    on_too_big: Action = "hold"
    on_timeout: Action = "hold"
    on_error: Action = Field("tempfail", description="Our own trouble: the client tries again later.")
    monitor_only: bool = Field(False, description="Add the header, hold nothing.")
    header: str = Field("X-Sluicegate", pattern="^[A-Za-z][A-Za-z0-9-]*$", description="Forged ones are removed.")
    reject_text: str = Field("Held back by export control; reference {reference}", pattern="^[ -~]+$")
    home_country: str = Field("CN", pattern="^[A-Z]{2}$", description="Exemptions are possible in this country only.")
    destinations: tuple[Destination, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    trusted_senders: tuple[TrustedSender, ...] = ()
    workers: int = Field(8, gt=0, description="More than cores, or light mail waits behind heavy.")
    seconds: float = Field(60.0, gt=0, description="For screening one message; below Postfix's content_timeout.")
    wait_seconds: float = Field(240.0, gt=0, description="With waiting for a worker; then it is our trouble.")
    messages: int = Field(200, gt=0, description="Taken at once; beyond it 451.")
    bytes: int = Field(1024 * MIB, gt=0, description="Held in memory at once; beyond it 451.")
    drain_seconds: float = Field(60.0, gt=0, description="On SIGTERM, for messages being screened.")
    user: str | None = Field(None, description="Become this user after the socket is open.")
    postfix: Path | None = Field(None, description="Configuration folder of Postfix, for held mail.")
    metrics: str | None = Field(None, description="HOST:PORT on loopback for /metrics and /healthz of a mail gateway.")
    milter: Milter = Milter()
    smtp: Smtp = Smtp()
    http: Http = Http()
    notices: Notices = Notices()

    @model_validator(mode="after")
    def _home_only(self) -> Gateway:
        for exemption in self.exemptions:
            if exemption.country != self.home_country:
                raise ValueError(
                    f"exemption for {exemption.entity!r} in {exemption.country}: a mail out of {self.home_country} "
                    "is an export, also to a company of one's own; use a licence instead"
                )
        return self


class Audit(Section):
    """The chained record of decisions."""

    key: Path | None = Field(None, description="Key file of the chain; default audit.key beside the record.")
    syslog: bool = Field(True, description="Send each head and one line a message to syslog (facility mail).")
    heads: Path | None = Field(None, description="Append each head to this file too, best on another machine.")


class Settings(Section):
    """All settings of one run."""

    limits: Limits = Limits()
    extraction: Extraction = Extraction()
    policy: Policy = Policy()
    paths: Paths = Paths()
    records: Records = Records()
    gateway: Gateway = Gateway()
    audit: Audit = Audit()
    model: str | None = Field(None, description="Model to use instead of the promoted one.")

    @property
    def digest(self) -> str:
        """SHA-256 over what bears on a verdict (paths, passwords and gateways left out)."""
        bearing = self.model_dump_json(
            exclude={"paths": True, "gateway": True, "audit": True, "extraction": {"passwords"}}
        )
        return hashlib.sha256(bearing.encode()).hexdigest()

    def folder(self, name: Literal["models", "store", "records", "licences"]) -> Path:
        """Where the company's own data of a kind live; raises `SettingsError` when there is no home for them."""
        given: Path | None = getattr(self.paths, name)
        if given is not None:
            return given
        from platformdirs import user_data_path

        try:
            return user_data_path("sluicegate") / name
        except RuntimeError:  # neither HOME nor an entry among the system's users, as in some containers
            raise SettingsError(f"this user has no home folder: set HOME, or {name} in [paths]") from None


def candidates() -> tuple[Path, ...]:
    """The places searched for settings when no file is given, in order."""
    from platformdirs import user_config_path

    named = os.environ.get("SLUICEGATE_CONFIG")
    own: tuple[Path, ...] = ()
    with suppress(RuntimeError):  # there is no home folder
        own = (user_config_path("sluicegate") / "sluicegate.toml",)
    return (*([Path(named)] if named else []), Path("sluicegate.toml"), *own)


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

"""A small line that does what a document's first word says, for the pool's tests: named to pools as a factory."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sluicegate.document import Part
from sluicegate.errors import ModelMissing
from sluicegate.settings import Settings
from sluicegate.verdict import Decision, Provenance, Verdict

FACTORY = "worker_stand_in:StandIn.build"


@dataclass(frozen=True)
class StandIn:
    """Screens by obeying; its model's name is the text of the file `current` in the models folder, if there is one."""

    settings: Settings
    model: str

    @classmethod
    def build(cls, settings: Settings, *, as_of: date | None = None) -> StandIn:
        model = _model(settings)
        if model == "refused":
            raise ModelMissing("nothing is promoted")
        return cls(settings, model)

    def stale(self) -> bool:
        return _model(self.settings) != self.model

    def provenance(self) -> Provenance:
        return Provenance("0", self.model, (), self.settings.digest, "2026-01-01T00:00:00+00:00", "2026-01-01")

    def screen_file(self, path: Path, *, name: str | None = None) -> Verdict:
        return self.screen_bytes(path.read_bytes(), name=name or str(path))

    def screen_bytes(self, data: bytes, *, name: str, media_type: str | None = None) -> Verdict:
        word, _, rest = data.decode("utf-8", "replace").partition(" ")
        notes = _COMMANDS[word](rest) if word in _COMMANDS else str(len(data))
        digest = hashlib.sha256(data).hexdigest()
        held = Decision.HOLD if "secret" in rest else Decision.RELEASE
        return Verdict(
            document=name, sha256=digest, media_type="text/plain", kind="other", language=("en",),
            parts=(Part((name,), digest, "text/plain"),),
            decision=held, reasons=("obeyed",), know_how=0.0, control_points=(), passages=(), problems=(),
            provenance=self.provenance(), notes=(notes,),
        )  # fmt: skip


def _model(settings: Settings) -> str:
    file = settings.folder("models") / "current"
    return file.read_text() if file.is_file() else "none"


def _sleep(seconds: str) -> str:
    time.sleep(float(seconds))
    return "slept"


def _spin(_: str) -> str:
    while True:
        pass


def _die(number: str) -> str:
    os.kill(os.getpid(), int(number))
    return "alive"


def _grow(mebibytes: str) -> str:
    held = bytearray(int(mebibytes) * 1024 * 1024)
    held[::4096] = b"x" * len(held[::4096])
    return str(len(held))


def _abort_for_memory(_: str) -> str:
    os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
    os.kill(os.getpid(), signal.SIGABRT)
    return "alive"


def _abort_for_damage(_: str) -> str:
    os.write(2, b"free(): invalid pointer\n")
    os.kill(os.getpid(), signal.SIGABRT)
    return "alive"


def _raise(words: str) -> str:
    raise LookupError(words)


def _recurse(words: str) -> str:
    return _recurse(words)


def _connect(port: str) -> str:
    try:
        socket.create_connection(("127.0.0.1", int(port)), timeout=2).close()
    except OSError as error:
        return f"refused {type(error).__name__}"
    return "connected"


def _connect_by_program(port: str) -> str:
    code = f"import socket; socket.create_connection(('127.0.0.1', {port}), timeout=2)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    return "connected" if done.returncode == 0 else "refused"


def _litter(_: str) -> str:
    folder = Path(tempfile.gettempdir())
    before = len(list(folder.iterdir()))
    (folder / "left").write_text("behind")
    (folder / "folder").mkdir()
    (folder / "folder" / "left").write_text("behind")
    return f"{before} {folder} {Path.cwd()}"


def _write(mebibytes: str) -> str:
    try:
        with tempfile.TemporaryFile() as file:
            for _ in range(int(mebibytes)):
                file.write(b"x" * 1024 * 1024)
            file.flush()
    except OSError as error:
        return type(error).__name__
    return "written"


def _lie(_: str) -> str:
    for descriptor in range(3, 64):
        if _is_socket(descriptor):
            os.write(descriptor, b"\x00\x00\x00\x05{]{]{")
    return "lied"


def _flood(_: str) -> str:
    for descriptor in range(3, 64):
        if _is_socket(descriptor):
            os.write(descriptor, b"\xff\xff\xff\xff" + b"x" * 1000)
    return "flooded"


def _is_socket(descriptor: int) -> bool:
    try:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink()).startswith("socket:")
    except OSError:
        return False


def _pid(_: str) -> str:
    return str(os.getpid())


_COMMANDS = {
    "sleep": _sleep, "spin": _spin, "die": _die, "grow": _grow, "abort-memory": _abort_for_memory,
    "abort-damage": _abort_for_damage, "raise": _raise, "recurse": _recurse, "connect": _connect,
    "connect-program": _connect_by_program, "litter": _litter, "write": _write, "lie": _lie, "flood": _flood,
    "pid": _pid,
}  # fmt: skip

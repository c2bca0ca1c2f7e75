"""The fork server: builds the Screener once, then forks a worker whenever the pool asks, and tells how each one ended.

Started as `python -m sluicegate.workers.server FD` with one end of a socket pair. It stays single-threaded, because a
fork copies only the calling thread: no library may start one before the last worker is forked.
"""

from __future__ import annotations

import gc
import importlib
import os
import selectors
import shutil
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sluicegate.errors import SluicegateError, WorkerError
from sluicegate.settings import Settings
from sluicegate.workers import confine
from sluicegate.workers.stamp import stamp_of
from sluicegate.workers.wire import Receiver, data_file, send
from sluicegate.workers.worker import Cell, Line, serve_tasks

_HEADROOM = 256 * 1024 * 1024  # what a worker must have left for documents after the program itself
_TAIL = 4096
_SENTENCE = b"Lithium iron phosphate is sintered at 700 \xc2\xb0C for 8 h and then milled."  # needs the tagger
_OF_MEMORY = (b"bad_alloc", b"out of memory", b"memoryerror", b"cannot allocate")
_OF_DAMAGE = (b"corrupt", b"invalid pointer", b"double free", b"smashing", b"assert", b"invalid size")


@dataclass(frozen=True, slots=True)
class Order:
    """What the pool asks of a server: how to build the Screener, and what its workers may use."""

    settings: Settings
    as_of: date | None
    factory: str
    memory: int
    folder: Path
    warm: bool
    parent: int

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> Order:
        """The order as it came over the socket."""
        day = date.fromisoformat(message["as_of"]) if message["as_of"] else None
        settings = Settings.model_validate_json(message["settings"])
        return cls(
            settings, day, message["factory"], message["memory"], Path(message["folder"]), message["warm"],
            message["parent"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Child:
    """A running worker, as its server sees it."""

    number: int
    pid: int
    folder: Path
    errors: int


def main(descriptor: int) -> None:
    """Serve until the pool's end of the socket is closed."""
    control = socket.socket(fileno=descriptor)
    confine.leave_signals_to_the_supervisor()
    confine.leave_network()
    receiver = Receiver(control)
    message = receiver.read()
    if message is None:
        return
    order = Order.from_message(message)
    _leave_nothing_when_orphaned(order)
    gc.disable()  # what is built here stays: looking for garbage in it costs a tenth of the start
    try:
        screener = _build(order)
    except SluicegateError as error:
        send(control, {"error": type(error).__name__, "message": str(error)})
        return
    hello = {"provenance": screener.provenance().to_json(), "stamp": stamp_of(screener, explicit_date=order.as_of)}
    gc.collect()
    gc.freeze()  # later collections must not touch, and so copy, the pages shared with the forks
    gc.enable()
    confine.hear_of_parents_death(0)  # from here on the closed socket tells, and there are workers to end first
    send(control, {"ready": hello})
    Server(control, receiver, screener, order).serve()


def _leave_nothing_when_orphaned(order: Order) -> None:
    """While the line is built nobody looks at the socket: until then a signal tells that the pool is gone."""

    def leave(*_: object) -> None:
        shutil.rmtree(order.folder, ignore_errors=True)
        os._exit(1)

    signal.signal(signal.SIGUSR1, leave)
    confine.hear_of_parents_death(signal.SIGUSR1)
    if os.getppid() != order.parent:
        leave()


def _build(order: Order) -> Line:
    module, _, path = order.factory.partition(":")
    factory: Any = importlib.import_module(module)
    for name in path.split("."):
        factory = getattr(factory, name)
    screener: Line = factory(order.settings, as_of=order.as_of)
    if order.warm:
        _warm(screener)
    used = confine.address_space()
    if used + _HEADROOM > order.memory:
        need = (used + _HEADROOM) // (1024 * 1024) + 1
        raise WorkerError(f"limits.memory is below what the program itself needs; give at least {need} MiB")
    return screener


def _warm(screener: Line) -> None:
    """Import before the fork what almost every document needs, so that no worker pays for it again."""
    screener.screen_bytes(_SENTENCE, name="warm.txt")
    for name in ("sluicegate.extract.formats.pdf", "sluicegate.extract.formats.docx", "sluicegate.extract.formats.eml"):
        with suppress(ImportError):
            importlib.import_module(name)


class Server:
    """Forks and buries workers."""

    def __init__(self, control: socket.socket, receiver: Receiver, screener: Line, order: Order) -> None:
        self._control = control
        self._receiver = receiver
        self._screener = screener
        self._order = order
        self._children: dict[int, Child] = {}
        self._alarm, self._bell = socket.socketpair()

    def serve(self) -> None:
        """Take orders and report deaths until the pool is gone; then end every worker."""
        self._alarm.setblocking(False)
        self._bell.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._alarm, selectors.EVENT_READ)
            while self._step(selector):
                pass
        for child in list(self._children.values()):
            self._kill(child)
            os.waitpid(child.pid, 0)
        shutil.rmtree(self._order.folder, ignore_errors=True)

    def _step(self, selector: selectors.BaseSelector) -> bool:
        for key, _ in selector.select():
            if key.fileobj is self._alarm:
                with suppress(BlockingIOError):
                    self._alarm.recv(4096)
                self._bury()
            elif not self._receiver.fill():
                return False
        for message in self._receiver.ready():
            if message["do"] == "spawn":
                self._spawn(message["worker"])
            else:
                self._kill_number(message["worker"])
        return True

    def _spawn(self, number: int) -> None:
        sock = socket.socket(fileno=self._receiver.file())
        folder = self._order.folder / f"worker-{number}"
        folder.mkdir(mode=0o700)
        errors = data_file(b"")
        pid = os.fork()
        if pid == 0:
            cell = Cell(sock, folder, errors, self._order.memory, self._order.settings)
            confine.run_and_leave(lambda: self._become(cell))
        sock.close()
        self._children[pid] = Child(number, pid, folder, errors)
        send(self._control, {"spawned": number, "pid": pid})

    def _become(self, cell: Cell) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for sock in (self._control, self._alarm, self._bell):
            sock.close()
        for child in self._children.values():
            os.close(child.errors)
        serve_tasks(self._screener, cell)

    def _kill_number(self, number: int) -> None:
        for child in self._children.values():
            if child.number == number:
                self._kill(child)

    def _kill(self, child: Child) -> None:
        with suppress(ProcessLookupError):  # its number stays its own until it is waited for
            os.kill(child.pid, signal.SIGKILL)

    def _bury(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            child = self._children.pop(pid, None)
            if child is None:
                continue
            code = os.waitstatus_to_exitcode(status)
            hint = _hint(child.errors)
            os.close(child.errors)
            shutil.rmtree(child.folder, ignore_errors=True)
            send(self._control, {"ended": child.number, "code": code, "hint": hint})


def _hint(errors: int) -> str:
    """What a dying worker's standard error says of the cause: "memory", "corrupt" or nothing. The text stays here."""
    size = os.fstat(errors).st_size
    tail = os.pread(errors, _TAIL, max(0, size - _TAIL)).lower()
    if any(word in tail for word in _OF_MEMORY):
        return "memory"
    return "corrupt" if any(word in tail for word in _OF_DAMAGE) else ""


if __name__ == "__main__":
    main(int(sys.argv[1]))
    os._exit(0)  # nothing is left to clean up, and taking a large heap apart takes a tenth of a second

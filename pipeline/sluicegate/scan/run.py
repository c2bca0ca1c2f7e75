"""Paths and settings in, a stored scan out: walks, reuses what is unchanged, screens the rest in workers, keeps all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from queue import SimpleQueue

from sluicegate.decide import Evidence, decide
from sluicegate.document import Place, Problem, ProblemKind
from sluicegate.extract.files import open_regular, why_unread
from sluicegate.report.redact import redacted
from sluicegate.scan.progress import Progress
from sluicegate.scan.store import ScanStore
from sluicegate.scan.walk import Found, walk
from sluicegate.settings import Settings
from sluicegate.verdict import Verdict
from sluicegate.workers import Task, WorkerPool, printable

_AHEAD = 2  # files per worker that are handed out before the first comes back
_BLOCK = 1 << 20

LeftOut = Callable[[Found, str], bool]


@dataclass(frozen=True, slots=True)
class Item:
    """A file on its way: its place in the walk, and the hash of its bytes when it was handed out."""

    position: int
    found: Found
    sha256: str


class Interrupted(KeyboardInterrupt):
    """A scan was interrupted; what was done is kept under its number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class Screening:
    """One scan: hands out files, takes verdicts back, keeps each in the store before the next."""

    def __init__(self, store: ScanStore, pool: WorkerPool, settings: Settings, progress: Progress) -> None:
        self._store, self._pool, self._settings, self._progress = store, pool, settings, progress
        self.left_out = 0
        self._number = 0

    def begin(self, paths: Sequence[Path]) -> int:
        """Start a scan in the store; waits for the line to be built and raises what that raised."""
        hello = self._pool.hello()
        self._number = self._store.begin([found_name(path) for path in paths], model=hello.provenance.model)
        return self._number

    def items(self, paths: Sequence[Path], left_out: LeftOut) -> Iterator[Item]:
        """The files that need screening; the others are kept, reused or left out on the way."""
        for position, found in enumerate(walk(paths)):
            item = self.consider(position, found, left_out)
            if item is not None:
                yield item

    def consider(self, position: int, found: Found, left_out: LeftOut) -> Item | None:
        """The file as an item to screen, or None once it is dealt with."""
        sha256 = ""
        if found.kind is None and found.size <= self._settings.limits.bytes:
            found, sha256 = _hashed(found)
        if found.kind is not None:
            verdict = self._pool.unread(found.name, found.kind, found.detail)
            self.keep(Item(position, found, ""), verdict)
            return None
        if left_out(found, sha256):
            self.left_out += 1
            return None
        known = self._store.known(found.name, sha256, self._pool.hello().stamp)
        if known is not None:
            self._write(position, known, reused=True)
            return None
        return Item(position, found, sha256)

    def keep(self, item: Item, verdict: Verdict) -> Verdict:
        """Store a verdict that came back."""
        settled = self._settle(item, verdict)
        self._write(item.position, settled)
        return settled

    def record(self, position: int, found: Found, verdict: Verdict) -> Verdict:
        """Store a verdict on a file that was not hashed beforehand."""
        return self.keep(Item(position, found, ""), verdict)

    def finish(self, state: str) -> None:
        """Note how the scan ended."""
        self._store.finish(self._number, state, left_out=self.left_out)

    def _write(self, position: int, verdict: Verdict, *, reused: bool = False) -> None:
        hello = self._pool.hello()
        same = verdict.provenance.model == hello.provenance.model  # another one may have been promoted meanwhile
        stored = redacted(verdict) if self._settings.records.redact else verdict
        self._store.add(self._number, position, stored, stamp=hello.stamp if same else "", reused=reused)
        self._progress.done(verdict)

    def _settle(self, item: Item, verdict: Verdict) -> Verdict:
        """A verdict of a dead worker gets the hash; one on other bytes than the file still has gets a problem."""
        if not verdict.sha256:
            return replace(verdict, sha256=item.sha256)
        if not item.sha256 or verdict.sha256 == item.sha256:
            return verdict
        _, now = _hashed(item.found)
        return verdict if now == verdict.sha256 else _changed(verdict, self._settings)


def scan_paths(
    paths: Sequence[Path],
    *,
    settings: Settings,
    store: ScanStore,
    pool: WorkerPool,
    progress: Progress,
    left_out: LeftOut = lambda found, sha256: False,
    dask: str | None = None,
    as_of: date | None = None,
) -> int:
    """Screen everything under the paths and give the number of the scan.

    With `dask`, the address of a Dask scheduler, batches of files go to its workers. An interruption (`Interrupted`)
    or our own trouble marks the scan so and leaves what was done in the store.
    """
    screening = Screening(store, pool, settings, progress)
    number = screening.begin(paths)
    state = "failed"
    try:
        items = screening.items(paths, left_out)
        if dask is None:
            _screen_here(items, screening, pool)
        else:
            from sluicegate.scan.remote import screen_remotely

            for item, verdict in screen_remotely(items, address=dask, settings=settings, as_of=as_of):
                screening.keep(item, verdict)
        state = "done"
    except KeyboardInterrupt:
        state = "interrupted"
        raise Interrupted(number) from None
    finally:
        screening.finish(state)
    return number


def _screen_here(items: Iterator[Item], screening: Screening, pool: WorkerPool) -> None:
    back: SimpleQueue[Future[Verdict]] = SimpleQueue()
    out: dict[Future[Verdict], Item] = {}
    try:
        for item in items:
            future = pool.submit(Task(item.found.name, path=item.found.path))
            out[future] = item
            future.add_done_callback(back.put)
            while len(out) >= _AHEAD * pool.size or (out and not back.empty()):
                _take(back.get(), out, screening)
        while out:
            _take(back.get(), out, screening)
    except KeyboardInterrupt:
        for future in [future for future in out if future.done()]:  # these were finished: they are not lost
            with suppress(Exception):
                _take(future, out, screening)
        raise


def _take(future: Future[Verdict], out: dict[Future[Verdict], Item], screening: Screening) -> None:
    item = out.pop(future)
    screening.keep(item, future.result())


def _hashed(found: Found) -> tuple[Found, str]:
    """The file's SHA-256, or the file with the reason why there is none."""
    digest = hashlib.sha256()
    try:
        with open_regular(found.path) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        kind, detail = why_unread(error)
        return replace(found, kind=kind, detail=detail), ""
    return found, digest.hexdigest()


def _changed(verdict: Verdict, settings: Settings) -> Verdict:
    problem = Problem(ProblemKind.CHANGED, Place((verdict.document,)), "the file changed while it was screened")
    ruling = decide(Evidence(problems=(problem,)), unread=settings.policy.unread)
    return replace(
        verdict,
        decision=max(verdict.decision, ruling.decision, key=lambda decision: decision.severity),
        reasons=(*ruling.reasons, *verdict.reasons),
        reasons_zh=(*ruling.reasons_zh, *verdict.reasons_zh),
        problems=(*verdict.problems, problem),
    )


def found_name(path: Path) -> str:
    """How a path given by the user is written down."""
    return printable(str(path))

"""A small line for the gateway tests: it does what a message's `X-Do` header says, and holds what says SECRET."""

from __future__ import annotations

import hashlib
import os
import re
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sluicegate.document import Part, Place, Problem, ProblemKind
from sluicegate.errors import ModelMissing
from sluicegate.settings import Settings
from sluicegate.verdict import Decision, PointFinding, Provenance, Verdict

POINT = PointFinding("cn-2025-28", "252604X.1", {"en": "LFP", "zh": "磷酸铁锂"}, "in_force", 0.99)


@dataclass(frozen=True)
class StandIn:
    """`X-Do: sleep 3`, `spin 2.5`, `wait PATH`, `die 9`, `grow 4000`, `problem encrypted`, `review`."""

    settings: Settings

    @classmethod
    def build(cls, settings: Settings, *, as_of: date | None = None) -> StandIn:
        if settings.model == "missing":
            raise ModelMissing("no model named 'missing'")
        return cls(settings)

    def stale(self) -> bool:
        return False

    def provenance(self) -> Provenance:
        model = self.settings.model or "stand-in"
        return Provenance("0", model, ("cn-2025-28",), self.settings.digest, "2026-01-01T00:00:00+00:00", "2026-01-01")

    def screen_file(self, path: Path, *, name: str | None = None) -> Verdict:
        return self.screen_bytes(path.read_bytes(), name=name or str(path))

    def screen_bytes(self, data: bytes, *, name: str, media_type: str | None = None) -> Verdict:
        found = re.search(rb"(?im)^x-do: *(\S+) *(\S*)", data)
        word, value = (found[1].decode(), found[2].decode()) if found else ("", "")
        decision, problems = Decision.HOLD if b"SECRET" in data else Decision.RELEASE, ()
        if word == "review":
            decision = Decision.REVIEW
        elif word == "problem":
            decision, problems = Decision.REVIEW, (Problem(ProblemKind(value), Place((name,)), "stand-in"),)
        elif word:
            _obey(word, value)
        read = Decision.RELEASE if problems else decision
        points = (POINT,) if decision is Decision.HOLD else ()
        part = Part((name,), hashlib.sha256(data).hexdigest(), "message/rfc822", "mail", decision.value)
        return Verdict(
            document=name, sha256=part.sha256, media_type="message/rfc822", kind="mail", language=("en",),
            parts=(part,), decision=decision, reasons=("obeyed",), know_how=0.5, control_points=points, passages=(),
            problems=problems, provenance=self.provenance(), read_decision=read,
        )  # fmt: skip


def _obey(word: str, value: str) -> None:
    if word == "sleep":
        time.sleep(float(value))
    elif word == "spin":
        end = time.process_time() + float(value)
        while time.process_time() < end:
            pass
    elif word == "wait":
        Path(value).with_suffix(".reached").touch()
        while not Path(value).exists():
            time.sleep(0.02)
    elif word == "die":
        os.kill(os.getpid(), int(value))
    elif word == "grow":
        held = bytearray(int(value) * 1024 * 1024)
        held[::4096] = b"x" * len(held[::4096])

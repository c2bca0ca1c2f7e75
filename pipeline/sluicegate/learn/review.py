"""Past review decisions in, labelled samples out: what a person decided is what a new model must not get wrong."""

from __future__ import annotations

from pathlib import Path

from sluicegate.learn.forms.rows import Intake
from sluicegate.learn.sample import Sample
from sluicegate.settings import Settings


def reviewed_samples(settings: Settings) -> list[Sample]:
    """The review desk's decisions whose text was kept; none when nothing was ever decided."""
    if not settings.folder("records").is_dir():
        return []
    from sluicegate.review.desk import Desk

    intake = Intake(lambda path: ())
    for number, row in enumerate(Desk.open(settings).samples(), 1):
        intake.add(row, place=f"review decision {number}", folder=Path())
    return intake.samples

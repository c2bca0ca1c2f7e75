"""A verdict in, lines on the terminal out: the decision, why, the criteria, and on request the passages marked up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sluicegate.report.marks import stretches
from sluicegate.report.words import plain
from sluicegate.verdict import CriterionFinding, Decision, PointFinding, ScoredPassage, Tag, TagLabel, Verdict

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STYLES = {Decision.HOLD: "bold red", Decision.REVIEW: "bold yellow", Decision.RELEASE: "green"}
_STATUS = {"met": "red", "not_met": "green", "not_stated": "dim", "unclear": "yellow"}
_MARKS = {
    TagLabel.CHEMISTRY: "bold magenta", TagLabel.FORMULA: "bold magenta", TagLabel.MATERIAL: "cyan",
    TagLabel.PROCESS: "bold blue", TagLabel.EQUIPMENT: "blue", TagLabel.PROPERTY: "green",
    TagLabel.QUANTITY: "bold red",
}  # fmt: skip
_UNLIMITED = 10_000_000


def console_for(stream: Any = None) -> Console:
    """A console on this stream: as wide as the terminal, or never wrapping when it is not one."""
    from rich.console import Console

    stream = stream if stream is not None else sys.stdout
    terminal = bool(getattr(stream, "isatty", lambda: False)())
    return Console(
        file=stream, width=None if terminal else _UNLIMITED, soft_wrap=not terminal, highlight=False, emoji=False,
        markup=False, no_color=None if terminal else True,
    )  # fmt: skip


def print_verdict(verdict: Verdict, *, explain: bool = False, redact: bool = False, stream: Any = None) -> None:
    """Print one verdict; `explain` adds the passages with tags and figures marked, and the terms that drove them."""
    from sluicegate.report.redact import redacted

    console = console_for(stream)
    shown = redacted(verdict) if redact else verdict
    for line in _lines(shown, explain=explain):
        console.print(line)


def _lines(verdict: Verdict, *, explain: bool) -> Iterator[Text]:
    yield _text((verdict.decision.value.upper(), STYLES[verdict.decision]), f"  {verdict.document}")
    for reason in verdict.reasons:
        yield _text(f"  · {reason}")
    for number in verdict.licences:
        yield _text(f"  licence {number}")
    if verdict.control_points:
        yield _text("")
    for point in verdict.control_points:
        yield from _point_lines(point)
    if explain:
        for passage in verdict.passages:
            yield from _passage_lines(passage)
    for note in verdict.notes:
        yield _text((f"  note: {note}", "dim"))
    yield _text("")
    yield _text((_provenance(verdict), "dim"))


def _point_lines(point: PointFinding) -> Iterator[Text]:
    title = " / ".join(text for text in (point.title.get("en"), point.title.get("zh")) if text)
    yield _text(
        "  ", (f"{point.list} {point.id}", "bold"), f"  {title}  [{plain(point.status)}]  score {point.score:.2f}"
    )
    for finding in point.criteria:
        yield _criterion_line(finding)


def _criterion_line(finding: CriterionFinding) -> Text:
    doubt = "" if finding.confirmed else " (number unconfirmed)"
    place = f"  at {finding.place.text}" if finding.place is not None else ""
    margin = f", margin {finding.margin:+g}" if finding.margin is not None else ""
    stated = f": stated {stated_text(finding)}{margin}" if finding.stated is not None else ""
    note = f"; {finding.note}" if finding.note else ""
    status = finding.status.value
    return _text(
        "    ", (f"{plain(status):<10}", _STATUS[status]),
        f"  {plain(finding.property)} {finding.threshold}{doubt}{stated}{note}{place}",
    )  # fmt: skip


def stated_text(finding: CriterionFinding) -> str:
    """What the document states for a criterion: "2.62 g/cm3, pressure 220 MPa, example 3"; empty when nothing."""
    stated = finding.stated
    if stated is None:
        return ""
    sign = stated.get("comparator", "")
    span = f"{stated.get('value')}" + (f"–{stated['high']}" if stated.get("high") is not None else "")
    words = [f"{sign + ' ' if sign and sign != '=' else ''}{span} {stated.get('unit', '')}".strip()]
    words += [f"{plain(name)} {value}" for name, value in dict(stated.get("conditions") or {}).items()]
    words += [str(stated["sample"])] if stated.get("sample") else []
    return ", ".join(words)


def _passage_lines(passage: ScoredPassage) -> Iterator[Text]:
    yield _text("")
    yield _text("  ", (passage.place.text, "bold underline"), f"  score {passage.score:.2f}")
    if passage.quote:
        yield from _quote_lines(passage)
    if passage.terms:
        terms = ", ".join(f"{term} {weight:+.2f}" for term, weight in passage.terms)
        yield _text(("    terms: ", "dim"), terms)
    if passage.recipe:
        yield _text(("    recipe: ", "dim"), ", ".join(plain(part) for part in passage.recipe))


def _quote_lines(passage: ScoredPassage) -> Iterator[Text]:
    """The quote, each tag in brackets with its label behind it, as a proof-reader would mark a sheet."""
    whole = _text()
    for stretch in stretches(passage):
        if not stretch.tags:
            whole.append(stretch.text)
            continue
        tag = stretch.tags[0]
        whole.append("[", "dim")
        whole.append(stretch.text, _MARKS[tag.label] + (" underline" if tag.decisive else ""))
        whole.append(f"|{_mark_name(tag)}]", "dim")
    for line in whole.split("\n", allow_blank=False):
        yield _text("    │ ") + line


def _mark_name(tag: Tag) -> str:
    """What a mark says: the label, for a figure its property; a star for what names the controlled thing by itself."""
    name = plain(tag.id.removeprefix("quantity-")) if tag.label is TagLabel.QUANTITY else tag.label.value.lower()
    return name + ("*" if tag.decisive else "")


def _provenance(verdict: Verdict) -> str:
    made = verdict.provenance
    lists = ", ".join(made.lists)
    read = f"{verdict.kind}, {verdict.media_type}, {' '.join(verdict.language) or 'no text'}"
    return f"  {read}; model {made.model}; lists {lists}; law as of {made.as_of}; {verdict.elapsed_ms:.0f} ms"


def _text(*parts: str | tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*parts)

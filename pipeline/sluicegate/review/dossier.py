"""The list of technical documents to be exported (技术资料出口清单) for a licence application: verdicts in, text out.

Regulations on the Administration of Technology Import and Export, art. 34: the list goes with the application for the
licence. The register's `documents` can be copied from its second table, so that what was applied for is what is
released later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sluicegate.document import Part
from sluicegate.licence import file_name
from sluicegate.verdict import Verdict


@dataclass(frozen=True, slots=True)
class DossierRow:
    """One document of the list: its title, what it is, its hash, and the control points that it touches."""

    number: int
    title: str
    kind: str
    sha256: str
    points: tuple[str, ...]
    places: tuple[str, ...]


def dossier_rows(verdicts: Iterable[Verdict]) -> tuple[DossierRow, ...]:
    """The documents that need a licence: the parts that are not released by themselves, each hash once."""
    rows: dict[str, DossierRow] = {}
    for verdict in verdicts:
        for part in _stopping(verdict):
            if part.sha256 and part.sha256 not in rows:
                rows[part.sha256] = _row(len(rows) + 1, part, verdict)
    return tuple(rows.values())


def dossier_text(rows: Iterable[DossierRow], *, day: date) -> str:
    """The list in Chinese and English (Markdown), and the same as lines for the register."""
    rows = tuple(rows)
    titles = {point: title for row in rows for point, title in _split(row.points)}
    lines = [
        "# 技术资料出口清单 / List of technical documents to be exported",
        "",
        f"日期 / Date: {day.isoformat()} · 共 {len(rows)} 份 / {len(rows)} documents",
        "",
        "| 序号 No. | 资料名称 Title | 类别 Kind | 控制要点 Control points | 位置 Places | SHA-256 |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (str(row.number), row.title, row.kind, "; ".join(row.points), "; ".join(row.places), row.sha256)
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    lines += ["", f"控制要点 / Control points: {', '.join(sorted(titles)) or '–'}", "", "```toml", "documents = ["]
    lines += [f"  {{ title = {_toml(row.title)}, sha256 = {_toml(row.sha256)} }}," for row in rows]
    return "\n".join([*lines, "]", "```", ""])


def _stopping(verdict: Verdict) -> Iterator[Part]:
    if verdict.released:
        return
    for part in verdict.parts:
        if part.decision not in ("", "release") or (len(verdict.parts) == 1 and not part.decision):
            yield part


def _row(number: int, part: Part, verdict: Verdict) -> DossierRow:
    titles = {f"{point.list}:{point.id}": point.title for point in verdict.control_points}
    points = tuple(
        f"{point} {titles[point].get('zh', '')} / {titles[point].get('en', '')}" if point in titles else point
        for point in part.points
    )
    places = dict.fromkeys(
        passage.place.inside for passage in verdict.passages if passage.place.path == part.path and passage.place.inside
    )
    return DossierRow(number, file_name(part.path[-1]), part.kind, part.sha256, points, tuple(places))


def _split(points: Iterable[str]) -> list[tuple[str, str]]:
    return [(point.split(" ")[0], point) for point in points]


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")


def _toml(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)

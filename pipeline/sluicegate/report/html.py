"""Verdicts in, one self-contained HTML page out that a compliance officer can file, search and print.

The page has no script and loads nothing: its policy (CSP) forbids everything but its own style sheet, by hash. Choosing
a decision works through radio buttons and CSS. Everything that comes from a document is escaped.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from tempfile import SpooledTemporaryFile
from typing import TextIO

from sluicegate.report.html_document import badge, document_section
from sluicegate.report.html_text import escaped, in_language, join
from sluicegate.report.redact import redacted
from sluicegate.report.words import words
from sluicegate.verdict import Decision, Provenance, Verdict

SUFFIX = ".html"
BINARY = False
_IN_MEMORY = 8 * 1024 * 1024
_COPY = 1 << 16
_NAMED = 4  # control points in a row of the overview


def render(verdicts: Iterable[Verdict], stream: TextIO, *, redact: bool = False, language: str = "en") -> None:
    """Write the page. Sections are spooled to a private temporary file, for the summary stands above them."""
    say = words(language)
    counts: Counter[Decision] = Counter()
    origins: dict[Provenance, None] = {}
    with _spool() as rows, _spool() as sections:
        for number, verdict in enumerate(verdicts, 1):
            shown = redacted(verdict) if redact else verdict
            counts[shown.decision] += 1
            origins.setdefault(_undated(shown.provenance))
            rows.write(_row(number, shown, say))
            sections.write(document_section(number, shown, say))
        for piece in _head(language, say):
            stream.write(piece)
        for piece in _summary(counts, tuple(origins), say, redact=redact):
            stream.write(piece)
        stream.write(_index_head(say))
        _copy(rows, stream)
        stream.write("</tbody></table>\n")
        _copy(sections, stream)
    stream.write(f'</main>\n<footer class="legal"><p>{escaped(say["legal"])}</p></footer>\n</body>\n</html>\n')


def _spool() -> SpooledTemporaryFile[str]:
    return SpooledTemporaryFile(_IN_MEMORY, mode="w+", encoding="utf-8", errors="backslashreplace", newline="")


def _copy(spool: SpooledTemporaryFile[str], stream: TextIO) -> None:
    spool.seek(0)
    while piece := spool.read(_COPY):
        stream.write(piece)


def _head(language: str, say: Mapping[str, str]) -> Iterator[str]:
    style = resources.files("sluicegate.report").joinpath("report.css").read_text("utf-8")
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    code = "zh-Hans" if language == "zh" else "en"
    yield f'<!DOCTYPE html>\n<html lang="{code}">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{escaped(say['title'])}</title>\n<style>{style}</style>\n</head>\n<body>\n"


def _summary(
    counts: Mapping[Decision, int], origins: tuple[Provenance, ...], say: Mapping[str, str], *, redact: bool
) -> Iterator[str]:
    total = sum(counts.values())
    yield f"<header>\n<h1>{escaped(say['title'])}</h1>\n"
    yield '<div class="tiles">\n'
    yield f'<div class="tile"><b>{total}</b>{escaped(say["documents"])}</div>\n'
    for decision in reversed(Decision):
        value = decision.value
        yield f'<div class="tile {value}"><b>{counts.get(decision, 0)}</b>{escaped(say[value])}</div>\n'
    yield "</div>\n"
    for origin in origins:
        yield _facts(
            {
                say["version"]: origin.sluicegate,
                say["model"]: origin.model,
                say["lists"]: ", ".join(origin.lists) or say["none"],
                say["as_of"]: origin.as_of,
                say["settings"]: origin.settings,
            }
        )
    if redact:
        yield f'<p class="meta">{escaped(say["redacted"])}</p>\n'
    yield f"</header>\n{_filter(say)}<main>\n"


def _facts(facts: Mapping[str, str]) -> str:
    rows = join(f"<dt>{escaped(name)}</dt><dd>{escaped(value)}</dd>" for name, value in facts.items())
    return f'<dl class="facts">{rows}</dl>\n'


def _filter(say: Mapping[str, str]) -> str:
    choices = ("all", *(decision.value for decision in reversed(Decision)))
    inputs = join(
        f'<input class="pick" type="radio" name="pick" id="pick-{choice}"{" checked" if choice == "all" else ""}>'
        for choice in choices
    )
    labels = join(f'<label for="pick-{choice}">{escaped(say[choice])}</label>' for choice in choices)
    return f'{inputs}\n<nav class="filter" aria-label="{escaped(say["filter"])}">{labels}</nav>\n'


def _index_head(say: Mapping[str, str]) -> str:
    names = ("decision", "document", "control_points", "reasons")
    heads = join(f"<th>{escaped(say[name])}</th>" for name in names)
    columns = '<colgroup><col class="c1"><col class="c2"><col class="c3"><col class="c4"><col class="c5"></colgroup>'
    last = f'<th class="number">{escaped(say["know_how"])}</th>'
    return f'<table class="index">{columns}<thead><tr>{heads}{last}</tr></thead><tbody>\n'


def _row(number: int, verdict: Verdict, say: Mapping[str, str]) -> str:
    names = [f"{point.list} {point.id}" for point in verdict.control_points]
    names = names if len(names) <= _NAMED else [*names[:_NAMED], f"+ {len(names) - _NAMED}"]
    points = join(f'<div class="nowrap">{escaped(name)}</div>' for name in names)
    reason = escaped(verdict.reasons_in(say["code"])[0]) if verdict.reasons else ""
    name = in_language(verdict.document, "span")
    return (
        f'<tr class="is {verdict.decision.value}"><td>{badge(verdict.decision.value, say)}</td>'
        f'<td><a href="#d{number}">{name}</a></td><td class="meta">{points}</td><td>{reason}</td>'
        f'<td class="number">{verdict.know_how:.2f}</td></tr>\n'
    )


def _undated(provenance: Provenance) -> Provenance:
    return Provenance.from_json({**provenance.to_json(), "screened_at": ""})

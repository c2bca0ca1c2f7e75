"""One verdict in, its section of the HTML report out: reasons, points, criteria, marked passages, problems, files."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sluicegate.document import Part, Place, Problem
from sluicegate.report.html_text import escaped, in_language, join
from sluicegate.report.marks import Stretch, stretches
from sluicegate.report.words import plain
from sluicegate.verdict import CriterionFinding, PointFinding, ScoredPassage, TagLabel, Verdict

_COLUMNS = ("criterion", "threshold", "stated", "conditions", "sample", "margin", "result", "source")
Words = Mapping[str, str]


def badge(decision: str, say: Words) -> str:
    """A decision as a coloured word."""
    return f'<span class="badge {decision}">{escaped(say[decision])}</span>'


def document_section(number: int, verdict: Verdict, say: Words) -> str:
    """The section of one document, open unless it was released."""
    decision = verdict.decision.value
    opened = "" if verdict.released else " open"
    head = f"{badge(decision, say)}{in_language(verdict.document, 'h2')}"
    body = join(
        (
            _facts_line(verdict, say),
            _list(say["reasons"], verdict.reasons_in(say["code"]), "reasons"),
            _list(say["licences"], verdict.licences, "reasons"),
            _points(verdict, say),
            _passages(verdict, say),
            _problems(verdict.problems, say),
            _parts(verdict.parts, say),
            _list(say["notes"], verdict.notes, "reasons"),
        )
    )
    return (
        f'<details class="doc is {decision}" id="d{number}"{opened}><summary>{head}</summary>'
        f'<div class="body">{body}</div></details>\n'
    )


def _facts_line(verdict: Verdict, say: Words) -> str:
    made = verdict.provenance
    language = " ".join(verdict.language) or say["none"]
    words = [
        f"{say['kind']}: {verdict.kind}", f"{say['type']}: {verdict.media_type}", f"{say['language']}: {language}",
        f"{say['know_how']}: {verdict.know_how:.2f}", f"{say['screened_at']}: {made.screened_at}",
    ]  # fmt: skip
    digest = f'<p class="meta mono">SHA-256 {escaped(verdict.sha256)}</p>' if verdict.sha256 else ""
    return f'<p class="meta">{escaped(" · ".join(words))}</p>{digest}'


def _list(title: str, lines: tuple[str, ...], kind: str) -> str:
    if not lines:
        return ""
    items = join(in_language(line, "li") for line in lines)
    return f'<h3>{escaped(title)}</h3><ul class="{kind}">{items}</ul>'


def _points(verdict: Verdict, say: Words) -> str:
    if not verdict.control_points:
        return ""
    return f"<h3>{escaped(say['control_points'])}</h3>" + join(_point(point, say) for point in verdict.control_points)


def _point(point: PointFinding, say: Words) -> str:
    titles = " / ".join(
        f'<span lang="{code}">{escaped(point.title[code])}</span>' for code in ("en", "zh") if point.title.get(code)
    )
    status = say.get("unconfirmed_status" if point.status == "unconfirmed" else point.status, plain(point.status))
    meta = escaped(f"{status} · {say['score']} {point.score:.2f}")
    head = f'<h4>{escaped(f"{point.list} {point.id}")} <span class="soft">{meta}</span></h4><p>{titles}</p>'
    return head + (_criteria(point.criteria, say) if point.criteria else "")


def _criteria(criteria: tuple[CriterionFinding, ...], say: Words) -> str:
    heads = join(f"<th>{escaped(say[name])}</th>" for name in _COLUMNS)
    rows = join(_criterion(finding, say) for finding in criteria)
    return f'<table class="criteria"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _criterion(finding: CriterionFinding, say: Words) -> str:
    stated = dict(finding.stated or {})
    conditions = ", ".join(
        f"{plain(str(name))} {value}" for name, value in dict(stated.get("conditions") or {}).items()
    )
    status = finding.status.value
    cells = [
        escaped(say.get(finding.property, plain(finding.property))),
        escaped(finding.threshold),
        escaped(_value(stated)),
        escaped(conditions),
        escaped(str(stated.get("sample") or "")),
        escaped(f"{finding.margin:+g}" if finding.margin is not None else ""),
        f'<span class="state {status}">{escaped(say[status])}</span>',
        escaped(say["confirmed"] if finding.confirmed else say["unconfirmed"]),
    ]
    below = _below(finding)
    row = join(f"<td>{cell}</td>" for cell in cells)
    if not below:
        return f"<tr>{row}</tr>"
    return f'<tr class="has-quote">{row}</tr><tr class="quote"><td colspan="{len(cells)}">{below}</td></tr>'


def _value(stated: Mapping[str, object]) -> str:
    if "value" not in stated:
        return ""
    sign = str(stated.get("comparator") or "=")
    span = f"{stated['value']}" + (f"–{stated['high']}" if stated.get("high") is not None else "")
    return f"{'' if sign == '=' else sign + ' '}{span} {stated.get('unit') or ''}".strip()


def _below(finding: CriterionFinding) -> str:
    note = f'<p class="meta">{escaped(finding.note)}</p>' if finding.note else ""
    place = in_language(within(finding.place), "p") if finding.place is not None else ""
    quote = in_language(finding.quote, "blockquote", _figure(finding)) if finding.quote else ""
    return note + place + quote


def _figure(finding: CriterionFinding) -> str:
    """The quote of a criterion with the first figure marked that reads like the stated value."""
    value = (finding.stated or {}).get("value")
    figure = re.search(rf"(?<![\d.]){re.escape(f'{value:g}')}0*(?![\d])", finding.quote) if _is_number(value) else None
    if figure is None:
        return escaped(finding.quote)
    before, after = finding.quote[: figure.start()], finding.quote[figure.end() :]
    return f'{escaped(before)}<mark class="quantity decisive">{escaped(figure[0])}</mark>{escaped(after)}'


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def within(place: Place) -> str:
    """A place without the name of its document, under whose heading it stands."""
    return " > ".join(word for word in (*place.path[1:], place.inside) if word) or place.text


def _passages(verdict: Verdict, say: Words) -> str:
    if not verdict.passages:
        return ""
    labels = {tag.label for passage in verdict.passages if passage.quote for tag in passage.tags}
    legend = join(_legend(label, say) for label in TagLabel if label in labels)
    marks = f'<p class="marks">{escaped(say["legend"])}: {legend}</p>' if legend else ""
    return f"<h3>{escaped(say['passages'])}</h3>{marks}" + join(_passage(one, say) for one in verdict.passages)


def _legend(label: TagLabel, say: Words) -> str:
    return f'<mark class="{label.value.lower()}">{escaped(say[label.value])}</mark>'


def _passage(passage: ScoredPassage, say: Words) -> str:
    score = escaped(f"{say['score']} {passage.score:.2f}")
    head = f'<h4>{in_language(within(passage.place), "span")} <span class="soft">{score}</span></h4>'
    quote = ""
    if passage.quote:
        quote = in_language(passage.quote, "blockquote", join(_stretch(one) for one in stretches(passage)))
    terms = " ".join(f"<span>{escaped(f'{term} {weight:+.2f}')}</span>" for term, weight in passage.terms)
    because = f'<p class="terms">{escaped(say["terms"])}: {terms}</p>' if terms else ""
    return head + quote + because


def _stretch(stretch: Stretch) -> str:
    if not stretch.tags:
        return escaped(stretch.text)
    tag = stretch.tags[0]
    decisive = " decisive" if tag.decisive else ""
    title = escaped("; ".join(f"{one.label.value.lower()} {one.id}" for one in stretch.tags))
    return f'<mark class="{tag.label.value.lower()}{decisive}" title="{title}">{escaped(stretch.text)}</mark>'


def _problems(problems: tuple[Problem, ...], say: Words) -> str:
    if not problems:
        return ""
    rows = join(_problem(problem, say) for problem in problems)
    return f"<h3>{escaped(say['problems'])}</h3><table><tbody>{rows}</tbody></table>"


def _problem(problem: Problem, say: Words) -> str:
    kind = escaped(say.get(problem.kind.value, plain(problem.kind.value)))
    place = in_language(within(problem.place), "span")
    return f'<tr><td class="nowrap">{kind}</td><td>{place}</td><td>{escaped(problem.detail)}</td></tr>'


def _parts(parts: tuple[Part, ...], say: Words) -> str:
    if len(parts) < 2:
        return ""
    rows = join(
        f"<tr><td>{in_language(' > '.join(part.path), 'span')}</td><td>{escaped(part.media_type)}</td>"
        f"<td>{escaped(part.kind)}</td><td>{badge(part.decision, say) if part.decision in say else ''}</td></tr>"
        for part in parts
    )
    return f"<h3>{escaped(say['parts'])}</h3><table><tbody>{rows}</tbody></table>"

"""A passage with its tags and measurements marked, like a proof-reader's sheet: as text for a terminal, or as HTML.

Returns strings; whoever calls prints them. The HTML comes from spaCy's displaCy in its manual mode.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sluicegate.tag.tagged import Tagged
from sluicegate.verdict import Measurement, Tag, TagLabel

_COLOURS = {
    "CHEMISTRY": "#f6c6b3", "FORMULA": "#f2b8c6", "MATERIAL": "#f3e2a9", "PROCESS": "#bfe3c4", "EQUIPMENT": "#c9d8f0",
    "PROPERTY": "#dccdf0", "QUANTITY": "#e4e4e4",
}  # fmt: skip


def explain_passage(tagged: Tagged, passage: int) -> str:
    """The passage's text with marks ([PROCESS 烧结]; * for decisive), then one line for each measurement."""
    text = tagged.document.passages[passage].text
    lines = [tagged.locate(passage, 0).text, _marked(text, _outer(tagged.tags[passage])), ""]
    for measurement in tagged.measurements:
        if measurement.passage == passage:
            lines.append(f"  {_described(measurement)}")
    return "\n".join(lines).rstrip() + "\n"


def explain_html(tagged: Tagged, passage: int) -> str:
    """The passage as an HTML fragment with every tag marked in its colour."""
    from spacy import displacy  # imports spaCy

    entities = [
        {"start": tag.start, "end": tag.end, "label": tag.label.value + ("*" if tag.decisive else "")}
        for tag in _outer(tagged.tags[passage])
    ]
    colours = _COLOURS | {f"{label}*": colour for label, colour in _COLOURS.items()}
    sheet = {"text": tagged.document.passages[passage].text, "ents": entities, "title": tagged.locate(passage, 0).text}
    return str(displacy.render(sheet, style="ent", manual=True, page=False, jupyter=False, options={"colors": colours}))


def _outer(tags: Sequence[Tag]) -> list[Tag]:
    """Tags that do not overlap: the earliest, and among those the longest."""
    kept: list[Tag] = []
    for tag in sorted(tags, key=lambda tag: (tag.start, -tag.end)):
        if not kept or tag.start >= kept[-1].end:
            kept.append(tag)
    return kept


def _marked(text: str, tags: Sequence[Tag]) -> str:
    pieces: list[str] = []
    last = 0
    for tag in tags:
        star = "*" if tag.decisive else ""
        name = tag.id.removeprefix("quantity-") if tag.label is TagLabel.QUANTITY else tag.label.value
        pieces += [text[last : tag.start], f"[{name}{star} {text[tag.start : tag.end]}]"]
        last = tag.end
    return "".join([*pieces, text[last:]])


def _described(measurement: Measurement) -> str:
    parts: list[str] = list(_parts(measurement))
    return f"{measurement.property} = {measurement.quantity}" + (f"  ({'; '.join(parts)})" if parts else "")


def _parts(measurement: Measurement) -> Iterator[str]:
    for name, quantity in measurement.conditions:
        yield f"{name} {quantity}"
    if measurement.sample is not None:
        yield f"sample {measurement.sample}"
    if measurement.material is not None:
        yield f"material {measurement.material}"

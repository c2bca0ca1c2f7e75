"""An open page in, what is attached to it out: comments, form fields, link targets, attached files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from sluicegate.document import Passage, Problem, ProblemKind
from sluicegate.extract.frame import Child, Context, Find
from sluicegate.extract.pdf.native import Page, Pdf, bounded_text, filled_bytes, page_of, wide_string
from sluicegate.extract.repair import repair

_LINK, _POPUP, _WIDGET, _FILE = 2, 16, 20, 17
"""FPDF_ANNOT_LINK, _POPUP, _WIDGET and _FILEATTACHMENT of fpdf_annot.h."""
_DRAWN = frozenset({3, 13, 20, 24})
"""Free text, stamp, widget and watermark: what they show may differ from what they say."""
_MOST = 5_000
_TAG = re.compile(r"<[^>]*>")


def page_annotations(pdf: Pdf, page: Page, context: Context) -> Iterator[Find]:
    """Passages and children of one page; at no cost when the page has no annotations."""
    import pypdfium2.raw as c

    count = c.FPDFPage_GetAnnotCount(page.raw)
    if count <= 0:
        return
    words: dict[str, list[str]] = {"comments": [], "form fields": [], "links": []}
    drawn = False
    for index in range(min(count, _MOST)):
        annotation = c.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        kind = c.FPDFAnnot_GetSubtype(annotation)
        drawn = drawn or kind in _DRAWN
        channel = {_LINK: "links", _WIDGET: "form fields"}.get(kind, "comments")
        words[channel].extend(_words(pdf, annotation, kind))
        if kind == _FILE:
            yield from attached(c.FPDFAnnot_GetFileAttachment(annotation), "attached to a page", context)
        c.FPDFPage_CloseAnnot(annotation)
    for channel, found in words.items():
        text = repair("\n".join(dict.fromkeys(word for word in found if word.strip())))
        if text.strip():
            yield Passage(text, context.place(page=page.number, channel=channel))
    if drawn:
        known = "\n".join((bounded_text(page, page.box), *(word for found in words.values() for word in found)))
        yield from _as_drawn(pdf, page, known, context)


def _words(pdf: Pdf, annotation: Any, kind: int) -> Iterator[str]:
    import pypdfium2.raw as c

    if kind == _LINK:
        action = c.FPDFLink_GetAction(c.FPDFAnnot_GetLink(annotation))
        size = c.FPDFAction_GetURIPath(pdf.raw, action, None, 0) if action else 0
        if size > 1:
            import ctypes

            buffer = ctypes.create_string_buffer(size)
            c.FPDFAction_GetURIPath(pdf.raw, action, buffer, size)
            yield unquote(buffer.value.decode("utf-8", "replace"))
    for key in (b"Contents", b"Subj"):
        yield wide_string(c.FPDFAnnot_GetStringValue, annotation, key)
    yield _TAG.sub(" ", wide_string(c.FPDFAnnot_GetStringValue, annotation, b"RC"))
    if kind == _WIDGET:
        yield from _field(pdf, annotation)


def _field(pdf: Pdf, widget: Any) -> Iterator[str]:
    """A form field: `name: value`, its tooltip and its choices (ISO 32000-1, 12.7.3)."""
    import pypdfium2.raw as c

    if not pdf.form:
        yield wide_string(c.FPDFAnnot_GetStringValue, widget, b"V")
        return
    name = wide_string(c.FPDFAnnot_GetFormFieldName, pdf.form, widget)
    value = wide_string(c.FPDFAnnot_GetFormFieldValue, pdf.form, widget)
    label = wide_string(c.FPDFAnnot_GetFormFieldAlternateName, pdf.form, widget)
    if value.strip() not in ("", "Off"):
        yield f"{label or name}: {value}"
    yield label
    for index in range(min(max(c.FPDFAnnot_GetOptionCount(pdf.form, widget), 0), _MOST)):
        yield wide_string(c.FPDFAnnot_GetOptionLabel, pdf.form, widget, index)


def _as_drawn(pdf: Pdf, page: Page, known: str, context: Context) -> Iterator[Find]:
    """Text that annotations draw and do not state: the page is flattened (in memory) and its new lines are kept."""
    import pypdfium2.raw as c

    if c.FPDFPage_Flatten(page.raw, c.FLAT_NORMALDISPLAY) != c.FLATTEN_SUCCESS:
        return
    with page_of(pdf, page.number - 1) as flat:
        lines = repair(bounded_text(flat, flat.box)).splitlines() if flat else []
    seen = "".join(known.split())
    added = [line for line in lines if line.strip() and "".join(line.split()) not in seen]
    if added:
        yield Passage("\n".join(added), context.place(page=page.number, channel="annotations as drawn"))


def attachments(pdf: Pdf, context: Context) -> Iterator[Find]:
    """Embedded files and the files of a portfolio (ISO 32000-1, 7.11.4)."""
    import pypdfium2.raw as c

    count = c.FPDFDoc_GetAttachmentCount(pdf.raw)
    for index in range(min(max(count, 0), context.limits.members + 1)):
        yield from attached(c.FPDFDoc_GetAttachment(pdf.raw, index), "embedded file", context)


def attached(handle: Any, channel: str, context: Context) -> Iterator[Find]:
    """One embedded file as a child; one that cannot be taken out is a problem."""
    import pypdfium2.raw as c

    if not handle:
        yield context.problem(ProblemKind.DAMAGED, "an embedded file cannot be taken out", channel=channel)
        return
    name = wide_string(c.FPDFAttachment_GetName, handle)
    words = wide_string(c.FPDFAttachment_GetDescription, handle)
    content = filled_bytes(c.FPDFAttachment_GetFile, handle, limit=context.limits.part_bytes)
    if content is None:
        detail = "an embedded file cannot be taken out, or is too large"
        yield Problem(ProblemKind.DAMAGED, context.inside(name or "unnamed"), detail)
    else:
        yield Child(name or "unnamed", content, channel=channel, metadata=words)

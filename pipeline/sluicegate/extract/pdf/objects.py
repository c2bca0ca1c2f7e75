"""An open page in, its pictures and its counts of shapes and text objects out; forms inside forms are looked into."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sluicegate.extract.pdf.native import Box, Page

_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5
"""FPDF_PAGEOBJ_TEXT, _PATH, _IMAGE and _FORM of fpdf_edit.h."""
_NESTED, _OBJECTS = 4, 20_000
_LEAST_WIDTH, _LEAST_HEIGHT = 60, 14
"""Pixels below which a picture cannot hold a sentence."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on a page: where it stands (points) and how many pixels it has."""

    box: Box
    width: int
    height: int
    handle: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a page shows: its pictures, and how many paths and text objects it draws."""

    pictures: tuple[Picture, ...]
    paths: int
    texts: int


def drawn(page: Page) -> Drawn:
    """The page's pictures that are large enough to hold words, and its count of paths."""
    import pypdfium2.raw as c

    pictures: list[Picture] = []
    paths = texts = 0
    part_of, kind_of, _ = quick_calls()
    address = address_of(page.raw)
    for index in range(min(c.FPDFPage_CountObjects(page.raw), _OBJECTS)):
        part = part_of(address, index)
        kind = kind_of(part)
        if kind == _TEXT:
            texts += 1
            continue
        handle = ctypes.cast(part, _handle_type())
        if kind == _PATH:
            paths += 1
        elif kind == _IMAGE:
            pictures.extend(_picture(page, handle, None))
        elif kind == _FORM:
            box = bounds(handle)
            for inner_kind, inner in inside(handle, _NESTED):
                if inner_kind == _PATH:
                    paths += 1
                elif inner_kind == _IMAGE:
                    pictures.extend(_picture(page, inner, box))
    return Drawn(tuple(pictures), paths, texts)


@cache
def quick_calls() -> tuple[Any, Any, Any]:
    """FPDFPage_GetObject, FPDFPageObj_GetType and FPDFTextObj_GetText on bare addresses (`address_of`).

    A page has hundreds of objects, and the usual bindings make a pointer object of each, which takes twice as long as
    the call.
    """
    import pypdfium2.raw as c

    address, number, size = ctypes.c_void_p, ctypes.c_int, ctypes.c_ulong
    part_of = ctypes.PYFUNCTYPE(address, address, number)(_entry(c.FPDFPage_GetObject))
    kind_of = ctypes.PYFUNCTYPE(number, address)(_entry(c.FPDFPageObj_GetType))
    text_size = ctypes.PYFUNCTYPE(size, address, address, address, size)(_entry(c.FPDFTextObj_GetText))
    return part_of, kind_of, text_size


def _entry(function: Any) -> int:
    return ctypes.cast(function, ctypes.c_void_p).value or 0


def address_of(handle: Any) -> int | None:
    """The bare address behind one of pdfium's handles."""
    return ctypes.cast(handle, ctypes.c_void_p).value


@cache
def _handle_type() -> Any:
    import pypdfium2.raw as c

    return c.FPDF_PAGEOBJECT


def paths(page: Page) -> Iterator[Box]:
    """The boxes of the page's paths; those of forms in the form's own space, where their sides tell as much."""
    import pypdfium2.raw as c

    for index in range(min(c.FPDFPage_CountObjects(page.raw), _OBJECTS)):
        handle = c.FPDFPage_GetObject(page.raw, index)
        kind = c.FPDFPageObj_GetType(handle)
        if kind == _PATH:
            yield bounds(handle)
        elif kind == _FORM:
            yield from (bounds(inner) for inner_kind, inner in inside(handle, _NESTED) if inner_kind == _PATH)


def inside(form: Any, depth: int) -> Iterator[tuple[int, Any]]:
    """(kind, handle) of the objects of a form XObject and of the forms in it."""
    import pypdfium2.raw as c

    for index in range(min(c.FPDFFormObj_CountObjects(form), _OBJECTS)):
        handle = c.FPDFFormObj_GetObject(form, index)
        kind = c.FPDFPageObj_GetType(handle)
        if kind == _FORM:
            if depth:
                yield from inside(handle, depth - 1)
        else:
            yield kind, handle


def bounds(handle: Any) -> Box:
    """The box of an object in its own space, which is the page's unless it stands in a form."""
    import pypdfium2.raw as c

    left, bottom, right, top = ctypes.c_float(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    if not c.FPDFPageObj_GetBounds(handle, left, bottom, right, top):
        return (0.0, 0.0, 0.0, 0.0)
    return (left.value, bottom.value, right.value, top.value)


def _picture(page: Page, handle: Any, box: Box | None) -> Iterator[Picture]:
    import pypdfium2.raw as c

    width, height = ctypes.c_uint(), ctypes.c_uint()
    if not c.FPDFImageObj_GetImagePixelSize(handle, width, height):
        return
    if width.value >= _LEAST_WIDTH and height.value >= _LEAST_HEIGHT:
        yield Picture(_clipped(box or bounds(handle), page.box), width.value, height.value, handle)


def _clipped(box: Box, page: Box) -> Box:
    left, bottom, right, top = box
    return (max(left, page[0]), max(bottom, page[1]), min(right, page[2]), min(top, page[3]))

"""Makes the workbook of the bench: two sheets of texts, numbers and shares, stored as Excel stores them."""

from __future__ import annotations

import random
from pathlib import Path
from xml.sax.saxutils import escape

import office
from papers import english

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = ("Ref", "Name", "City", "Amount", "Share", "Remark")


def workbook(path: Path, *, rows: int) -> None:
    """Write a workbook of `rows` rows of six cells on two sheets, its texts in the shared string table."""
    chance = random.Random("workbook")
    remarks = [sentence[:60] for sentence in english()]
    shared: dict[str, int] = {}
    sheets = [
        _sheet(range(rows // 2), chance, remarks, shared),
        _sheet(range(rows // 2, rows), chance, remarks, shared),
    ]
    strings = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared)
    names = "".join(f'<sheet name="Sheet {n}" sheetId="{n}" r:id="rId{n}"/>' for n in (1, 2))
    members = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}/relationships"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"),
            ("worksheet", "worksheets/sheet2.xml"),
            ("sharedStrings", "sharedStrings.xml"),
        ),
        "xl/sharedStrings.xml": f'<sst {_MAIN} count="{len(shared)}" uniqueCount="{len(shared)}">{strings}</sst>',
        **{f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(sheets, 1)},
    }
    path.write_bytes(office.pack({name: _xml(text) for name, text in members.items()}))


def _xml(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def _sheet(numbers: range, chance: random.Random, remarks: list[str], shared: dict[str, int]) -> str:
    rows = [_row(1, _HEAD, shared)]
    for line, number in enumerate(numbers, 2):
        name = f"{chance.choice('ABCDEFGHKLMNPRST')}. {chance.choice(remarks).split()[0].title()}{number % 97}"
        city = chance.choice(("Oslo", "Debrecen", "Changsha", "Tangier", "Hamburg"))
        cells = (
            f"R{number:05d}",
            name,
            city,
            chance.randint(1, 99999),
            round(chance.random(), 4),
            chance.choice(remarks),
        )
        rows.append(_row(line, cells, shared))
    size = f'<dimension ref="A1:F{len(rows)}"/>'
    return f"<worksheet {_MAIN}>{size}<sheetData>{''.join(rows)}</sheetData></worksheet>"


def _row(number: int, cells: tuple[object, ...], shared: dict[str, int]) -> str:
    parts = []
    for letter, cell in zip("ABCDEF", cells, strict=True):
        if isinstance(cell, str):
            index = shared.setdefault(cell, len(shared))
            parts.append(f'<c r="{letter}{number}" t="s"><v>{index}</v></c>')
        else:
            parts.append(f'<c r="{letter}{number}"><v>{cell}</v></c>')
    return f'<row r="{number}" spans="1:6">{"".join(parts)}</row>'


def _content_types() -> str:
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/sharedStrings.xml", "sharedStrings")]
    parts += [(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in (1, 2)]
    overrides = "".join(f'<Override PartName="{name}" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in parts)
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*targets: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/relationships/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'

"""Field codes of a Word file in, what matters of them out: words in them, content fetched from outside, DDE."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Context, Find

_ROUTINE = re.compile(
    r"^\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION|PAGEREF|REF|NOTEREF|SEQ|TOC|STYLEREF|DATE|TIME|CREATEDATE|SAVEDATE|PRINTDATE|"
    r"EDITTIME|NUMWORDS|NUMCHARS|FILENAME|FILESIZE|FORMTEXT|FORMCHECKBOX|FORMDROPDOWN|LISTNUM|AUTONUM\w*|SHAPE|"
    r"EMBED|TC|XE|INDEX|GOTOBUTTON|MERGEFIELD|NEXT|SYMBOL|ZOTERO\w*|USERNAME|USERINITIALS|BIBLIOGRAPHY|CITATION)\b[^\"“]{0,60}$",
    re.I,
)
_QUOTED_NUMBERS = re.compile(r"\bQUOTE((?:\s+\d{2,5})+)", re.I)
_DDE = re.compile(r"^\s*\"?\s*DDE(?:AUTO)?\b", re.I)
_FETCHING = re.compile(r"^\s*(?:INCLUDETEXT|IMPORT|LINK|RD)\b", re.I)


def field_finds(fields: list[str], context: Context) -> Iterator[Find]:
    """One passage of the field codes that hold words; a problem for DDE and for each kind of fetching field."""
    lines: list[str] = []
    kinds: set[str] = set()
    for code in fields:
        plain = _QUOTED_NUMBERS.sub(_characters, code).strip()
        if _DDE.match(plain) or "DDEAUTO" in plain.upper():
            kinds.add("DDE field: would start another program; it was not run")
        elif _FETCHING.match(plain):
            kinds.add(f"field {plain.split()[0].upper()} fetches content from outside")
        if len(plain) > 2 and not _ROUTINE.match(plain):
            lines.append(plain)
    if lines:
        yield Passage("\n".join(dict.fromkeys(lines)), context.place(channel="field code"), None, frozenset({"hidden"}))
    for detail in sorted(kinds):
        yield context.problem(ProblemKind.EXTERNAL, detail)


def _characters(match: re.Match[str]) -> str:
    return "".join(chr(int(number)) for number in match[1].split() if 31 < int(number) < 0xD800)

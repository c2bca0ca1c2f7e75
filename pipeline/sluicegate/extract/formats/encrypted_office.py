"""An encrypted DOCX, XLSX or PPTX in (a compound file around it), the plain file as a child out."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.document import ProblemKind
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable
from sluicegate.extract.office.crypt import decrypted
from sluicegate.extract.office.ole import opened_ole
from sluicegate.extract.office.properties import ole_properties

MEDIA_TYPES = ("application/x-encrypted-ole",)


def read(source: Source, context: Context) -> Iterator[Find]:
    """Tries the built-in passwords, then those of the settings; a rights-managed file stays encrypted."""
    with opened_ole(source.data) as opened:
        yield from ole_properties(opened, context)
        managed = any(entry[-1] == "\tDRMContent" or "DRMEncryptedDataSpace" in entry for entry in opened.listdir())
    if managed:
        raise Unreadable(ProblemKind.ENCRYPTED, "rights-managed: only the rights server can open it")
    plain, built_in = decrypted(source.data, context.extraction.passwords)
    yield Note(f"opened with {'a built-in password' if built_in else 'a password from the settings'}")
    yield Child(source.name, plain)

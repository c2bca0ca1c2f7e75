"""ODT, ODS and ODP samples: the paragraph in every place of an OpenDocument file where text can stand."""

# ruff: noqa: E501  # the markup of a sample reads best on one line

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from functools import partial

from sluicegate.extract.evasion import Channel
from sluicegate.extract.evasion._build import attribute, text, zipped
from sluicegate.settings import Extraction, Settings

_PASSWORD = "cobalt-27"  # noqa: S105  # of a sample file, not of anything real
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_SPACES = " ".join(
    f'xmlns:{prefix}="{_ODF}{name}:1.0"'
    for prefix, name in {
        "office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style", "meta": "meta",
        "presentation": "presentation", "svg": "svg-compatible", "chart": "chart", "fo": "xsl-fo-compatible",
    }.items()
)  # fmt: skip
_MORE = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:math="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink"'
_KINDS = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
_HIDDEN = (
    "<style:style style:name='Veil' style:family='text'><style:text-properties text:display='none'/></style:style>"
    "<style:style style:name='Away' style:family='table'><style:table-properties table:display='false'/></style:style>"
    "<style:style style:name='Skip' style:family='drawing-page'><style:drawing-page-properties presentation:visibility='hidden'/></style:style>"
)


def file(kind: str, body: str, parts: dict[str, str | bytes] | None = None) -> bytes:
    """A file of this kind ("odt", "ods", "odp") with this body."""
    name = _KINDS[kind]
    content = (
        f"<office:document-content {_SPACES} {_MORE}><office:automatic-styles>{_HIDDEN}</office:automatic-styles>"
        f"<office:body><office:{name}>{body}</office:{name}></office:body></office:document-content>"
    )
    return zipped(
        {"mimetype": f"application/vnd.oasis.opendocument.{name}".encode(), "content.xml": content, **(parts or {})}
    )


def _p(words: str) -> str:
    return f"<text:p>{text(words)}</text:p>"


def _styles(inner: str) -> dict[str, str | bytes]:
    return {
        "styles.xml": f"<office:document-styles {_SPACES} {_MORE}><office:master-styles><style:master-page style:name='Standard'>"
        f"{inner}</style:master-page></office:master-styles></office:document-styles>"
    }


def _object(body: str) -> dict[str, str | bytes]:
    return {
        "Object 1/content.xml": f"<office:document-content {_SPACES} {_MORE}><office:body>{body}</office:body></office:document-content>"
    }


def _meta(words: str) -> dict[str, str | bytes]:
    return {
        "meta.xml": f"<office:document-meta {_SPACES} {_MORE}><office:meta><dc:description>{text(words)}</dc:description></office:meta>"
        "</office:document-meta>"
    }


_TEXTS: dict[str, Callable[[str], str]] = {
    "body": _p,
    "heading": lambda p: f"<text:h>{text(p)}</text:h>",
    "split runs": lambda p: "<text:p>" + "".join(f"<text:span>{text(c)}</text:span>" for c in p) + "</text:p>",
    "list": lambda p: f"<text:list><text:list-item>{_p(p)}</text:list-item></text:list>",
    "table": lambda p: f"<table:table><table:table-row><table:table-cell>{_p(p)}</table:table-cell></table:table-row></table:table>",
    "footnote": lambda p: f"<text:p>x<text:note text:note-class='footnote'><text:note-citation>1</text:note-citation><text:note-body>{_p(p)}</text:note-body></text:note></text:p>",
    "endnote": lambda p: f"<text:p>x<text:note text:note-class='endnote'><text:note-body>{_p(p)}</text:note-body></text:note></text:p>",
    "comment": lambda p: f"<text:p>x<office:annotation><dc:creator>A</dc:creator>{_p(p)}</office:annotation></text:p>",
    "text box": lambda p: f"<text:p>x<draw:frame><draw:text-box>{_p(p)}</draw:text-box></draw:frame></text:p>",
    "alt text": lambda p: f"<text:p>x<draw:frame><draw:image/><svg:desc>{text(p)}</svg:desc></draw:frame></text:p>",
    "hidden text": lambda p: f"<text:p>x<text:span text:style-name='Veil'>{text(p)}</text:span></text:p>",
    "hidden field": lambda p: f"<text:p>x<text:hidden-text text:string-value={attribute(p)}/></text:p>",
    "hidden section": lambda p: f"<text:section text:display='none'>{_p(p)}</text:section>",
    "tracked deletion": lambda p: f"<text:tracked-changes><text:changed-region><text:deletion>{_p(p)}</text:deletion></text:changed-region></text:tracked-changes>",
    "tracked insertion": lambda p: f"<text:tracked-changes/><text:p><text:change-start/>{text(p)}<text:change-end/></text:p>",
    "equation": lambda p: f"<text:p><draw:frame><draw:object><math:math><math:mtext>{text(p)}</math:mtext></math:math></draw:object></draw:frame></text:p>",
    "link": lambda p: f"<text:p><text:a xlink:href='#x' office:title={attribute(p)}>x</text:a></text:p>",
    "form": lambda p: f"<text:p><text:text-input text:description={attribute(p)}>x</text:text-input></text:p>",
}  # fmt: skip
_CELLS: dict[str, Callable[[str], str]] = {
    "cell": lambda p: _sheet(_cell(_p(p))),
    "hidden sheet": lambda p: _sheet(_cell(_p(p)), "table:style-name='Away'"),
    "hidden row": lambda p: _sheet(_cell(_p(p)), "", "table:visibility='collapse'"),
    "filtered row": lambda p: _sheet(_cell(_p(p)), "", "table:visibility='filter'"),
    "value without text": lambda p: _sheet(f"<table:table-cell office:string-value={attribute(p)}/>"),
    "comment": lambda p: _sheet(_cell(f"<office:annotation>{_p(p)}</office:annotation>{_p('1')}")),
    "text box": lambda p: _sheet(_cell(f"<draw:frame><draw:text-box>{_p(p)}</draw:text-box></draw:frame>")),
}  # fmt: skip
_SLIDES: dict[str, Callable[[str], str]] = {
    "text box": lambda p: _page(_box(p)),
    "hidden slide": lambda p: _page(_box(p), "draw:style-name='Skip'"),
    "speaker notes": lambda p: _page(f"<presentation:notes>{_box(p)}</presentation:notes>"),
    "group": lambda p: _page(f"<draw:g>{_box(p)}</draw:g>"),
    "custom shape": lambda p: _page(f"<draw:custom-shape>{_p(p)}</draw:custom-shape>"),
    "alt text": lambda p: _page(f"<draw:frame><svg:title>{text(p)}</svg:title></draw:frame>"),
    "comment": lambda p: _page(f"<office:annotation>{_p(p)}</office:annotation>"),
}  # fmt: skip


def _cell(inner: str) -> str:
    return f"<table:table-cell>{inner}</table:table-cell>"


def _sheet(cell: str, table: str = "", row: str = "") -> str:
    return f"<table:table table:name='One' {table}><table:table-row><table:table-cell>{_p('head')}</table:table-cell></table:table-row><table:table-row {row}>{cell}</table:table-row></table:table>"


def _box(words: str) -> str:
    return f"<draw:frame><draw:text-box>{_p(words)}</draw:text-box></draw:frame>"


def _page(inner: str, extra: str = "") -> str:
    return f"<draw:page draw:name='one' {extra}>{inner}</draw:page>"


def channels() -> Iterator[Channel]:
    """All channels of ODT, ODS and ODP."""
    for kind, bodies in (("odt", _TEXTS), ("ods", _CELLS), ("odp", _SLIDES)):
        for name, body in bodies.items():
            yield Channel(kind, name, partial(_with_body, kind, body))
        yield Channel(kind, "document property", partial(_with_parts, kind, _meta))
        yield Channel(
            kind,
            "macro",
            partial(_with_parts, kind, lambda p: {"Basic/Standard/Module1.xml": f"<module>{text(p)}</module>"}),
        )
        yield Channel(
            kind,
            "chart",
            partial(
                _with_parts, kind, lambda p: _object(f"<office:chart><chart:title>{_p(p)}</chart:title></office:chart>")
            ),
        )
        yield Channel(kind, "stray member", partial(_with_parts, kind, lambda p: {"notes.txt": p.encode()}))
    yield Channel(
        "odt", "header", partial(_with_parts, "odt", lambda p: _styles(f"<style:header>{_p(p)}</style:header>"))
    )
    yield Channel(
        "odt", "footer", partial(_with_parts, "odt", lambda p: _styles(f"<style:footer>{_p(p)}</style:footer>"))
    )
    yield Channel(
        "ods",
        "header",
        partial(
            _with_parts,
            "ods",
            lambda p: _styles(f"<style:header><style:region-center>{_p(p)}</style:region-center></style:header>"),
        ),
    )
    yield Channel("odp", "slide master", partial(_with_parts, "odp", lambda p: _styles(_box(p))))
    given = Settings(extraction=Extraction(passwords=(_PASSWORD,)))
    yield Channel("odt", "password in the settings", _sealed, settings=given)
    yield Channel("odt", "password not given", _sealed, only_reported=True)
    yield Channel("odt", "embedded document", partial(_with_parts, "odt", lambda p: {"Object 2": file("odt", _p(p))}))


def _sealed(paragraph: str) -> bytes:
    """An ODT whose content is encrypted as LibreOffice does it: AES-256 in CBC mode, PBKDF2, checked over 1 KiB."""
    import base64
    import hashlib
    import zlib

    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    content = zipfile.ZipFile(io.BytesIO(file("odt", _p(paragraph)))).read("content.xml")
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = engine.compress(content) + engine.flush()
    count = 16 - len(packed) % 16
    start = hashlib.sha256(_PASSWORD.encode()).digest()
    key = hashlib.pbkdf2_hmac("sha1", start, bytes(16), 1000, 32)
    cipher = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    sealed = cipher.update(packed + bytes(count - 1) + bytes([count])) + cipher.finalize()
    checked = base64.b64encode(hashlib.sha256(packed[:1024]).digest()).decode()
    zeros = base64.b64encode(bytes(16)).decode()
    entry = (
        f"<m:file-entry m:full-path='content.xml'><m:encryption-data m:checksum-type='urn:x#sha256-1k' m:checksum='{checked}'>"
        f"<m:algorithm m:algorithm-name='http://www.w3.org/2001/04/xmlenc#aes256-cbc' m:initialisation-vector='{zeros}'/>"
        f"<m:key-derivation m:key-derivation-name='PBKDF2' m:key-size='32' m:iteration-count='1000' m:salt='{zeros}'/>"
        "<m:start-key-generation m:start-key-generation-name='http://www.w3.org/2000/09/xmldsig#sha256'/>"
        "</m:encryption-data></m:file-entry>"
    )
    manifest = f"<m:manifest xmlns:m='{_ODF}manifest:1.0'>{entry}</m:manifest>"
    kind = b"application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": kind, "content.xml": sealed, "META-INF/manifest.xml": manifest})


def _with_body(kind: str, body: Callable[[str], str], paragraph: str) -> bytes:
    return file(kind, body(paragraph))


def _with_parts(kind: str, make: Callable[[str], dict[str, str | bytes]], paragraph: str) -> bytes:
    body = {"odt": _p("x"), "ods": _sheet(_cell(_p("x"))), "odp": _page(_box("x"))}[kind]
    return file(kind, body, make(paragraph))

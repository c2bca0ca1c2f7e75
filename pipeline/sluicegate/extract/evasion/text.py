"""A paragraph in, plain text, CSV, JSON, XML, SVG and HTML files with it in every place that they have out."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
from collections.abc import Callable, Iterator

from sluicegate.extract.evasion import Channel

_COVER = "Covering note for the enclosed documents."


def channels() -> Iterator[Channel]:
    """Plain text in its charsets, then the structured kinds."""
    for charset in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"):
        yield Channel("txt", charset, _in_charset(charset))
    yield Channel("md", "paragraph", lambda text: f"# Note\n\n{_COVER}\n\n{text}\n".encode())
    yield Channel("tex", "comment", lambda text: f"\\documentclass{{article}}\n% {text}\n\\begin{{document}}x".encode())
    yield Channel("json", "escaped string", lambda text: json.dumps({"note": _COVER, "remarks": text}).encode())
    yield Channel("csv", "cell", _csv)
    yield Channel("pdf", "text under a name that promises PDF", lambda text: text.encode())
    for name, make in _XML.items():
        yield Channel("xml", name, _encoded(make))
    yield Channel(
        "svg", "text", _encoded(lambda text: f'<svg xmlns="http://www.w3.org/2000/svg"><text>{text}</text></svg>')
    )
    for name, make in _HTML.items():
        yield Channel("html", name, _encoded(_in_page(make)))


def _in_charset(charset: str) -> Callable[[str], bytes]:
    return lambda text: f"{_COVER}\n\n{text}\n".encode(charset)


def _csv(text: str) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([["item", "remarks"], ["1", _COVER], ["2", text]])
    return stream.getvalue().encode()


def _encoded(make: Callable[[str], str]) -> Callable[[str], bytes]:
    return lambda text: make(text).encode()


def _in_page(make: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: f"<!doctype html><html><body><p>{_COVER}</p>{make(text)}</body></html>"


def _data_address(text: str) -> str:
    return "data:text/plain;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()


_XML: dict[str, Callable[[str], str]] = {
    "element": lambda text: f"<?xml version='1.0'?><a><b>{_COVER}</b><c>{text}</c></a>",
    "runs of a word": lambda text: "<?xml version='1.0'?><a><p>" + "".join(f"<r>{c}</r>" for c in text) + "</p></a>",
    "words cut by entities": lambda text: (
        f"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e {_quoted(text[9:40])}>]><a><c>{text[:9]}&e;{text[40:]}</c></a>"
    ),
    "attribute": lambda text: f"<?xml version='1.0'?><a remarks={_quoted(text)}><b>{_COVER}</b></a>",
    "comment": lambda text: f"<?xml version='1.0'?><a><b>{_COVER}</b><!-- {text} --></a>",
    "CDATA": lambda text: f"<?xml version='1.0'?><a><b>{_COVER}</b><c><![CDATA[{text}]]></c></a>",
    "entity": lambda text: f"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY e {_quoted(text)}>]><a>{_COVER} &e;</a>",
    "not well formed": lambda text: f"<?xml version='1.0'?><a><b>{text}</a>",
}
_HTML: dict[str, Callable[[str], str]] = {
    "paragraph": lambda text: f"<p>{text}</p>",
    "runs of a word": lambda text: "<p>" + "".join(f"<b>{html.escape(c)}</b>" for c in text) + "</p>",
    "table cell": lambda text: f"<table><tr><th>a<th>b<tr><td>1<td>{text}</table>",
    "display: none": lambda text: f"<div style='display:none'>{text}</div>",
    "hidden attribute": lambda text: f"<div hidden>{text}</div>",
    "white text": lambda text: f"<font color='#ffffff'>{text}</font>",
    "comment": lambda text: f"<!-- {text} -->",
    "conditional comment": lambda text: f"<!--[if mso]><p>{text}</p><![endif]-->",
    "alternative text": lambda text: f"<img src='a.png' alt={_quoted(text)}>",
    "title attribute": lambda text: f"<a href='#' title={_quoted(text)}>x</a>",
    "data attribute": lambda text: f"<div data-note={_quoted(text)}></div>",
    "description": lambda text: f"<meta name='description' content={_quoted(text)}>",
    "title": lambda text: f"<title>{text}</title>",
    "script": lambda text: f"<script>var note = {_quoted(text)};</script>",
    "comment in a style sheet": lambda text: f"<style>/* {text} */</style>",
    "template": lambda text: f"<template><p>{text}</p></template>",
    "noscript": lambda text: f"<noscript>{text}</noscript>",
    "text area": lambda text: f"<textarea>{text}</textarea>",
    "input value": lambda text: f"<input type='hidden' value={_quoted(text)}>",
    "frame in an attribute": lambda text: f"<iframe srcdoc='&lt;p&gt;{html.escape(text)}&lt;/p&gt;'></iframe>",
    "data address": lambda text: f"<a href='{_data_address(text)}'>x</a>",
    "after the end": lambda text: f"</body></html><p>{text}</p>",
}


def _quoted(text: str) -> str:
    return '"' + html.escape(text) + '"'

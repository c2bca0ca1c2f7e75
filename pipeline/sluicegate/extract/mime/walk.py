"""A message in, its leaves out: every body part, preamble, epilogue and enclosed file, and what could not be walked.

The walk keeps a stack and a count instead of recursing, so that neither depth nor number of parts can hurt it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sluicegate.document import ProblemKind
from sluicegate.extract.mime import boundary as delimiters
from sluicegate.extract.mime import transfer
from sluicegate.extract.mime.fields import HEADER, Entity, Fields, entities, looks_like_header
from sluicegate.extract.mime.inline import enclosed, uudecode, without
from sluicegate.extract.mime.parameters import Parameters, parse
from sluicegate.extract.mime.words import header_text

DEPTH = 50
"""Multiparts inside multiparts; real mail stays below 10."""
MESSAGES = ("message/rfc822", "message/global", "message/news", "message/rfc2822")
_QUOTED = 2
"""Mails quoted as text in mails quoted as text."""
_ENCODED = (transfer.BASE64, transfer.QUOTED, transfer.UUENCODE)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A piece of content: `number` tells where it stood ("1.2"), `role` what it is.

    Roles: part; preamble; epilogue; enclosed (a file in a text); other (a second reading of the same bytes).
    `names` are all file names that the part gives itself, the one that most programs show first.
    """

    number: str
    media_type: str
    fields: Fields = field(repr=False)
    parameters: Parameters = field(repr=False)
    data: bytes = field(repr=False)
    role: str = "part"
    names: tuple[str, ...] = field(default=(), repr=False)
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that could not be walked, or that a person must know."""

    number: str
    kind: ProblemKind
    detail: str


@dataclass(frozen=True, slots=True)
class _Todo:
    data: bytes
    number: str
    depth: int
    default: str
    view: Entity | None = None
    role: str = "part"
    quota: int = 1 << 25
    """Bytes of text that may be gone through once more for the MIME parts in it."""


@dataclass(frozen=True, slots=True)
class _Content:
    data: bytes
    media_type: str
    names: tuple[str, ...] = ()


_NO_PARAMETERS = Parameters("")
_BINARY = "application/octet-stream"


def walk(data: bytes, *, parts: int) -> Iterator[Leaf | Trouble]:
    """The leaves of a message in order. `parts` is the most pieces followed; beyond it one Trouble ends the walk.

    Messages inside (message/rfc822) are leaves with their content decoded; the caller decides how to go on.
    """
    stack = [_Todo(data, "1", 0, "text/plain")]
    count = 0
    while stack:
        todo = stack.pop()
        count += 1
        if count > parts:
            yield Trouble(todo.number, ProblemKind.TOO_MANY, f"more than {parts} parts in one message")
            return
        if todo.depth > DEPTH:
            yield Trouble(todo.number, ProblemKind.TOO_DEEP, f"more than {DEPTH} multiparts inside each other")
            continue
        views = (todo.view,) if todo.view else entities(todo.data)
        further: list[_Todo] = []
        for rank, view in enumerate(views):
            role = todo.role if rank == 0 else "other"
            if len(todo.data) - len(view.body) > HEADER:
                yield Trouble(todo.number, ProblemKind.TOO_LARGE, f"a header of more than {HEADER} bytes")
            for item in _readings(view, todo, role, parts - count):
                if isinstance(item, _Todo):
                    further.append(item)
                else:
                    yield item
        stack.extend(reversed(further))


def _readings(view: Entity, todo: _Todo, role: str, most: int) -> Iterator[Leaf | Trouble | _Todo]:
    """What one entity holds, by every combination of its (possibly duplicate) type and encoding fields."""
    types = view.fields.ends("content-type") or (todo.default.encode(),)
    encodings = view.fields.ends("content-transfer-encoding") or (b"",)
    seen: set[tuple[str, bytes]] = set()
    for value in types:
        parameters = parse(value)
        media_type = parameters.value if "/" in parameters.value else todo.default
        for encoding in dict.fromkeys(map(transfer.encoding_of, encodings)):
            if media_type.startswith("multipart/"):
                items = _multipart(view, todo, media_type, parameters, encoding, most)
            else:
                items = _single(view, todo, media_type, parameters, encoding)
            for item in items:
                if isinstance(item, Leaf):
                    if (item.media_type, item.data) in seen:
                        continue
                    seen.add((item.media_type, item.data))
                    item = _as(item, role if len(seen) == 1 else "other")
                yield item


def _as(leaf: Leaf, role: str) -> Leaf:
    return replace(leaf, role=role) if leaf.role == "part" and role != "part" else leaf


def _multipart(
    view: Entity, todo: _Todo, media_type: str, parameters: Parameters, encoding: str, most: int
) -> Iterator[Leaf | Trouble | _Todo]:
    if media_type == "multipart/encrypted":
        yield Trouble(todo.number, ProblemKind.ENCRYPTED, "an encrypted message")
    default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
    bodies = [view.body]
    if encoding in _ENCODED:  # RFC 2045, section 6.4, forbids it; some programs decode all the same
        bodies.append(next(_contents(view.body, encoding, media_type)).data)
    found = False
    for body in dict.fromkeys(bodies):
        for limit in _boundaries(parameters):
            cut = delimiters.split(body, limit, most=most)
            if cut is not None:
                found = True
                yield from _pieces(cut, todo, default, view)
    if found:
        return
    for body in dict.fromkeys(bodies):
        for limit in delimiters.guesses(body):
            cut = delimiters.split(body, limit, most=most)
            if cut is not None and cut.parts:
                yield from _pieces(cut, todo, default, view)
                return
    for body in dict.fromkeys(bodies):
        if body.strip():
            yield Leaf(todo.number, "text/plain", view.fields, _NO_PARAMETERS, body)


def _boundaries(parameters: Parameters) -> tuple[bytes, ...]:
    """Every boundary stated; blanks at its end count for some programs (RFC 2046, section 5.1.1, forbids them)."""
    stated = parameters.raw("boundary")
    return tuple(dict.fromkeys((*stated, *(limit.rstrip() for limit in stated if limit.strip()))))


def _pieces(cut: delimiters.Split, todo: _Todo, default: str, view: Entity) -> Iterator[Leaf | Trouble | _Todo]:
    for role, text in (("preamble", cut.preamble), ("epilogue", cut.epilogue)):
        if text.strip():
            yield Leaf(todo.number, "text/plain", Fields(), _NO_PARAMETERS, text, role)
            yield from _hidden(text, todo)
    for number, part in enumerate(cut.parts, 1):
        if part.strip():
            yield _Todo(part, f"{todo.number}.{number}", todo.depth + 1, default)


def _single(
    view: Entity, todo: _Todo, media_type: str, parameters: Parameters, encoding: str
) -> Iterator[Leaf | Trouble | _Todo]:
    disposition = parse((view.fields.ends("content-disposition") or (b"",))[0])
    given = (*disposition.texts("filename"), *disposition.texts("name"), *parameters.texts("name"))
    names = tuple(dict.fromkeys(given))
    attached = bool(names) or disposition.value == "attachment"
    if media_type == "message/partial":
        yield Trouble(todo.number, ProblemKind.MISSING, "a fragment of a message: the other fragments are not here")
        yield _Todo(view.body, f"{todo.number}.1", todo.depth + 1, "text/plain", role="other")
    if media_type == "message/external-body":
        yield Trouble(todo.number, ProblemKind.EXTERNAL, "its content lies outside of the message")
    for rank, content in enumerate(_contents(view.body, encoding, media_type)):
        role = "part" if rank == 0 else "other"
        shown = tuple(dict.fromkeys((*names, *content.names)))
        yield from _leaf(view, todo, parameters, content, role, shown, attached or bool(content.names))


def _leaf(
    view: Entity,
    todo: _Todo,
    parameters: Parameters,
    content: _Content,
    role: str,
    names: tuple[str, ...],
    attached: bool,
) -> Iterator[Leaf | Trouble | _Todo]:
    """One content, the files that stand in it as text, and the MIME parts that stand in it as text."""
    data, media_type = content.data, content.media_type
    text = _textual(media_type, data)
    files = list(enclosed(data)) if text else []
    rest = without(data, files) if files else data
    if rest.strip() or not files:
        yield Leaf(todo.number, media_type, view.fields, parameters, rest, role, names, attached)
    for file in files:
        name = (header_text(file.name),)
        yield Leaf(todo.number, _BINARY, Fields(), _NO_PARAMETERS, file.data, "enclosed", name, attached=True)
    if text and media_type not in MESSAGES:
        yield from _hidden(data, todo)


def _textual(media_type: str, data: bytes) -> bool:
    """Worth a search for files enclosed in lines of text."""
    return media_type.startswith(("text/", "message/")) or b"\x00" not in data[:4096]


def _hidden(text: bytes, todo: _Todo) -> Iterator[_Todo | Trouble]:
    """MIME parts that stand in a text: some program takes the text for a multipart, and bounces quote whole mails."""
    if todo.number.count("+") >= _QUOTED:
        return
    limits = delimiters.embedded(text)
    allowed = max(2, todo.quota // max(len(text), 1))
    if len(limits) > allowed:
        yield Trouble(todo.number, ProblemKind.TOO_MANY, f"more than {allowed} MIME boundaries in one text")
    for limit in limits[:allowed]:
        cut = delimiters.split(text, limit, most=1000)
        for number, part in enumerate(cut.parts if cut else (), 1):
            if part.strip():
                where = f"{todo.number}+{number}"
                yield _Todo(part, where, todo.depth + 1, "text/plain", role="other", quota=4 * len(part))


def _contents(body: bytes, encoding: str, media_type: str) -> Iterator[_Content]:
    """The content by each way of decoding that a program might choose, with a name where the encoding carries one."""
    if encoding == transfer.BASE64:
        yield from _base64_readings(body, media_type)
    elif encoding == transfer.QUOTED:
        yield _Content(transfer.decode_quoted(body), media_type)
    elif encoding in (transfer.UUENCODE, transfer.YENC, transfer.BINHEX):
        yield from _line_encoded(body, media_type)
    else:
        yield _Content(body, media_type)
        if transfer.looks_base64(body):
            yield _Content(transfer.decode_base64(body).data, media_type)
        if encoding == transfer.UNKNOWN and transfer.looks_quoted(body):
            yield _Content(transfer.decode_quoted(body), media_type)
        return
    if media_type in MESSAGES and looks_like_header(body):  # says that it is encoded, and is not
        yield _Content(body, media_type)


def _base64_readings(body: bytes, media_type: str) -> Iterator[_Content]:
    decoded = transfer.decode_base64(body)
    yield _Content(decoded.data, media_type)
    if 1 < len(decoded.stretches) <= 8:  # one program stops at the padding, another starts anew behind it
        yield from (_Content(data, media_type) for data in decoded.stretches)
    if decoded.lines and decoded.lines != decoded.data:
        yield _Content(decoded.lines, media_type)
    if decoded.stray.strip():
        yield _Content(decoded.stray, "text/plain")


def _line_encoded(body: bytes, media_type: str) -> Iterator[_Content]:
    files = list(enclosed(body))
    for file in files:
        yield _Content(file.data, media_type, (header_text(file.name),))
    if not files:
        yield _Content(uudecode(body), media_type)
    rest = without(body, files) if files else body
    if rest.strip():
        yield _Content(rest, "text/plain")

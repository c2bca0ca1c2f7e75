"""RTF bytes in, passages of every destination, pictures and objects out (RTF 1.9.1).

One pass over the tokens with a stack of groups. Destinations that no reader shows, known or not, are swept for prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sluicegate.document import Passage, Place, ProblemKind
from sluicegate.extract.frame import Child, Context, Find
from sluicegate.extract.office import rtf_tables as tables
from sluicegate.extract.office.marks import DELETED, HIDDEN, INSERTED
from sluicegate.extract.office.ole import wrapped_object
from sluicegate.extract.office.pictures import bitmap
from sluicegate.extract.office.prose import is_prose
from sluicegate.extract.office.rtf_flow import Flow
from sluicegate.extract.office.rtf_fonts import Fonts, document_codec
from sluicegate.extract.office.word_fields import field_finds

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.S
)
_NOT_HEX = re.compile(r"[^0-9a-fA-F]")
_DEEPEST = 2000
_NUMBERED = {"footnote": "footnote", "annotation": "comment"}
_HEX = frozenset({"pict", "objdata", "datastore"})


@dataclass(slots=True)
class _Group:
    """What holds within one pair of braces."""

    channel: str | None = None
    kind: str = ""
    skip: int = 1
    marks: int = 0
    lifted: bool = False
    font: int | None = None
    ignorable: bool = False
    fresh: bool = True


@dataclass(slots=True)
class RtfReader:
    """Reads one file; `read` may be called once."""

    context: Context
    fonts: Fonts = field(default_factory=Fonts)
    stack: list[_Group] = field(default_factory=list)
    group: _Group = field(default_factory=_Group)
    flows: dict[str | None, Flow] = field(default_factory=dict)
    pending: bytearray = field(default_factory=bytearray, repr=False)
    to_skip: int = 0
    fields: list[str] = field(default_factory=list, repr=False)
    swept: list[str] = field(default_factory=list, repr=False)
    blob: list[str] = field(default_factory=list, repr=False)
    raw_blob: bytes = field(default=b"", repr=False)
    picture_kind: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    finds: list[Find] = field(default_factory=list, repr=False)
    in_row: bool = False

    def read(self, data: bytes) -> Iterator[Find]:
        """The body as it comes, then the other destinations, pictures and objects."""
        text = data.decode("latin-1")
        self.fonts.codec = document_codec(data)
        at, end = 0, len(text)
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None:
                at += 1
                continue
            at = match.end()
            if match[1] == "bin":
                size = max(int(match[2] or 0), 0)
                self._binary(data[at : at + size])
                at += size
            else:
                self._token(match)
            yield from self.body().drain()
        self._flush()
        yield from self._rest()

    def body(self) -> Flow:
        """The flow of the main text."""
        return self._flow(None)

    def _rest(self) -> Iterator[Find]:
        for channel, flow in self.flows.items():
            if channel not in ("field code", "template", "skip"):
                yield from flow.finish()
        self.fields.extend(self._lines("field code"))
        yield from field_finds(self.fields, self.context)
        for target in self._lines("template"):
            if re.match(r"\s*(?:https?:|\\\\|//)", target):
                yield self.context.problem(ProblemKind.EXTERNAL, "content is fetched from outside (attachedTemplate)")
        lines = [line for line in "".join(self.swept).split("\n") if is_prose(line, sentence=True)]
        if lines:
            yield Passage(
                "\n".join(lines), self.context.place(channel="unshown destination"), None, frozenset({"hidden"})
            )
        yield from self.finds

    def _lines(self, channel: str) -> list[str]:
        flow = self.flows.get(channel)
        return [passage.text for passage in flow.finish()] if flow else []

    def _flow(self, channel: str | None) -> Flow:
        if channel not in self.flows:
            place: Place = self.context.place(channel=channel)
            self.flows[channel] = Flow(place)
        return self.flows[channel]

    def _token(self, match: re.Match[str]) -> None:
        word, number, hexed, mark, brace, text = match.groups()
        if brace == "{":
            self._flush()
            self.stack.append(self.group)
            if len(self.stack) < _DEEPEST:
                self.group = replace(self.group, fresh=True, ignorable=False)
        elif brace == "}":
            self._flush()
            self._close()
        elif word:
            self._word(word, int(number) if number else None)
        elif hexed:
            self._byte(int(hexed, 16))
        elif mark is not None:
            self._mark(mark)
        elif text:
            self._text(text)

    def _close(self) -> None:
        above = self.stack.pop() if self.stack else _Group()
        if self.group.kind == "silent" or (self.group.kind == "unknown" and above.kind != "unknown"):
            self.swept.append("\n")
        if self.group.kind in _HEX and above.kind != self.group.kind:
            self._finish_blob(self.group.kind)
        elif self.group.channel != above.channel and self.group.channel is not None:
            self._flow(self.group.channel).paragraph_end()
        self.group = above

    def _mark(self, mark: str) -> None:
        if mark == "*":
            self.group.ignorable = True
            return
        shown = tables.SYMBOLS.get(mark, "")
        if self.to_skip and mark not in "\r\n":
            self.to_skip -= 1
        elif shown == "\r":
            self._word("par", None)
        elif shown in ("{", "}", "\\"):
            self.pending += shown.encode()
        else:
            self._flush()
            self._put(shown)

    def _text(self, text: str) -> None:
        if self.group.kind in _HEX:
            self.blob.append(text)
            return
        if self.to_skip:
            dropped = min(self.to_skip, len(text))
            self.to_skip -= dropped
            text = text[dropped:]
        self.group.fresh = False
        self.pending += text.encode("latin-1")

    def _byte(self, value: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        else:
            self.pending.append(value)

    def _word(self, word: str, number: int | None) -> None:
        if word == "u" and number is not None:
            self._flush()
            self._put(chr(number % 65536))
            self.to_skip = self.group.skip
            return
        self._flush()
        self.to_skip = 0
        if self.group.fresh and self._destination(word):
            self.group.fresh = False
            return
        if word not in ("uc", "f"):
            self.group.fresh = self.group.fresh and self.group.ignorable and not self.group.kind
        self._control(word, number)

    def _destination(self, word: str) -> bool:
        """Enter a destination, if the word names one."""
        group = self.group
        if word in ("fonttbl", *_HEX):
            if word in _HEX and group.kind != "nonshppict":
                group.kind, self.blob, self.raw_blob, self.picture_kind = word, [], b"", ""
            elif word == "fonttbl":
                group.kind = word
        elif word in tables.SILENT:
            group.kind, group.channel = ("nonshppict" if word == "nonshppict" else "silent"), "skip"
        elif word in tables.CHANNELS:
            channel = tables.CHANNELS[word]
            if word in _NUMBERED:
                self.counts[word] = self.counts.get(word, 0) + 1
                channel = f"{_NUMBERED[word]} {self.counts[word]}"
            group.channel = channel if channel is not None else group.channel
            group.kind = "silent" if channel == "skip" else word
        elif group.ignorable and word not in tables.TRANSPARENT:
            group.kind, group.channel = "unknown", "skip"
        else:
            return False
        return True

    def _control(self, word: str, number: int | None) -> None:
        group, on = self.group, number != 0
        match word:
            case "ansicpg" | "mac" | "pc" | "pca":
                self.fonts.code_page(word, number)
            case "uc":
                group.skip = max(number or 0, 0)
            case "deff":
                self.fonts.default = number or 0
            case "f":
                group.font = number or 0
                if group.kind == "fonttbl":
                    self.fonts.begin(group.font)
            case "fcharset" | "cpg" if group.kind == "fonttbl":
                self.fonts.charset(group.font, word, number or 0)
            case "v":
                group.marks = group.marks | HIDDEN if on else group.marks & ~HIDDEN
            case "deleted":
                group.marks = group.marks | DELETED if on else group.marks & ~DELETED
            case "revised":
                group.marks = group.marks | INSERTED if on else group.marks & ~INSERTED
            case "super":
                group.lifted = on
            case "nosupersub" | "sub":
                group.lifted = False
            case "plain":
                group.marks, group.lifted, group.font = 0, False, None
            case "pngblip" | "jpegblip" | "emfblip" | "wmetafile" | "dibitmap" | "wbitmap" | "macpict":
                self.picture_kind = word
            case _:
                self._flow_word(word)

    def _flow_word(self, word: str) -> None:
        if word in tables.CHARACTERS:
            self._put(tables.CHARACTERS[word])
        elif self.group.kind in ("silent", "unknown", "nonshppict", *_HEX):
            return
        elif word in tables.BREAKS:
            self._flow(self.group.channel).paragraph_end(in_table=self.in_row)
        elif word in ("cell", "nestcell"):
            self._flow(self.group.channel).cell_end()
        elif word in ("row", "nestrow"):
            self._flow(self.group.channel).row_end()
            self.in_row = False
        elif word in ("intbl", "trowd"):
            self.in_row = True
        elif word == "pard":
            self.in_row = False

    def _flush(self) -> None:
        """Decode the bytes read since the last control word with the charset of the current font."""
        if not self.pending:
            return
        raw, self.pending = bytes(self.pending), bytearray()
        if self.group.kind == "fonttbl":
            self.fonts.name(self.group.font, raw)
            text = self.fonts.decode(None, raw)
            if is_prose(text, sentence=True):  # no font's name: the table does not end, and swallows the text
                self.group.kind = "silent"
                self.swept.append(text)
        else:
            self._put(self.fonts.decode(self.group.font, raw))

    def _put(self, text: str) -> None:
        group = self.group
        if group.kind in _HEX or group.kind == "fonttbl":
            return
        if group.kind in ("silent", "unknown", "nonshppict"):
            self.swept.append(text)
            return
        self._flow(group.channel).add(text, group.marks, lifted=group.lifted)

    def _binary(self, data: bytes) -> None:
        self._flush()
        if self.group.kind in _HEX:
            self.raw_blob += data

    def _finish_blob(self, kind: str) -> None:
        digits = _NOT_HEX.sub("", "".join(self.blob))
        data = self.raw_blob or bytes.fromhex(digits[: len(digits) // 2 * 2])
        number = self.counts[kind] = self.counts.get(kind, 0) + 1
        self.blob, self.raw_blob = [], b""
        if not data:
            return
        if kind == "pict":
            self.finds.append(Child(f"picture {number}", bitmap(data) if self.picture_kind == "dibitmap" else data))
        elif kind == "objdata":
            self.finds.extend(wrapped_object(data, self.context, f"embedded object {number}"))
        elif data.startswith(b"\xd0\xcf\x11\xe0"):
            self.finds.append(Child(f"data store {number}", data, None, "custom XML"))

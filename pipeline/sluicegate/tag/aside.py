"""Tags of a whole document in, the same tags with other technologies that are only mentioned taken out.

Two kinds of mention say nothing of what a text is about: a comparison ("unlike LiCoO2", 与钴酸锂相比), and a material
of another field in a file that names that field decisively (lithium titanate that becomes a sieve). Such a tag keeps
its place and its id and loses its points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sluicegate.document import Passage
from sluicegate.verdict import Tag

_REACH = 28  # characters from a word that compares to what it compares with
_BEFORE = re.compile(
    r"(?:compared (?:with|to)|comparison (?:with|to)|unlike|instead of|rather than|as opposed to|in contrast to|versus|"
    r"superior to|相较于?|相比于|不同于|区别于|有别于|不像|而非|优于|替代|取代|代替)[^.;,。;,!?\n]*$",
    re.I,
)
_AFTER = re.compile(r"[^.;,。;,!?\n]{0,12}(?:相比|相较|不同)")


def without_asides(
    passages: Sequence[Passage], tags: Sequence[tuple[Tag, ...]], yields: Mapping[str, tuple[str, ...]]
) -> list[tuple[Tag, ...]]:
    """The tags of each passage; `yields` says which decisive points make an `other:` point a mere material."""
    decisive: dict[tuple[str, ...], set[str]] = {}
    for passage, own in zip(passages, tags, strict=True):
        named = decisive.setdefault(passage.place.path, set())
        named.update([point for tag in own if tag.decisive for point in tag.points])
    kept = []
    for passage, own in zip(passages, tags, strict=True):
        named = decisive[passage.place.path]
        kept.append(
            tuple(
                [
                    tag._replace(points=()) if tag.points and _aside(tag, passage.text, named, yields) else tag
                    for tag in own
                ]
            )
        )
    return kept


def _aside(tag: Tag, text: str, named: set[str], yields: Mapping[str, tuple[str, ...]]) -> bool:
    if not all(point.startswith("other:") for point in tag.points):
        return False
    if any(named.intersection(yields.get(point, ())) for point in tag.points):
        return True
    if _BEFORE.search(text[max(0, tag.start - _REACH) : tag.start]):
        return True
    return _AFTER.match(text, tag.end) is not None

"""A media type in, its reader out: finds the format modules by itself and imports only the one that is needed.

The folder `sluicegate.extract.formats` is the registry. Each module there states `MEDIA_TYPES` as a plain tuple of
strings, which is read from its source text, so that a scan of PDF files never imports the mail or Office readers.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from types import MappingProxyType

from sluicegate.extract import formats
from sluicegate.extract.frame import Context, Find, Source

Reader = Callable[[Source, Context], Iterator[Find]]

_DECLARED = re.compile(r"^MEDIA_TYPES\b[^=\n]*=\s*(\([^()]*\))", re.M)


@cache
def modules() -> Mapping[str, str]:
    """Media type → name of the module that reads it."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(formats.__path__, f"{formats.__name__}."):
        for media_type in _declared(module.name):
            if media_type in found:
                raise ImportError(f"{media_type} is claimed by {found[media_type]} and {module.name}")
            found[media_type] = module.name
    return MappingProxyType(found)


def reader_for(media_type: str) -> Reader | None:
    """The reader of this media type, or None when no format module claims it."""
    name = modules().get(media_type)
    if name is None:
        return None
    reader: Reader = importlib.import_module(name).read
    return reader


def _declared(name: str) -> tuple[str, ...]:
    spec = find_spec(name)
    source = spec.loader.get_source(name) if spec and spec.loader and hasattr(spec.loader, "get_source") else None
    match = _DECLARED.search(source) if source else None
    if match is None:  # installed without sources, or declared in another way: ask the module itself
        return tuple(getattr(importlib.import_module(name), "MEDIA_TYPES", ()))
    return tuple(ast.literal_eval(match[1]))

"""The bytes of a model file in, its numbers out; nothing of what the file describes is ever built.

A model file is a skops archive: a schema in JSON and one `.npy` file an array. What a model of ours needs of it are
dictionaries, lists, numbers, arrays and the coefficients of logistic regressions, and these are read straight from the
schema: importing skops, and scikit-learn with it, takes longer than screening a hundred pages. A file of another
protocol of skops is handed to skops itself, which builds trusted types only.
"""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from typing import Any, NamedTuple

from sluicegate.errors import ModelRefused

_REGRESSION = "sklearn.linear_model._logistic.LogisticRegression"
_OURS = frozenset(
    {f"builtins.{name}" for name in ("dict", "list", "str", "int", "float", "bool", "NoneType")}
    | {"numpy.ndarray", _REGRESSION}
)  # what a model file of ours is made of; skops trusts more, but nothing more is read
_LARGEST_UNPACKED = 1024 * 1024 * 1024  # bytes
_PROTOCOL = 2  # of skops.io, as its schema states it


class Regression(NamedTuple):
    """The numbers of a logistic regression, named as scikit-learn names them."""

    coef_: Any
    intercept_: Any


def read_content(data: bytes, *, shown: str) -> Any:
    """The content of a model file, which errors name as `shown`; raises `ModelRefused` unless it is one of ours."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _LARGEST_UNPACKED:
                raise ModelRefused(f"{shown} unpacks to more than any model needs")
            schema = json.loads(archive.read("schema.json"))
            foreign = _types_in(schema) - _OURS
            if foreign:
                raise ModelRefused(f"{shown} holds foreign types ({', '.join(sorted(foreign)[:3])}): nothing is built")
            if isinstance(schema, dict) and schema.get("protocol") != _PROTOCOL:
                return _by_skops(data, shown)
            return _value(schema, archive)
    except ModelRefused:
        raise
    except Exception as error:  # noqa: BLE001 - a parser of foreign bytes: whatever it raises, the file is refused
        raise ModelRefused(f"{shown} cannot be read as a skops file ({type(error).__name__})") from None


def _types_in(schema: Any) -> set[str]:
    """The types that a skops file would build, wherever in its schema they hide."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if "__class__" in value:
                found.add(f"{value.get('__module__')}.{value['__class__']}")
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found


def _value(node: Any, archive: zipfile.ZipFile) -> Any:
    """What a node of the schema stands for; raises `KeyError`, `TypeError` or `ValueError` for one of another shape."""
    match node["__loader__"]:
        case "DictNode":
            return {name: _value(inner, archive) for name, inner in node["content"].items()}
        case "ListNode":
            return [_value(inner, archive) for inner in node["content"]]
        case "JsonNode":
            return json.loads(node["content"])
        case "NdArrayNode" if node["type"] == "numpy":
            return _array(archive.read(node["file"]))
        case "ObjectNode" if f"{node['__module__']}.{node['__class__']}" == _REGRESSION:
            held = node["content"]["content"]
            return Regression(_value(held["coef_"], archive), _value(held["intercept_"], archive))
    raise ValueError(node["__loader__"])


def _array(data: bytes) -> Any:
    import numpy as np

    return np.load(io.BytesIO(data), allow_pickle=False)


def _by_skops(data: bytes, shown: str) -> Any:
    from skops import io as skops_io  # 2 s, with scikit-learn

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        untrusted = skops_io.get_untrusted_types(data=data)
        if untrusted:
            raise ModelRefused(f"{shown} holds foreign types ({', '.join(sorted(untrusted)[:3])}): nothing is built")
        return skops_io.loads(data, trusted=[])

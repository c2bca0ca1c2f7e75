from __future__ import annotations

import hashlib
import io
import json
import pickle
import re
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from skops import io as skops_io

from sluicegate.classify.manifest import read_manifest
from sluicegate.classify.model import find_model, load_model
from sluicegate.errors import ModelMissing, ModelRefused
from sluicegate.settings import parse_settings

Put = Callable[..., Path]


class Trap:
    """What a pickle would do to whoever loads it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("the file was built",))


@pytest.fixture
def folder(tmp_path: Path, put_model: Put) -> Path:
    return put_model(tmp_path / "models")


def swap(folder: Path, data: bytes) -> None:
    """Put another model file into the folder, with the hash that a careful forger would write."""
    manifest = folder / "manifest.toml"
    old = hashlib.sha256((folder / "model.skops").read_bytes()).hexdigest()
    (folder / "model.skops").write_bytes(data)
    manifest.write_text(manifest.read_text().replace(old, hashlib.sha256(data).hexdigest()))


def rewrite(folder: Path, pattern: str, by: str) -> None:
    manifest = folder / "manifest.toml"
    text, count = re.subn(pattern, by, manifest.read_text(), flags=re.M)
    assert count == 1
    manifest.write_text(text)


def content(folder: Path) -> Any:
    return skops_io.loads((folder / "model.skops").read_bytes(), trusted=[])


def test_a_sound_model_loads(folder: Path) -> None:
    model = load_model(folder)
    assert model.name == "tiny-1"
    assert model.languages == {"en", "zh"}


def test_the_manifest_names_hash_data_settings_and_versions(folder: Path) -> None:
    values = tomllib.loads((folder / "manifest.toml").read_text())
    assert set(values["files"]) == {"model.skops", "card.md"}
    assert len(values["data"]["digest"]) == 64
    assert {"strength", "folds", "seed"} <= set(values["settings"])
    assert {"scikit-learn", "skops", "numpy", "sluicegate"} == set(values["made_with"])
    assert {"known_features", "harmless_controlled", "harmless_teaches"} == set(values["drift"])


@pytest.mark.parametrize("place", [0, 100, 5000, -1])
def test_one_changed_byte_is_tampering(folder: Path, place: int) -> None:
    data = bytearray((folder / "model.skops").read_bytes())
    data[place] ^= 1
    (folder / "model.skops").write_bytes(bytes(data))
    with pytest.raises(ModelRefused, match="tampered with or truncated"):
        load_model(folder)


@pytest.mark.parametrize("length", [0, 1, 200, -1])
def test_a_truncated_file_is_refused(folder: Path, length: int) -> None:
    data = (folder / "model.skops").read_bytes()
    (folder / "model.skops").write_bytes(data[:length])
    with pytest.raises(ModelRefused, match="truncated"):
        load_model(folder)


@pytest.mark.parametrize("length", [10, 300, -200])
def test_a_truncated_file_with_a_fitting_hash_is_refused(folder: Path, length: int) -> None:
    swap(folder, (folder / "model.skops").read_bytes()[:length])
    with pytest.raises(ModelRefused, match="skops file"):
        load_model(folder)


def test_a_pickle_is_refused_and_not_loaded(folder: Path) -> None:
    swap(folder, pickle.dumps(Trap()))
    with pytest.raises(ModelRefused, match="a pickle is never loaded"):
        load_model(folder)


def test_a_pickle_inside_the_archive_is_not_loaded(folder: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("schema.json", pickle.dumps(Trap()))
    swap(folder, packed.getvalue())
    with pytest.raises(ModelRefused, match="cannot be read as a skops file"):
        load_model(folder)


class Foreign:
    """A type that skops does not trust."""

    def __init__(self) -> None:
        self.x = 1


def test_types_that_skops_does_not_trust_are_refused(folder: Path) -> None:
    swap(folder, skops_io.dumps({**content(folder), "more": Foreign()}))
    with pytest.raises(ModelRefused, match=r"foreign types \(.*Foreign"):
        load_model(folder)


def test_types_that_skops_trusts_and_a_model_does_not_need_are_refused(folder: Path) -> None:
    from sklearn.preprocessing import StandardScaler

    swap(folder, skops_io.dumps({**content(folder), "more": StandardScaler()}))
    with pytest.raises(ModelRefused, match=r"foreign types \(.*StandardScaler"):
        load_model(folder)


def test_a_foreign_type_is_named_though_the_schema_hides_it_in_a_list(folder: Path) -> None:
    data = io.BytesIO((folder / "model.skops").read_bytes())
    out = io.BytesIO()
    with zipfile.ZipFile(data) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            blob = source.read(name)
            if name == "schema.json":
                schema = json.loads(blob)
                schema["beside"] = [[{"__class__": "system", "__module__": "os", "__loader__": "FunctionNode"}]]
                blob = json.dumps(schema).encode()
            target.writestr(name, blob)
    swap(folder, out.getvalue())
    with pytest.raises(ModelRefused, match=r"os\.system"):
        load_model(folder)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("heads", {}, "heads are not the ones"),
        ("heads", [1], "heads are not the ones"),
        ("calibration", {}, "not regressions"),
        ("calibration", {name: [1.0, 0.0, 3.0] for name in ("teaches", "listed", "lfp", "lmfp")}, "not ours"),
        ("calibration", {name: [float("nan"), 0.0] for name in ("teaches", "listed", "lfp", "lmfp")}, "not finite"),
        ("columns", [10**7], "not regressions"),
        ("columns", None, "not regressions"),
        (None, ["x"], "heads are not the ones"),
    ],
)
def test_a_skops_file_of_another_shape_is_refused(folder: Path, key: str | None, value: object, words: str) -> None:
    swap(folder, skops_io.dumps(value if key is None else {**content(folder), key: value}))
    with pytest.raises(ModelRefused, match=words):
        load_model(folder)


def test_a_manifest_may_name_thresholds_of_languages_or_none(folder: Path) -> None:
    rewrite(folder, r"^unsure_in = .*$", "unsure_in = { en = 0.01 }")
    assert read_manifest(folder).thresholds.unsure_in == (("en", 0.01),)
    rewrite(folder, r"^unsure_in = .*$", "")
    assert read_manifest(folder).thresholds.unsure_in == ()
    rewrite(folder, r"^sure_in = .*$", "sure_in = { zh = 0.99 }")
    assert read_manifest(folder).thresholds.sure_in == (("zh", 0.99),)
    rewrite(folder, r"^sure_in = .*$", "")
    assert read_manifest(folder).thresholds.sure_in == ()


@pytest.mark.parametrize(
    ("pattern", "by", "words"),
    [
        (r"^schema = 1$", "schema = 2", "use the sluicegate that made it"),
        (r"^schema = 1$", "", "has schema None"),
        (r'^feature_version = .*$', 'feature_version = "0-abc"', "train it again"),
        (r'^feature_version = .*$', "", "train it again"),
        (r"^scikit_learn = .*$", 'scikit_learn = ["0.1", "0.2"]', "0.1 to below 0.2"),
        (r'^"model.skops" = .*$', f'"model.skops" = "{"0" * 64}"', "SHA-256 differs"),
        (r'^"model.skops" = .*$', '"../model.skops" = "0"', "names no model.skops"),
        (r'^"card.md" = .*$', '"../../other" = "0"', "foreign|does not name|outside"),
        (r'^"card.md" = .*$', "", "does not name: card.md"),
        (r'^name = .*$', 'name = "other"', "do not rename"),
        (r"^sure = .*$", "sure = 1.5", "thresholds must"),
        (r"^sure = .*$", "sure = nan", "thresholds must"),
        (r"^unsure_in = .*$", "unsure_in = { en = 1.5 }", "thresholds must"),
        (r"^unsure_in = .*$", "unsure_in = { en = nan }", "thresholds must"),
        (r"^unsure_in = .*$", 'unsure_in = "low"', "lacks"),
        (r"^sure_in = .*$", "sure_in = { en = 0.01 }", "thresholds must"),
        (r"^sure_in = .*$", "sure_in = { zh = 1.5 }", "thresholds must"),
        (r"^languages = .*$", "", "lacks"),
        (r"^schema = 1$", "schema = [", "not valid TOML"),
        (r'^points = .*$', 'points = ["lfp"]', "heads are not the ones"),
    ],
)  # fmt: skip
def test_a_manifest_that_does_not_fit_is_refused(folder: Path, pattern: str, by: str, words: str) -> None:
    rewrite(folder, pattern, by)
    with pytest.raises(ModelRefused, match=words):
        load_model(folder)


def test_a_file_that_the_manifest_does_not_name_is_refused(folder: Path) -> None:
    (folder / "model.pkl").write_bytes(b"x")
    with pytest.raises(ModelRefused, match=r"does not name: model\.pkl"):
        load_model(folder)


@pytest.mark.parametrize("name", ["model.skops", "card.md"])
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelRefused, match="cannot read"):
        load_model(folder)


def test_a_link_in_place_of_the_model_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "model.skops").rename(tmp_path / "away")
    (folder / "model.skops").symlink_to(tmp_path / "away")
    with pytest.raises(ModelRefused, match="link"):
        load_model(folder)


def test_no_manifest_means_no_model(folder: Path) -> None:
    (folder / "manifest.toml").unlink()
    with pytest.raises(ModelMissing, match=r"manifest\.toml is missing"):
        read_manifest(folder)


def test_a_refused_live_model_stays_the_live_one_and_no_other_is_used(folder: Path, put_model: Put) -> None:
    from sluicegate.screener import Screener

    put_model(folder.parent, "tiny-2")
    (folder.parent / "current").write_text("tiny-1\n")
    (folder / "model.skops").write_bytes(b"PK\x03\x04")
    settings = parse_settings({"paths": {"models": str(folder.parent)}})
    with pytest.raises(ModelRefused, match="tampered"):
        Screener.build(settings)
    assert find_model(settings) == folder

"""The folder of formats is the registry."""

import importlib
import subprocess
import sys

from sluicegate.extract.registry import modules, reader_for


def test_what_is_read_from_the_sources_is_what_the_modules_declare():
    for name in set(modules().values()):
        declared = importlib.import_module(name).MEDIA_TYPES
        assert {media_type for media_type, module in modules().items() if module == name} == set(declared)


def test_every_declared_type_has_a_reader():
    assert all(callable(reader_for(media_type)) for media_type in modules())


def test_an_unknown_type_has_none():
    assert reader_for("application/x-unheard-of") is None


def test_asking_for_one_reader_imports_no_other():
    code = (
        "import sys; from sluicegate.extract.registry import reader_for; reader_for('text/plain');"
        "print([m for m in sys.modules if m.startswith('sluicegate.extract.formats.')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.stdout.strip() == "['sluicegate.extract.formats.text']"

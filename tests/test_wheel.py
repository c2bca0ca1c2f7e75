"""The wheel, built and installed into an environment of its own, screens from another folder with all its data."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "-q")
MANUAL = ROOT / "tests" / "samples" / "lfp-process-manual.pdf"


def run(*words: str | Path, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words], cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=120, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder, ROOT, cwd=folder)
    assert built.returncode == 0, built.stderr
    return next(folder.glob("sluicegate-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that has the wheel, and this one's libraries without this checkout."""
    folder = tmp_path_factory.mktemp("environment")
    made = run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder)
    assert made.returncode == 0, made.stderr
    python = folder / "bin" / "python"
    put = run(*PIP, "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    assert put.returncode == 0, put.stderr
    # A folder named in a .pth file is searched, but the .pth files in it are not: an editable install stays out.
    libraries = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    site = next((folder / "lib").glob("python*/site-packages"))
    (site / "libraries.pth").write_text("".join(f"{each}\n" for each in libraries), "utf-8")
    return folder / "bin" / "sluicegate"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "home"), "PATH": os.defpath}


def test_every_file_of_the_package_is_in_the_wheel(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    homes = {"pipeline/sluicegate": "sluicegate", "models": "sluicegate/shipped_models"}
    homes["training_data"] = "sluicegate/shipped_samples"
    for home, packed in homes.items():
        files = [path.relative_to(ROOT / home) for path in (ROOT / home).rglob("*") if path.is_file()]
        kept = [path for path in files if "__pycache__" not in path.parts]
        assert kept
        assert {f"{packed}/{path.as_posix()}" for path in kept} <= inside


def test_the_installed_command_screens_from_another_folder(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "some.pdf").write_bytes(MANUAL.read_bytes())
    done = run(installed, "check", "some.pdf", cwd=tmp_path, env=environment)
    assert done.returncode == 10, done.stderr
    assert done.stdout.startswith("HOLD  some.pdf\n")
    assert "252604X.1" in done.stdout
    assert "met         compaction density >= 2.58 g/cm3 at 220 MPa: stated 2.62 g/cm3" in done.stdout


def test_the_installed_command_uses_its_own_files(installed: Path, environment: dict[str, str], tmp_path: Path) -> None:
    python = installed.parent / "python"
    code = (
        "from sluicegate.learn import train; samples = train.shipped_samples();"
        "print(train.__file__, samples, len(list(samples.iterdir())))"
    )
    module, samples, count = run(python, "-I", "-c", code, cwd=tmp_path, env=environment).stdout.split()
    assert Path(module).is_relative_to(installed.parent.parent)
    assert Path(samples).name == "shipped_samples"
    assert int(count) == len(list((ROOT / "training_data").iterdir()))


def test_doctor_finds_nothing_wrong_in_a_fresh_installation(
    installed: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    done = run(installed, "doctor", cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("Nothing is wrong.\n")

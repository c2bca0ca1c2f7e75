"""A tesseract of its own for a test: downloaded with apt, unpacked into a folder, in nobody else's way."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = ("tesseract-ocr", "tesseract-ocr-eng", "tesseract-ocr-chi-sim")


def unpack_tesseract(folder: Path) -> dict[str, str] | str:
    """The environment in which the unpacked program runs; or why there is none."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return "no OCR is installed, and fetching tesseract needs root and apt-get"
    archives, root = folder / "archives", folder / "root"
    (archives / "partial").mkdir(parents=True)
    fetch = ["apt-get", "install", "-y", "-qq", "--reinstall", "--download-only", "--no-install-recommends"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False, capture_output=True)
    where = ["-o", f"Dir::Cache::archives={archives}"]
    subprocess.run([*fetch, *where, *PACKAGES], env=quiet, check=False, capture_output=True)
    for package in sorted(archives.glob("*.deb")):
        subprocess.run(["dpkg", "-x", package, root], check=True)
    programs = root / "usr" / "bin"
    data = next(root.glob("usr/share/tesseract-ocr/*/tessdata"), None)
    if not (programs / "tesseract").is_file() or data is None:
        return "no OCR is installed, and tesseract could not be fetched"
    libraries = os.pathsep.join(map(str, root.glob("usr/lib/*-linux-gnu*")))
    return {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "LD_LIBRARY_PATH": libraries,
        "TESSDATA_PREFIX": str(data),
    }

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sluicegate.document import ProblemKind
from sluicegate.scan.walk import Found, walk


def names(paths: list[Path], root: Path) -> list[str]:
    return [str(found.path.relative_to(root)) for found in walk(paths)]


def only(path: Path) -> Found:
    (found,) = walk([path])
    return found


def test_files_come_sorted_and_each_once(folder: Path) -> None:
    (folder / "B.txt").write_text("x")
    expected = ["B.txt", "a.txt", "b.txt", "sub/c.txt"]
    assert names([folder, folder / "sub", folder / "a.txt"], folder) == expected


def test_a_missing_path_is_said(tmp_path: Path) -> None:
    assert only(tmp_path / "gone").kind is ProblemKind.MISSING


def test_a_folder_that_vanishes_midway_is_said_and_the_walk_goes_on(folder: Path) -> None:
    (folder / "z").mkdir()
    (folder / "z" / "last.txt").write_text("x")
    walking = walk([folder])
    first = next(walking)
    (folder / "sub" / "c.txt").unlink()
    (folder / "sub").rmdir()
    rest = list(walking)
    assert first.kind is None
    assert [found.kind for found in rest] == [None, ProblemKind.MISSING, None]
    assert rest[1].name.endswith("/sub/")
    assert rest[-1].path.name == "last.txt"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything; the pool's user runs this one")
def test_a_folder_without_permission_is_said(folder: Path) -> None:
    (folder / "sub").chmod(0)
    try:
        kinds = [found.kind for found in walk([folder])]
    finally:
        (folder / "sub").chmod(0o700)
    assert kinds == [None, None, ProblemKind.PERMISSION]


def test_links_inside_are_covered_by_their_target_and_links_out_are_said(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text("x secret")
    (folder / "inner").symlink_to("a.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "outer").symlink_to(tmp_path / "elsewhere.txt")
    (folder / "dangling").symlink_to("nothing")
    kinds = {found.path.name: found.kind for found in walk([folder])}
    assert kinds["outer"] is ProblemKind.EXTERNAL
    assert kinds["dangling"] is ProblemKind.MISSING
    assert not {"inner", "loop"} & set(kinds)


def test_a_link_that_was_named_is_followed(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert len(list(walk([link]))) == 3


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert only(tmp_path / "pipe").kind is ProblemKind.UNSUPPORTED


def test_names_with_line_breaks_or_foreign_bytes_are_escaped(tmp_path: Path) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    (folder / "two\nlines").write_text("x")
    Path(os.fsdecode(os.fsencode(folder) + b"/gbk-\xb1\xa8\xbc\xdb")).write_text("x")
    assert [found.name.rsplit("/", 1)[1] for found in walk([folder])] == ["gbk-\\xb1\\xa8\\xbc\\xdb", "two\\nlines"]


def test_a_tree_deeper_than_pythons_stack_is_walked(tmp_path: Path) -> None:
    previous = Path.cwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1100):
            Path("d").mkdir()
            os.chdir("d")
        found = list(walk([tmp_path / "d"]))
    finally:
        for _ in range(1100):
            os.chdir("..")
            Path("d").rmdir()
        os.chdir(previous)
    assert len(found) <= 1  # the path gets longer than the system takes: said, not skipped
    assert all(one.kind is ProblemKind.DAMAGED for one in found)

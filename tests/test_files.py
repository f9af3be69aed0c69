"""Files are replaced whole; their marks, links and line ends stay."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from files import replace_all


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664])
def test_mode_and_line_ends_stay(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes(b"old")
    path.chmod(mode)
    replace_all({path: "\ufeffone\r\ntwo\rthree\n"})
    assert path.read_bytes() == "\ufeffone\r\ntwo\rthree\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert [*tmp_path.iterdir()] == [path]


def test_a_file_that_is_read_only_is_refused_and_so_is_what_goes_with_it(tmp_path: Path) -> None:
    path, other = tmp_path / "a.bib", tmp_path / "b.md"
    for one in (path, other):
        one.write_text("old")
    path.chmod(0o444)
    with pytest.raises(PermissionError) as refused:
        replace_all({other: "new", path: "new"})
    assert refused.value.filename == str(path)
    assert (path.read_text(), other.read_text()) == ("old", "old")
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert {*tmp_path.iterdir()} == {path, other}


def test_what_a_link_leads_to_is_written(tmp_path: Path) -> None:
    path, link = tmp_path / "elsewhere/a.bib", tmp_path / "a.bib"
    path.parent.mkdir()
    path.write_text("old")
    link.symlink_to("elsewhere/a.bib")
    replace_all({link: "new"})
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert {*tmp_path.rglob("*")} == {link, path.parent, path}

"""`python -m newscast.gazetteer`: what it prints, and how it ends when what it is given is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscast.gazetteer.__main__ import main
from newscast.gazetteer.artifact import open_gazetteer
from newscast.gazetteer.packaged import compiled_in_cache


def test_compile_says_why_it_cannot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", str(tmp_path / "g.sqlite"), "--data", str(tmp_path)]) == 1
    assert "offices.csv:0: error: the file is missing" in capsys.readouterr().err
    assert not (tmp_path / "g.sqlite").exists()


def test_check_counts_and_fails_on_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "actors").mkdir()
    (tmp_path / "actors" / "a.csv").write_text(
        "id,kind,name,country,cameo,plover,qid,wikipedia,source,mark\n"
        "country:RUR,country,Ruritania,RUR,,,,,memory,unchecked\n",
        encoding="utf-8",
    )
    assert main(["check", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "actors/a.csv:2: error: no source is 'memory'" in said
    assert "1  rows of actors, 0 % checked" in said


def test_a_dump_that_is_not_there_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["wikidata", str(tmp_path / "latest.json.bz2"), str(tmp_path)]) == 1
    assert "latest.json.bz2" in capsys.readouterr().err
    (tmp_path / "cut.json.gz").write_bytes(b"\x1f\x8b\x08\x00")
    assert main(["wikidata", str(tmp_path / "cut.json.gz"), str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_checkout_compiles_once_and_keeps_a_few(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"gazetteer-{number}.sqlite").write_bytes(b"old")
    path = compiled_in_cache(tmp_path)
    written = path.stat().st_mtime_ns
    assert open_gazetteer(path).actor("country:USA") is not None
    assert compiled_in_cache(tmp_path) == path
    assert path.stat().st_mtime_ns == written
    assert len(list(tmp_path.glob("gazetteer-*.sqlite"))) == 4

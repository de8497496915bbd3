"""The planted bugs still fit the code; `python -m tests.articles.planted` runs the tests that find them."""

import shutil
from pathlib import Path

from tests.articles import planted


def test_each_planted_bug_changes_the_code(tmp_path: Path) -> None:
    assert len({bug.name for bug in planted.PLANTED}) == len(planted.PLANTED)
    for bug in planted.PLANTED:
        path = Path("newscast") / bug.file
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(planted.CODE / path, tmp_path / path)
        bug.plant(tmp_path)
        assert (tmp_path / path).read_text() != (planted.CODE / path).read_text(), bug.name

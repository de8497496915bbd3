"""`newscast cost`: its forms, its one-line refusals, and that it starts without AWS."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from newscast.cli import main


def test_json_has_basis_lines_and_total(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--articles", "1,000,000", "--feeds", "2k", "--months", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"basis", "lines", "total"}
    assert all(line.keys() == {"item", "dollars", "how"} for line in told["lines"])
    assert told["total"] == pytest.approx(sum(line["dollars"] for line in told["lines"]))
    assert (told["basis"]["articles"], told["basis"]["feeds"], told["basis"]["months"]) == (1e6, 2000, 2)
    assert told["basis"]["dollars_until_then"] > told["total"]


def test_a_person_sees_each_line_and_the_total(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--articles", "0", "--feeds", "0"]) == 0
    first, _, *rows = capsys.readouterr().out.splitlines()
    assert first.startswith("A month of 0 articles with 8 actors from 0 feeds")
    shown = [float(row[30:].split()[0]) for row in rows]
    assert shown[-1] == pytest.approx(sum(shown[:-1]), abs=0.01 * len(rows))
    assert shown[-1] > 1
    assert rows[-1].startswith("Total")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ([], 1, "newscast cost: say --articles N and --feeds M, or --stack NAME"),
        (["--articles", "5"], 1, "newscast cost: say --articles N and --feeds M, or --stack NAME"),
        (["--articles", "5", "--feeds", "0"], 1, "5 articles a month can't come from 0 feeds"),
        (["--articles=-5", "--feeds", "1"], 1, "articles must be 0 to 10,000,000,000, not -5"),
        (["--articles", "5", "--feeds", "1", "--months", "0"], 1, "months must be 1 to 1,200, not 0"),
        (["--articles", "5", "--stack", "news"], 1, "--stack tells of what runs"),
        (["--articles", "many", "--feeds", "1"], 2, "argument --articles: a number, not 'many'"),
        (["--articles", "nan", "--feeds", "1"], 2, "argument --articles: a number, not 'nan'"),
        (["--articles", "1e999", "--feeds", "1"], 2, "argument --articles: a number, not '1e999'"),
        (["--articles", "1", "--feeds", "1", "--months", "1.5"], 2, "a whole number, not '1.5'"),
    ],
)
def test_what_can_not_be_is_one_line(
    words: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        ended = main(["cost", *words])
    except SystemExit as exit_:
        ended = int(exit_.code or 0)
    heard = capsys.readouterr()
    assert ended == status
    assert said in heard.err.splitlines()[-1]
    assert heard.out == ""


def test_it_starts_without_aws() -> None:
    code = (
        "import sys; from newscast.cli import main; main(['cost', '--articles', '1M', '--feeds', '2000']);"
        "print({'boto3', 'botocore', 'moto', 'rich', 'samtranslator', 'msgspec'} & sys.modules.keys())"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "set()"

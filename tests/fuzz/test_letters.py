"""Dead letters of any shape: each is told of, and none keeps the others from being listed or sent again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from newscast.aws import dead_letters
from newscast.cli import main
from tests.cli.test_dlq import RECORD, bury
from tests.flow.feeds import stack, waiting
from tests.fuzz import fields
from tests.fuzz.shape import Shape

SENT = datetime(2024, 7, 12, tzinfo=UTC)
SHAPES = [shape for shape in fields.shapes() if shape.kind == "json"]
SIZE = 5000
"""Characters: a few thousand levels, of which Python's stack holds a thousand."""
WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e300,
    "",
    "a\x1b[31m\u202eb",
    [],
    [[]],
    {},
    {"a": {"b": [1]}},
    ["a"],
)
FIELDS = (
    "first_seen", "timestamp", "correlation_id", "stored_at", "body", "requestPayload", "responsePayload",
    "schema", "extra",
)  # fmt: skip
INNER = ("record", "article", "title", "url", "link", "guid", "feed_id", "errorType", "errorMessage", "value")


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.name for shape in SHAPES])
def test_a_letter_of_any_shape_is_told_of(shape: Shape) -> None:
    body = shape.make(SIZE)
    told, what = dead_letters.about("tag", body, {}, SENT), dead_letters.what(body)
    assert told.stage == "tag"
    assert told.reason == dead_letters.NO_ANSWER
    assert what == " ".join(what.split(" "))
    assert what.isprintable()
    assert len(what) <= 3 * 81


@pytest.mark.parametrize(("name", "value"), [*product(FIELDS, WRONG)])
def test_a_field_of_any_type_is_told_of(name: str, value: Any) -> None:
    for outer in ({name: value}, *({name: {inner: value}} for inner in INNER)):
        body = json.dumps(outer)
        told = dead_letters.about("tag", body, {}, SENT)
        assert all(
            isinstance(part, str) and len(part) <= 1000
            for part in (told.reason, told.first_seen, told.correlation_id)
        )
        assert dead_letters.what(body).isprintable()


def test_none_keeps_the_others_from_being_listed_and_sent_again(tmp_path: Path, capsys: Any) -> None:
    bodies = [shape.make(SIZE) for shape in SHAPES if shape.name != "spaces alone"]
    bodies += [json.dumps({name: value}) for name, value in product(FIELDS, WRONG)]
    bodies = [body for body in bodies if not set(body) & set("\x00\x1b")]  # SQS carries no such sign
    where = ["--data", str(tmp_path)]
    with stack(tmp_path) as opened:
        for body in bodies:
            bury(opened, "TagDeadLetters", body)
        bury(opened, "StoreDeadLetters", RECORD)
    assert main(["dlq", "list", *where]) == 0
    assert "TaggedArticle" in capsys.readouterr().out
    assert main(["dlq", "list", "--json", *where]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(bodies) + 1
    assert main(["dlq", "replay", "--all", *where]) == 0
    with stack(tmp_path) as opened:
        assert waiting(opened) == {"ArticleQueue": len(bodies), "RecordQueue": 1}

"""The golden pairs: an input and the result beside it, told apart by their endings.

`NAME.entry.json` (an Entry) has `NAME.article.json`; `NAME.html` (a page, found at `PAGE_URL`) has
`NAME.page.json`. After a change that is meant, `python -m tests.normalise.golden_cases` writes the results
anew; what changed is then read in the diff.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from newscast.normalise.article import article
from newscast.normalise.page import page
from newscast.records import Entry

GOLDEN = Path(__file__).parent / "golden"
PAGE_URL = "https://times.example/found/here"
NOT_SHOWN = ("content_hash", "signature")
"""Numbers that a person can't check; they have tests of their own."""


def names(ending: str) -> list[str]:
    return sorted(path.name.removesuffix(ending) for path in GOLDEN.glob(f"*{ending}"))


def article_of(name: str) -> dict[str, Any]:
    entry = msgspec.json.decode((GOLDEN / f"{name}.entry.json").read_bytes(), type=Entry)
    return _shown(article(entry))


def page_of(name: str) -> dict[str, Any]:
    return _shown(page((GOLDEN / f"{name}.html").read_bytes(), PAGE_URL)._asdict())


def expected(name: str, ending: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / f"{name}{ending}").read_text("utf-8"))
    return found


def _shown(made: object) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(msgspec.json.encode(made))
    for field in ("text", "summary"):
        if isinstance(fields.get(field), str):
            fields[field] = fields[field].split("\n\n")  # a paragraph a line: easier to read in a diff
    for field in ("language", "title_language", "text_language"):
        if fields.get(field):
            del fields[field]["confidence"]
    return {key: value for key, value in fields.items() if key not in NOT_SHOWN}


def _results() -> Iterator[tuple[Path, dict[str, Any]]]:
    for name in names(".entry.json"):
        yield GOLDEN / f"{name}.article.json", article_of(name)
    for name in names(".html"):
        yield GOLDEN / f"{name}.page.json", page_of(name)


if __name__ == "__main__":
    for path, result in _results():
        path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")

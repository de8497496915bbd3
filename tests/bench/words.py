"""The publisher's words: fifty feeds after publishers' habits, field by field beside what a hand wrote.

Ours and an independent parser (fastfeedparser; `uv sync --group bench`) read the same documents; what is
kept of the words goes through the same cleaning. `publishers/differences.toml` says of each difference
between the other parser and the hand why it is there; a difference that nobody explained is shown.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.feeds import publishers

from newscast.feeds import fields
from newscast.feeds.parse import parse_document
from newscast.feeds.parsed import ParsedEntry
from newscast.feeds.said import stamp
from newscast.records import Markup

Read = Callable[[bytes], list[dict[str, Any]]]


def main() -> None:
    """Fields that differ from the hand, by field and by reason."""
    _score("ours", _ours, {})
    try:
        import fastfeedparser
    except ImportError:
        print("fastfeedparser is not there: uv sync --group bench")
        return

    def other(document: bytes) -> list[dict[str, Any]]:
        try:
            found = fastfeedparser.parse(document)
        except Exception:
            return []
        return [publishers.fields_of(_given(entry)) for entry in found.entries]

    _score(f"fastfeedparser {getattr(fastfeedparser, '__version__', '')}", other, reasons())


def reasons() -> dict[str, str]:
    """`name.number.field` → why fastfeedparser says something else there."""
    table = tomllib.loads((publishers.FOLDER / "differences.toml").read_text())
    return {cell: row["why"] for row in table["difference"] for cell in row["cells"]}


def _ours(document: bytes) -> list[dict[str, Any]]:
    return [publishers.fields_of(entry) for entry in parse_document(document).entries]


def _score(name: str, read: Read, why: dict[str, str]) -> None:
    wrong: Counter[str] = Counter()
    because: Counter[str] = Counter()
    texts = entries = 0
    for cell, same, shown in _cells(read):
        entries += cell.endswith(".text")
        if same:
            continue
        field = cell.rpartition(".")[2]
        wrong[field] += 1
        texts += field == "text"
        because[why.get(cell, "not explained")] += 1
        if cell not in why:
            print(f"    {cell}: {shown}")
    print(
        f"{name}: {entries} entries, {texts} texts wrong, {sum(wrong.values())} fields differ {dict(wrong)}"
    )
    for reason, count in because.most_common():
        print(f"  {count:4}  {reason}")


def _cells(read: Read) -> Iterator[tuple[str, bool, str]]:
    for name in publishers.names():
        _, entries = publishers.expected(name)
        found = read(publishers.document(name))
        for number, wanted in enumerate(entries):
            got = found[number] if number < len(found) else publishers.whole({})
            for field, value in wanted.items():
                yield f"{name}.{number}.{field}", got[field] == value, f"{got[field]!r}, by hand {value!r}"


def _given(entry: Any) -> ParsedEntry:
    def markup(value: object) -> Markup | None:
        return fields.markup(value, True)

    contents = entry.get("content") or [{}]
    files = entry.get("enclosures") or []
    people = entry.get("authors") or [{"name": entry.get("author")}]
    return ParsedEntry(
        guid=fields.guid(entry.get("id")),
        link=fields.link(entry.get("link"), None),
        title=markup(entry.get("title")),
        summary=markup(entry.get("description") or entry.get("summary")),
        content=markup(contents[0].get("value")),
        published=stamp(entry.get("published")),
        updated=stamp(entry.get("updated")),
        authors=fields.plain_all(person.get("name") for person in people),
        categories=fields.plain_all(tag.get("term") for tag in entry.get("tags") or []),
        enclosures=fields.enclosures([(file.get("url"), None, None) for file in files], None),
    )


if __name__ == "__main__":
    main()

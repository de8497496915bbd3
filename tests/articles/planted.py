"""Bugs that somebody could write into the store path, and the test that finds each.

`python -m tests.articles.planted [WORD]` plants each (whose name has the word) in a copy of the code, runs
its test there and tells which are not found. test_planted.py holds that each still fits the code.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ROOT / "functions"
STORE, ERASED, STOPPED = "test_store.py", "test_erased_texts.py", "test_stopped.py"
FAULTS, TURNS, SPILLED = "test_faults.py", "test_interleaving.py", "test_spilled.py"
HEADS, HANDLER, ORDERS = "test_heads.py", "test_handler.py", "test_orders.py"


@dataclass(frozen=True)
class Planted:
    """`old` becomes `new` in a file of newscast/, wherever it stands."""

    name: str
    file: str
    old: str
    new: str
    found_by: str
    """A file of tests/articles, or a folder of tests."""

    def plant(self, code: Path) -> None:
        """In a copy of functions/. Raises ValueError if it no longer fits the code."""
        path = code / "newscast" / self.file
        text = path.read_text(encoding="utf-8")
        if self.old not in text:
            raise ValueError(f"{self.name}: {self.file} no longer has {self.old!r}")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


def articles(name: str, file: str, old: str, new: str, found_by: str) -> Planted:
    return Planted(name, f"articles/{file}.py", old, new, found_by)


_ONE_BY_ONE = "return [*(Write((put,)) for put in some.puts), *(_with(Write(()), [one]) for one in changed)]"
_HEAD_FIRST = "return [*(_with(Write(()), [one]) for one in changed), *(Write((put,)) for put in some.puts)]"
_LINKED = """    yield from linked(changed)
    for write in writes(view, first, pages, changed, keeping.keep, alone=name.id):
        if not (yield write):
            return None
"""
_LINKED_LATE = """    for write in writes(view, first, pages, changed, keeping.keep, alone=name.id):
        if not (yield write):
            return None
    yield from linked(changed)
"""
_PAGE_PUT = "puts.append(Put(page_row(after, version + 1, keep, view.items[_key(after)]), version))"
_DROP = 'ConditionExpression="version <= :version"'
_FULL = "if state.last_full is None or now - state.last_full >= manners.FULL_EVERY:"

PLANTED: tuple[Planted, ...] = (
    # The rows and the order of writing.
    articles("head before its edges", "writing", _LINKED, _LINKED_LATE, FAULTS),
    articles("head before its page", "settling", _ONE_BY_ONE, _HEAD_FIRST, STOPPED),
    articles(
        "page put unconditionally", "settling", _PAGE_PUT, _PAGE_PUT.replace(", version))", "))"), TURNS
    ),
    articles(
        "edges dropped before the head",
        "writing",
        _LINKED,
        "    yield from unlinked(changed)\n" + _LINKED,
        TURNS,
    ),
    articles(
        "edges dropped whatever needs them",
        "store",
        _DROP,
        _DROP.replace("<=", "<> :version OR version ="),
        FAULTS,
    ),
    articles("own rows only from HEAD", "view", "if older(item):", "if False:", SPILLED),
    articles(
        "own rows only from HEAD, for readers", "store", "if older(item) else", "if False else", SPILLED
    ),
    articles(
        "a row that left HEAD before the one in it",
        "revisions",
        "    found |= {row.key: row for row in in_head(name, item)}",
        "    found = {row.key: row for row in in_head(name, item)} | found",
        SPILLED,
    ),
    articles(
        "a redirect loses its name's rows",
        "settling",
        "lead_row(name, after, version, view.held(name), keep)",
        "lead_row(name, after, version, {}, keep)",
        TURNS,
    ),
    articles(
        "a head made again though it shows another record",
        "settling",
        "isinstance(before, Head) and before.chosen == top.chosen",
        "isinstance(before, Head)",
        ORDERS,
    ),
    articles(
        "rows past their time count",
        "view",
        "every(name, item, apart, self.oldest)",
        'every(name, item, apart, "")',
        SPILLED,
    ),
    articles("alone though grants were read", "settling", "if not first and all(", "if all(", TURNS),
    articles(
        "alone though other heads change",
        "settling",
        "all(one.name == alone for one in changed)",
        "alone",
        STOPPED,
    ),
    articles(
        "who falls out of a page comes late",
        "settling",
        "at == 0 or one.name not in listed",
        "at == 0",
        STOPPED,
    ),
    articles("an unsettled page is known", "writing", "page.unsettled or _first_seen", "_first_seen", TURNS),
    articles("checks are not sent", "store", "for check in write.checks),", "for check in ()),", FAULTS),
    # What a head says.
    articles(
        "a URL too long to keep",
        "heads",
        "article.url if article.url and len(article.url.encode()) <= URL_BYTES else None",
        "article.url",
        HEADS,
    ),
    articles(
        "the last of an actor's parts",
        "heads",
        "distinct.setdefault(tag.actor_id, Actor(tag.actor_id, tag.involvement))",
        "distinct[tag.actor_id] = Actor(tag.actor_id, tag.involvement)",
        HEADS,
    ),
    # Reads and refusals.
    articles(
        "read attempts counted over pages",
        "store",
        "attempt = attempt + 1 if left else 0",
        "attempt += 1",
        STORE,
    ),
    articles("rows read as they were", "store", '"Keys": now, "ConsistentRead": True', '"Keys": now', STORE),
    articles("own rows read as they were", "store", "            ConsistentRead=True,\n", "", STORE),
    articles(
        "any refusal is another writer",
        "store",
        "        raise error\n    cancelled",
        "        return\n    cancelled",
        STORE,
    ),
    articles("a conflict is an error", "store", '        "TransactionConflictException",\n', "", STORE),
    articles(
        "a put sent twice is another's", "store", '.get("Item") == write', '.get("None") == write', FAULTS
    ),
    Planted("no read whole of a feed", "feeds/response.py", _FULL, "if state.last_full is None:", "feeds"),
    # The bucket.
    articles(
        "another record's place", "archive", "zip(distinct, places,", "zip(distinct, places[::-1],", FAULTS
    ),
    articles(
        "marks of the first record alone",
        "packs",
        '"".join(name[:MARK] for name in names)',
        "next(names)[:MARK]",
        ERASED,
    ),
    articles("what the batch before kept", "archive", "        self.kept.clear()\n", "", FAULTS),
    Planted(
        "a pack replaced whoever was first", "aws/objects.py", "Body=body, IfMatch=etag", "Body=body", ERASED
    ),
    articles(
        "what died long after the rest is not looked for",
        "regrouping",
        "if isinstance(at, Redirect):\n        last",
        "if True:\n        last",
        ERASED,
    ),
    articles(
        "what was kept too late is not looked for",
        "writing",
        "if late and all",
        "if not late and all",
        ERASED,
    ),
    articles(
        "with one record all of its name goes",
        "archive",
        "for start, size in found if content[start : start + size] == body",
        "for start, size in found",
        ERASED,
    ),
    articles("a live text is kept twice", "writing", "    if older(item):  #", "    if False:  #", ERASED),
    articles("a record is put again by itself", "archive", "not in self.kept:", "not in ():", STORE),
    # Erasing, granting, upgrading.
    articles(
        "erased as a stranger's, stored as its own",
        "writing",
        "        names.append(claim)\n",
        "        pass\n",
        ERASED,
    ),
    articles(
        "an erased claim is taken over",
        "regrouping",
        "if not moved_before and not isinstance(at, Erased):",
        "if not moved_before:",
        ERASED,
    ),
    articles(
        "an old id leads elsewhere after a stop",
        "migrating",
        "Put(at, None if head else 0)",
        "Put(at)",
        ERASED,
    ),
    articles("old bodies stay after a stop", "migrating", "    _remove_bodies(articles)\n", "", ERASED),
    articles(
        "readers see what is half erased", "store", 'item.get("kind") == {"S": "erased"}', "False", ERASED
    ),
    articles(
        "readers want what is past its time",
        "store",
        "every(name, item, apart, oldest)",
        'every(name, item, apart, "")',
        SPILLED,
    ),
    articles(
        "a grant wants what is past its time", "regrouping", "View(keeping.oldest)  #", "View()  #", SPILLED
    ),
    # The handler.
    Planted(
        "what a batch stored counts in the next",
        "handlers/store.py",
        "    _stored.clear()\n    _unread.clear()\n    _used.clear()\n    records",
        "    records",
        HANDLER,
    ),
)


def found(bug: Planted) -> bool:
    """Whether its test fails where it is planted."""
    with tempfile.TemporaryDirectory() as place:
        code = Path(place) / "functions"
        shutil.copytree(CODE, code, ignore=shutil.ignore_patterns("__pycache__"))
        bug.plant(code)
        path = f"tests/articles/{bug.found_by}" if "." in bug.found_by else f"tests/{bug.found_by}"
        done = subprocess.run(  # our own tests
            [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "-p", "no:cacheprovider", path],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(code)},
            capture_output=True,
            check=False,
        )
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stdout.decode() + done.stderr.decode())
    return done.returncode == 1


def main(word: str = "") -> int:
    missed = 0
    for bug in PLANTED:
        if word in bug.name:
            seen = found(bug)
            missed += not seen
            print(f"{'found ' if seen else 'MISSED'}  {bug.name}: {bug.found_by}", flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))

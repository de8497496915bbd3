"""Hosts that many owners share: whose a subdomain or a path is, by shared_hosts.csv beside this module.

The public suffix list knows few of these hosts. The table's columns: `host`, without www., or `*.host` for
its direct subdomains. `path`: how the path begins, `{}` the customer's name in it, `$` that nothing follows,
`|` between several; empty for any path. `owner`: the scope, `{}` the name there or the subdomain; empty for
nobody's. `why`: in a few words. The first row that fits counts; what no row of a host fits is nobody's.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ODD = re.compile(r"%(?:[01].|25|2F|5C|7F)|%(?![0-9A-F]{2})")
"""Escapes (upper case) that a server may undo into other paths: controls, `%`, `/`, `\\`; a lone percent."""
_NAME = re.compile(r"[A-Za-z0-9._:-]+")
"""How customers are called in paths. Other names exist, but servers differ in how they read them."""


class _Row(NamedTuple):
    path: str
    owner: str


class Listed(NamedTuple):
    """A shared host's rows, and the label that is the customer's if they are for its subdomains."""

    label: str
    rows: tuple[_Row, ...]


def listed(name: str) -> Listed | None:
    """The rows for a host (without www.); none of them where the operator is; null for unlisted hosts."""
    table = _table()
    if name in table:
        return Listed("", table[name])
    label, _, parent = name.partition(".")
    if f"*.{parent}" in table:
        return Listed(label, table[f"*.{parent}"])
    rest = name
    while rest:  # the operator's own, or two steps below
        if rest in table or f"*.{rest}" in table:
            return Listed("", ())
        rest = rest.partition(".")[2]
    return None


def customer(found: Listed, path: str) -> str | None:
    """The scope that a path (which begins with a slash) is in; null for nobody's."""
    given = path[1:].split("/")
    odd = ODD.search(path) is not None
    for row in found.rows:
        name = found.label if not row.path else None if odd else _named(row.path, given)
        if name is not None:
            return row.owner.replace("{}", name) or None
    return None


def _named(pattern: str, given: list[str]) -> str | None:
    """What stands at `{}` (nothing if the pattern has none); null if the segments don't begin like this."""
    wanted = pattern.removesuffix("$").split("/")
    if len(given) < len(wanted) or (pattern.endswith("$") and any(given[len(wanted) :])):
        return None
    name = ""
    for want, have in zip(wanted, given, strict=False):
        before, mark, after = want.partition("{}")
        if not mark and want == have:
            continue
        name = have.removeprefix(before).removesuffix(after)
        if not mark or f"{before}{name}{after}" != have or not _NAME.fullmatch(name):
            return None
    return name


@cache
def _table() -> Mapping[str, tuple[_Row, ...]]:
    table: dict[str, tuple[_Row, ...]] = {}
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        for host, paths, owner, _ in list(csv.reader(file))[1:]:
            table[host] = (*table.get(host, ()), *(_Row(path, owner) for path in paths.split("|")))
    return table

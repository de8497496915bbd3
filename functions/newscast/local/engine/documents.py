"""Document paths in items: what stands at a path, and what a projection keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from newscast.local.engine.items import Item
from newscast.local.engine.syntax import Path


def at(path: Path, item: Item | None) -> dict[str, Any] | None:
    """The value at a path; None where the item has none."""
    value: dict[str, Any] | None = {"M": item or {}}
    for part in path.parts:
        value = child(value, part)
        if value is None:
            return None
    return value


def child(value: dict[str, Any] | None, part: str | int) -> dict[str, Any] | None:
    """A map's member by name or a list's by number; None where there is none."""
    if value is None:
        return None
    found: dict[str, Any] | None
    if isinstance(part, str):
        found = value.get("M", {}).get(part)
    else:
        members = value.get("L", [])
        found = members[part] if part < len(members) else None
    return found


def projected(paths: Sequence[Path], item: Item) -> Item:
    """The parts of an item that stand at the paths, in their maps; of a list, what is kept moves together."""
    if all(len(path.parts) == 1 for path in paths):
        return {
            name: item[name]
            for path in paths
            for name in path.parts
            if isinstance(name, str) and name in item
        }
    kept = _kept([path.parts for path in paths], {"M": item})
    return kept["M"] if kept else {}


def _kept(wanted: Sequence[tuple[str | int, ...]], value: dict[str, Any]) -> dict[str, Any] | None:
    if () in wanted:
        return value
    by_part: dict[str | int, list[tuple[str | int, ...]]] = {}
    for parts in wanted:
        by_part.setdefault(parts[0], []).append(parts[1:])
    found: dict[str | int, dict[str, Any]] = {}
    for part, rest in by_part.items():
        inner = child(value, part)
        kept = _kept(rest, inner) if inner is not None else None
        if kept is not None:
            found[part] = kept
    if not found:
        return None
    if "M" in value:
        return {"M": found}
    return {"L": [found[number] for number in sorted(found, key=int)]}

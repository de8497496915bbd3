"""A table and a bucket that a deleted stack left can be taken by a new one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from infra.checks.keeping import BUCKET, TABLE
from infra.checks.stack import Stack

from newscast.local.conditions import decided


def kept(stack: Stack) -> Iterator[str]:
    """A stack that is given a table and a bucket makes none, and nothing in it refers to its own."""
    for kind in (TABLE, BUCKET):
        for name in stack.translated.of_type(kind):
            given = f"kept-{name.lower()}"
            using = Stack(stack.translated, {f"Kept{name}": given})
            if name in using.there:
                yield f"{name} is made though Kept{name} is given"
            used = str([using.properties(each) for each in using.there])
            if given not in used:
                yield f"Kept{name} is used by nothing"
            for each, resource in using.there.items():
                if name in _referred(decided(using.resolve, resource)):
                    yield f"{each} refers to {name}, which isn't made when Kept{name} is given"
            outputs = decided(using.resolve, stack.template.get("Outputs", {}))
            if name in _referred(outputs):
                yield f"an output refers to {name}, which isn't made when Kept{name} is given"


def _referred(value: Any) -> set[str]:
    """Logical ids and parameters that a value refers to."""
    if isinstance(value, list):
        return {name for each in value for name in _referred(each)}
    if not isinstance(value, dict):
        return set()
    found = {name for each in value.values() for name in _referred(each)}
    if isinstance(value.get("Ref"), str):
        found.add(value["Ref"])
    if attribute := value.get("Fn::GetAtt"):
        found.add(str(attribute[0] if isinstance(attribute, list) else attribute).partition(".")[0])
    if text := value.get("Fn::Sub"):
        found |= set(re.findall(r"\$\{(\w+)", text if isinstance(text, str) else text[0]))
    return found

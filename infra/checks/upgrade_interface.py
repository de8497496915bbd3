"""What whoever deployed a release relies on: its parameters with their values, its outputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.checks.stack import Stack

LEAST, MOST = ("MinValue", "MinLength"), ("MaxValue", "MaxLength")
"""Constraints that refuse more when they grow, and when they shrink."""


def parameters(old: Stack, new: Stack) -> Iterator[str]:
    """A deploy keeps the values that the stack has, so each must still be taken and mean the same."""
    was, now = old.template["Parameters"], new.template["Parameters"]
    for name in was.keys() - now.keys():
        yield f"parameter {name} is gone, which deploys give"
    for name in now.keys() - was.keys():
        if "Default" not in now[name]:
            yield f"parameter {name} is new and has no default"
    for name in was.keys() & now.keys():
        for what in ("Type", "Default", "AllowedPattern"):
            if was[name].get(what) != now[name].get(what):
                yield f"parameter {name}: {what} is {now[name].get(what)}, and was {was[name].get(what)}"
        yield from _narrower(name, was[name], now[name])


def _narrower(name: str, was: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    if "AllowedValues" in now:
        taken = was.get("AllowedValues", ["any other"])
        refused = [each for each in taken if each not in now["AllowedValues"]]
        if refused:
            yield f"parameter {name} no longer takes {', '.join(map(str, refused))}"
    for bounds, sign in ((LEAST, 1), (MOST, -1)):
        for bound in bounds:
            if bound in now and (bound not in was or sign * now[bound] > sign * was[bound]):
                yield f"parameter {name}: {bound} is {now[bound]}, and was {was.get(bound, 'none')}"


def outputs(old: Stack, new: Stack) -> Iterator[str]:
    """Commands and other stacks read them."""
    now = new.template.get("Outputs", {})
    for name, output in old.template.get("Outputs", {}).items():
        if name not in now:
            yield f"output {name} is gone"
        elif output.get("Export") not in (None, now[name].get("Export")):
            yield f"output {name}: its export is gone or renamed, which other stacks may import"

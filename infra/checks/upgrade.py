"""The template against the last release's: what AWS would refuse, replace or lose when its stack is upgraded.

An emulator that says UPDATE_COMPLETE proves nothing here. Which properties make a new resource of an old one
is read from CloudFormation's own schemas, which cfn-lint brings; what no schema says stands in the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from infra.checks.stack import LOG, QUEUE, REGION, Stack
from infra.checks.upgrade_interface import outputs, parameters
from infra.checks.upgrade_table import TABLE, tables

from newscast.local.intrinsics import NAMES

RELEASES = Path(__file__).parent / "releases"
"""The template of each release that stacks are upgraded from, as it was: VERSION.yaml."""
STEP = "UpgradeStep"
"""The parameter whose allowed values are the steps of the upgrade, in order; a new stack is the last."""

HOLDS = {
    TABLE: "articles",
    "AWS::S3::Bucket": "bodies",
    QUEUE: "messages",
    LOG: "logs",
    "AWS::SNS::Topic": "subscriptions",
}
"""What is lost with a resource of a type, or with the old one where a new one takes its place."""
POLICIES = {"Retain": 2, "RetainExceptOnCreate": 2, "Snapshot": 1}
"""How well a policy keeps a resource that is there; Delete, or none, is 0."""

REVIEWED: dict[str, str] = {
    "Table: index GSI2 is dropped": "0.1.0 alone asks it; the step comes after `newscast migrate`",
}
"""Findings that were looked at and are wanted, each with its reason."""


def upgrade(stack: Stack) -> Iterator[str]:
    """From the last release through each step, and what a deployer relied on."""
    found = dict.fromkeys([*_on_the_way(stack), *parameters(released(), stack), *outputs(released(), stack)])
    yield from (each for each in found if each not in REVIEWED)
    yield from (f"reviewed, but no longer found: {each}" for each in REVIEWED if each not in found)


@lru_cache(maxsize=1)
def released() -> Stack:
    """The last release's template, with its defaults."""
    return Stack.at(max(RELEASES.glob("*.yaml"), key=_version))


def _version(path: Path) -> list[int]:
    return [int(part) for part in path.stem.split(".")]


def steps(stack: Stack) -> list[Stack]:
    """The template as each step of an upgrade deploys it."""
    values = stack.template["Parameters"].get(STEP, {}).get("AllowedValues", [])
    return [Stack(stack.translated, {STEP: value}) for value in values] or [stack]


def _on_the_way(stack: Stack) -> Iterator[str]:
    before = released()
    for after in steps(stack):
        yield from changes(before, after)
        before = after
    if stack.there.keys() != before.there.keys() or stack.of(TABLE) != before.of(TABLE):
        yield f"a new stack is not what the last value of {STEP} makes of an old one"


def changes(before: Stack, after: Stack) -> Iterator[str]:
    """What one update would lose, or be refused for."""
    for name, old in before.there.items():
        new = after.there.get(name)
        if new is None or new["Type"] != old["Type"]:
            if old["Type"] in HOLDS:
                yield f"{name}: it is dropped or renamed, and its {HOLDS[old['Type']]} are lost"
            continue
        yield from _replaced(name, old["Type"], before.properties(name), after.properties(name))
        yield from _weaker(name, old, new)
    yield from _taken_names(before, after)
    for name in before.queues.keys() & after.queues.keys():
        kept = [int(each.queues[name].get("MessageRetentionPeriod", 345_600)) for each in (before, after)]
        if kept[1] < kept[0]:
            yield f"{name}: messages older than {kept[1]} s are lost"
    yield from tables(before, after)


def _replaced(name: str, kind: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    changed = [path for path in create_only(kind) if _at(old, path) != _at(new, path)]
    if changed and kind in HOLDS:
        yield f"{name}: a change of {', '.join(changed)} makes a new one, and its {HOLDS[kind]} are lost"
    elif changed and NAMES.get(kind) in old and NAMES[kind] not in changed:
        yield f"{name}: a change of {', '.join(changed)} makes a new one, refused while the name is the same"


@lru_cache
def create_only(kind: str) -> tuple[str, ...]:
    """Properties of a type that can't be changed, always or in some cases: `A` or, inside, `A/B`."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    paths = [*schema.get("createOnlyProperties", []), *schema.get("conditionalCreateOnlyProperties", [])]
    return tuple(path.removeprefix("/properties/") for path in paths)


def _at(properties: Any, path: str) -> Any:
    for part in path.split("/"):
        properties = properties.get(part) if isinstance(properties, dict) else None
    return properties


def _weaker(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
        if POLICIES.get(new.get(policy, ""), 0) < POLICIES.get(old.get(policy, ""), 0):
            yield f"{name}: {policy} is {new.get(policy, 'none')}, and was {old[policy]}"


def _taken_names(before: Stack, after: Stack) -> Iterator[str]:
    """What is new is made before what is old goes: no two of them may have one name."""
    named = {_named(before, name): name for name in before.there if _named(before, name)}
    for name in after.there.keys() - before.there.keys():
        if (taken := named.get(_named(after, name))) is not None:
            yield f"{name} is made under the name that {taken} still has"


def _named(stack: Stack, logical_id: str) -> tuple[str, str] | None:
    kind = stack.there[logical_id]["Type"]
    given = stack.properties(logical_id).get(NAMES.get(kind, ""))
    return (kind, str(given)) if given else None

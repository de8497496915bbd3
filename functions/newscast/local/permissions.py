"""As strict as AWS: a function may make the calls that its role grants, and no other.

moto's own enforcement denies correct policies on tables; here the role's policy is read from the
template, and every call a function makes is held against it before it is sent. What was granted and never
used can be listed after a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError
from botocore.hooks import BaseEventHooks

from newscast.local.calls import SERVICE_CALLS, Call, needed
from newscast.local.problem import TemplateError

if TYPE_CHECKING:
    from newscast.local.intrinsics import Resolver

CONDITIONS = (("ForAllValues:StringLike", "dynamodb:LeadingKeys"), ("StringLike", "s3:prefix"))
"""What a statement may ask of a call beside its action and resource."""


class Grant(NamedTuple):
    """One action on one resource that a statement allows; either may hold `*`."""

    action: str
    resource: str
    keys: tuple[str, ...] = ()
    """Of a table: patterns of the partition keys that it is for; of a bucket's listing: of the prefixes.
    Empty for all."""

    def covers(self, call: Call) -> bool:
        if not (
            _matches(self.action.lower(), call.action.lower()) and _matches(self.resource, call.resource)
        ):
            return False
        if not self.keys:
            return True
        # AWS would let a call pass that names no item; none of ours needs that.
        return bool(call.keys) and all(any(_matches(each, key) for each in self.keys) for key in call.keys)


@lru_cache(4096)
def _matches(pattern: str, text: str) -> bool:
    # Calls name the same few tables and queues again and again.
    return _loose(pattern).fullmatch(text) is not None


@cache
def _loose(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


def grants(resolve: Resolver, function: str) -> tuple[Grant, ...]:
    """What the role of a function (logical id) allows. Raises TemplateError for what isn't judged here."""
    resources = resolve.translated.template["Resources"]
    role = resources[function]["Properties"].get("Role")
    name = str(role["Fn::GetAtt"][0]) if isinstance(role, dict) and "Fn::GetAtt" in role else ""
    if name not in resources:
        raise TemplateError(f"{function} has no role of its own in the template")
    properties = resources[name]["Properties"]
    if properties.get("ManagedPolicyArns"):
        raise TemplateError(f"{name} has managed policies: they grant more than a function calls")
    return tuple(
        grant
        for policy in properties.get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
        for grant in _grants(name, resolve(statement))
    )


def _grants(role: str, statement: dict[str, Any]) -> Iterator[Grant]:
    about = set(statement) - {"Sid", "Condition"}
    condition = statement.get("Condition", {})
    keys = [key for test, name in CONDITIONS for key in _listed(condition.get(test, {}).get(name, []))]
    known = [{test: {name: condition.get(test, {}).get(name)}} for test, name in CONDITIONS]
    sound = condition in ({}, *known)
    if statement.get("Effect") != "Allow" or about != {"Effect", "Action", "Resource"} or not sound:
        raise TemplateError(
            f"{role}: only Allow with Action and Resource, and LeadingKeys or prefix, is judged here,"
            f" not {statement}"
        )
    for action in _listed(statement["Action"]):
        for resource in _listed(statement["Resource"]):
            yield Grant(action, resource, tuple(keys))


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


@dataclass
class Permissions:
    """The roles of a stack's functions, which of their grants were used, and what they were refused."""

    granted: Mapping[str, Sequence[Grant]]
    """By the function's logical id."""
    region: str
    account: str
    used: set[tuple[str, Grant]] = field(default_factory=set)
    refused: list[tuple[str, Call]] = field(default_factory=list)
    _acting: str | None = None

    @classmethod
    def of(cls, resolve: Resolver) -> Permissions:
        """Of every function of a template. Raises TemplateError."""
        functions = resolve.translated.functions
        return cls({each: grants(resolve, each) for each in functions}, resolve.region, resolve.account)

    def watch(self, events: BaseEventHooks) -> None:
        """Hold a session's or client's calls (`session.events`, `client.meta.events`) against the role of
        the function that runs. A session's existing clients are not reached."""
        events.register("provide-client-params", self._before, unique_id="newscast-permissions")

    @contextmanager
    def acting_as(self, function: str) -> Iterator[None]:
        """While a function (logical id) runs. One at a time, as they share this process's environment;
        the threads that it starts act as it does."""
        before, self._acting = self._acting, function
        try:
            yield
        finally:
            self._acting = before

    def allows(self, function: str, calls: Iterable[Call]) -> Call | None:
        """The first of the calls that a function may not make, or None; notes the grants it used."""
        for call in calls:
            covering = [grant for grant in self.granted[function] if grant.covers(call)]
            if not covering:
                return call
            self.used.update((function, grant) for grant in covering)
        return None

    def unused(self) -> list[tuple[str, Grant]]:
        """Grants that no call needed, but those that Lambda itself needs for a function."""
        return [
            (function, grant)
            for function, each in self.granted.items()
            for grant in each
            if (function, grant) not in self.used and grant.action not in SERVICE_CALLS
        ]

    def _before(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if (function := self._acting) is None:
            return
        service = model.service_model.service_name
        call = self.allows(function, needed(service, model.name, params, self.region, self.account))
        if call is not None:
            self.refused.append((function, call))
            message = f"{function} is not authorized to perform: {call.action} on resource: {call.resource}"
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": message}}, model.name)

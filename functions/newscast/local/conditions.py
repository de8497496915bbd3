"""A translated template and its parameters → the same with every condition decided, as moto needs it.

moto leaves what is !Ref AWS::NoValue in lists, and so would make an index of it.
"""

from __future__ import annotations

from typing import Any

from newscast.local.intrinsics import Resolver

_LEFT_OUT = object()


def decided_template(resolve: Resolver) -> dict[str, Any]:
    """The template without the resources that its conditions leave out, the others decided.

    Raises TemplateError for a condition that isn't there.
    """
    template = dict(resolve.translated.template)
    template["Resources"] = {
        name: decided(resolve, {key: value for key, value in resource.items() if key != "Condition"})
        for name, resource in template["Resources"].items()
        if exists(resolve, resource)
    }
    template.pop("Conditions", None)
    return template


def exists(resolve: Resolver, resource: dict[str, Any]) -> bool:
    """Whether a resource has no condition or one that holds."""
    return "Condition" not in resource or resolve.condition(resource["Condition"])


def decided(resolve: Resolver, value: Any) -> Any:
    """A value in which each Fn::If is replaced by the branch that holds; other intrinsics stay."""
    if isinstance(value, list):
        return [each for each in (decided(resolve, one) for one in value) if each is not _LEFT_OUT]
    if not isinstance(value, dict):
        return value
    if value == {"Ref": "AWS::NoValue"}:
        return _LEFT_OUT
    if set(value) == {"Fn::If"}:
        name, holds, fails = value["Fn::If"]
        return decided(resolve, holds if resolve.condition(name) else fails)
    branches = {key: decided(resolve, each) for key, each in value.items()}
    return {key: each for key, each in branches.items() if each is not _LEFT_OUT}

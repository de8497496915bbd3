"""A translated template with its values resolved, as the checks look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from newscast.local.conditions import exists
from newscast.local.intrinsics import Resolver
from newscast.local.template import Translated, load

REGION = "us-east-1"
QUEUE, MAPPING = "AWS::SQS::Queue", "AWS::Lambda::EventSourceMapping"
FUNCTION, ROLE, LOG = "AWS::Lambda::Function", "AWS::IAM::Role", "AWS::Logs::LogGroup"

Check = Callable[["Stack"], Iterable[str]]
"""What is wrong, one line a finding; nothing for a sound template."""


@dataclass(frozen=True)
class Stack:
    """Resources by logical id, their properties resolved with the parameters, or else their defaults."""

    translated: Translated
    parameters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, path: Path, parameters: Mapping[str, str] | None = None) -> Stack:
        """Of a template file. Raises TemplateError."""
        return cls(load(path, REGION), parameters or {})

    @cached_property
    def resolve(self) -> Resolver:
        return Resolver(self.translated, REGION, parameters=self.parameters)

    @property
    def template(self) -> dict[str, Any]:
        return self.translated.template

    @cached_property
    def there(self) -> dict[str, dict[str, Any]]:
        """Resources that no condition leaves out, as they are written."""
        return {name: each for name, each in self.template["Resources"].items() if exists(self.resolve, each)}

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Resolved properties of all resources of a type that no condition leaves out."""
        return {name: self.properties(name) for name, each in self.there.items() if each["Type"] == kind}

    def properties(self, logical_id: str) -> dict[str, Any]:
        """Of one resource, resolved."""
        found: dict[str, Any] = self.resolve(self.template["Resources"][logical_id].get("Properties", {}))
        return found

    @cached_property
    def queues(self) -> dict[str, dict[str, Any]]:
        return self.of(QUEUE)

    @cached_property
    def functions(self) -> dict[str, dict[str, Any]]:
        return self.of(FUNCTION)

    @cached_property
    def mappings(self) -> dict[str, Mapped]:
        """Event source mappings by logical id."""
        return {
            name: Mapped(name, self.queue(each["EventSourceArn"]), self.function(each["FunctionName"]), each)
            for name, each in self.of(MAPPING).items()
        }

    @cached_property
    def dead_letter_queues(self) -> set[str]:
        """Logical ids of all queues that others are redriven to, or that failed calls end in."""
        ends = [each.get("RedrivePolicy", {}).get("deadLetterTargetArn") for each in self.queues.values()]
        ends += [
            each.get("Target", {}).get("DeadLetterConfig", {}).get("Arn")
            for each in self.of("AWS::Scheduler::Schedule").values()
        ]
        ends += [
            each.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
            for each in self.of("AWS::Lambda::EventInvokeConfig").values()
        ]
        return {self.queue(end) for end in ends if end}

    def variables(self, function: str) -> dict[str, Any]:
        """A function's environment."""
        given = self.functions[function].get("Environment", {}).get("Variables", {})
        return dict(given)

    def queue(self, given: str) -> str:
        """Logical id of a queue given by its ARN or URL, or what was given if there is none."""
        for name in self.queues:
            if given in (self.resolve.ref(name), self.resolve.attribute(name, "Arn")):
                return name
        return given

    def function(self, given: str) -> str:
        """Logical id of a function given by its name or ARN."""
        for name in self.functions:
            if given in (name, self.resolve.ref(name), self.resolve.attribute(name, "Arn")):
                return name
        return given


@dataclass(frozen=True)
class Mapped:
    """An event source mapping: which queue a function reads, by logical id, and how."""

    name: str
    queue: str
    function: str
    properties: dict[str, Any]

    @property
    def window(self) -> int:
        """Seconds that Lambda waits for a batch to fill."""
        return int(self.properties.get("MaximumBatchingWindowInSeconds", 0))

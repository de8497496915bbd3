"""CloudFormation's intrinsic functions, resolved against parameters and the names that resources have.

moto resolves what it deploys; this is for what moto doesn't know (schedules, alarms, destinations), for
the roles' policies, and for the checks of the template, which run without any stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from newscast.local.problem import TemplateError
from newscast.local.template import Translated

ACCOUNT = "123456789012"

_ARNS: dict[str, str] = {
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}:*",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{name}",
    "AWS::SNS::Topic": "arn:aws:sns:{region}:{account}:{name}",
}
# What !Ref gives where that isn't the name.
_REFS: dict[str, str] = {
    "AWS::SQS::Queue": "https://sqs.{region}.amazonaws.com/{account}/{name}",
    "AWS::SNS::Topic": _ARNS["AWS::SNS::Topic"],
}
NAMES: dict[str, str] = {
    "AWS::SQS::Queue": "QueueName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::IAM::Role": "RoleName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::Scheduler::Schedule": "Name",
}
"""The property that names a resource of a type, where the template gives it a name."""


@dataclass(frozen=True)
class Resolver:
    """Values of one template's intrinsics. Raises TemplateError for one that can't be resolved.

    `parameters` override the template's defaults. `physical` holds the names that a stack gave its
    resources, by logical id (a queue's URL or a topic's ARN will do); a resource that is neither there nor
    named by the template is called by its logical id.
    """

    translated: Translated
    region: str = "us-east-1"
    account: str = ACCOUNT
    parameters: Mapping[str, str] = field(default_factory=dict)
    physical: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, value: Any) -> Any:
        """The value with every intrinsic in it resolved; what is !Ref AWS::NoValue is left out."""
        if isinstance(value, list):
            return [each for each in map(self, value) if each is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in _FUNCTIONS:
                return _FUNCTIONS[name](self, argument)
        resolved = {name: self(each) for name, each in value.items()}
        return {name: each for name, each in resolved.items() if each is not _NO_VALUE}

    def ref(self, name: str) -> Any:
        template = self.translated.template
        if name in template.get("Parameters", {}):
            return self.parameters.get(name, template["Parameters"][name].get("Default", ""))
        if name.startswith("AWS::"):
            return self._pseudo(name)
        return _REFS.get(self._type(name), "{name}").format_map(self._parts(name))

    def attribute(self, name: str, attribute: str) -> str:
        kind = self._type(name)
        if attribute == "Arn" and kind in _ARNS:
            return _ARNS[kind].format_map(self._parts(name))
        if attribute in (NAMES.get(kind), "Id"):
            return self.name(name)
        raise TemplateError(f"{name}.{attribute} is not known here")

    def name(self, logical_id: str) -> str:
        """The name that a resource has: a queue's or a table's, without URL or ARN."""
        if logical_id in self.physical:
            return re.split(r"[:/]", self.physical[logical_id])[-1]
        resource = self.translated.template["Resources"][logical_id]
        given = resource.get("Properties", {}).get(NAMES.get(resource["Type"], ""))
        return str(self(given)) if given else logical_id

    def condition(self, name: str) -> bool:
        try:
            return bool(self(self.translated.template["Conditions"][name]))
        except KeyError:
            raise TemplateError(f"there is no condition {name}") from None

    def substitute(self, text: str, given: Mapping[str, Any]) -> str:
        def one(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in given:
                return str(given[name])
            logical_id, dot, attribute = name.partition(".")
            return str(self.attribute(logical_id, attribute) if dot else self.ref(name))

        return re.sub(r"\$\{([^}]+)\}", one, text)

    def find(self, mapping: str, first: str, second: str) -> Any:
        try:
            return self.translated.template["Mappings"][mapping][first][second]
        except KeyError:
            raise TemplateError(f"no mapping {mapping}.{first}.{second}") from None

    def _type(self, name: str) -> str:
        try:
            return str(self.translated.template["Resources"][name]["Type"])
        except KeyError:
            raise TemplateError(f"there is no parameter or resource {name}") from None

    def _parts(self, name: str) -> dict[str, str]:
        return {"region": self.region, "account": self.account, "name": self.name(name)}

    def _pseudo(self, name: str) -> Any:
        pseudo: dict[str, Any] = {
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": "newscast",
            "AWS::NoValue": _NO_VALUE,
        }
        if name not in pseudo:
            raise TemplateError(f"{name} is not known here")
        return pseudo[name]


_NO_VALUE = object()


def _sub(resolver: Resolver, argument: Any) -> str:
    text, given = argument if isinstance(argument, list) else (argument, {})
    return resolver.substitute(text, resolver(given))


def _get_att(resolver: Resolver, argument: Any) -> str:
    name, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
    return resolver.attribute(name, attribute)


_FUNCTIONS: dict[str, Callable[[Resolver, Any], Any]] = {
    "Ref": lambda r, a: r.ref(a),
    "Condition": lambda r, a: r.condition(a),
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::FindInMap": lambda r, a: r.find(*r(a)),
    "Fn::Join": lambda r, a: str(a[0]).join(map(str, r(a[1]))),
    "Fn::If": lambda r, a: r(a[1] if r.condition(a[0]) else a[2]),
    "Fn::Equals": lambda r, a: r(a[0]) == r(a[1]),
    "Fn::Not": lambda r, a: not r(a[0]),
    "Fn::And": lambda r, a: all(map(r, a)),
    "Fn::Or": lambda r, a: any(map(r, a)),
}

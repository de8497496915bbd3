"""Which resources of a template are played here, by whom, and what stops a deployment.

A type that stands in neither table below, or a property that nobody plays, is an error with its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newscast.local.problem import TemplateError
from newscast.local.template import Translated

DEPLOYED = frozenset(
    {
        "AWS::DynamoDB::Table",
        "AWS::IAM::Role",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::SSM::Parameter",
        "AWS::SecretsManager::Secret",
    }
)
"""Types that moto deploys."""

PLAYED = {
    "AWS::Scheduler::Schedule": "fired by the runtime",
    "AWS::Lambda::EventInvokeConfig": "retries and destination are the runtime's own",
    "AWS::CloudWatch::Alarm": "nothing measures here: what an alarm watches is shown after a run",
    "AWS::CloudWatch::Dashboard": "a picture of measurements that are not made here",
    "AWS::SQS::QueuePolicy": "grants to other accounts and services; functions are held to their roles",
    "AWS::S3::BucketPolicy": "as for queues",
    "AWS::SNS::TopicPolicy": "as for queues",
    "AWS::SNS::Subscription": "mail is not sent; any other protocol is refused",
    "AWS::Logs::MetricFilter": "logs are not measured here",
}
"""Types that moto does not know or does not play, and how this runtime plays them."""

_UNPLAYED_PROPERTIES = (
    ("AWS::SQS::Queue", "FifoQueue"),
    ("AWS::Lambda::Function", "DeadLetterConfig"),  # EventInvokeConfig says more and is played
    ("AWS::Lambda::Function", "Layers"),
    ("AWS::Lambda::EventSourceMapping", "FilterCriteria"),
    ("AWS::DynamoDB::Table", "StreamSpecification"),
)


def check_parameters(template: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
    """Raises TemplateError for a parameter that the template lacks."""
    for name in parameters:
        if name not in template.get("Parameters", {}):
            raise TemplateError(f"the template has no parameter {name}")


def check_types(translated: Translated) -> None:
    """Raises TemplateError for what would be left out."""
    for name, resource in translated.template["Resources"].items():
        if resource["Type"] not in DEPLOYED and resource["Type"] not in PLAYED:
            raise TemplateError(f"{name}: the local runtime does not play {resource['Type']}")
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::SNS::Subscription" and properties.get("Protocol") not in (
            "email",
            "email-json",
        ):
            raise TemplateError(
                f"{name}: the local runtime does not play SNS to {properties.get('Protocol')}"
            )
        for kind, unplayed in _UNPLAYED_PROPERTIES:
            if resource["Type"] == kind and properties.get(unplayed):
                raise TemplateError(f"{name}: the local runtime does not play {unplayed} of {kind}")

"""infra/template.yaml → plain CloudFormation and the functions in it, in this process and offline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import yaml
from samtranslator.metrics.metrics import Metrics
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import intrinsics_multi_constructor

from newscast.local.problem import TemplateError

Resource = dict[str, Any]

SAM_FUNCTION = "AWS::Serverless::Function"
FUNCTION = "AWS::Lambda::Function"
_UPLOADED = "s3://newscast-local/"
"""Stands for what `sam deploy` would have uploaded; the translator takes nothing but S3."""


@dataclass(frozen=True)
class Function:
    """One function of the template. `timeout` in seconds, `memory` in MiB."""

    logical_id: str
    handler: str
    """`newscast.handlers.fetch.handler`"""
    code: Path
    """The folder or zip that CodeUri names."""
    timeout: int
    memory: int


@dataclass(frozen=True)
class Translated:
    """A template as CloudFormation runs it: parameters and intrinsics still to be resolved."""

    template: dict[str, Any]
    functions: Mapping[str, Function]
    """By logical id."""

    def of_type(self, kind: str) -> dict[str, Resource]:
        """Resources of one type (`AWS::SQS::Queue`), by logical id."""
        return {name: each for name, each in self.template["Resources"].items() if each["Type"] == kind}


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short tags (`!Ref`)."""


_Loader.add_multi_constructor("!", intrinsics_multi_constructor)


def parse(text: str, name: str = "template") -> dict[str, Any]:
    """YAML in, the SAM template as written out. Raises TemplateError."""
    try:
        source = yaml.load(text, _Loader)  # noqa: S506  # a SafeLoader with constructors that build dicts
    except yaml.YAMLError as error:
        raise TemplateError(f"{name} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(source, dict) or not isinstance(source.get("Resources"), dict):
        raise TemplateError(f"{name} has no Resources")
    plain: dict[str, Any] = json.loads(json.dumps(source))  # an alias becomes a copy, as for CloudFormation
    return plain


def translate(source: dict[str, Any], folder: Path, region: str) -> Translated:
    """A parsed SAM template in (it is changed), CloudFormation out. `folder` is where CodeUri starts.

    A function that is a container image has no code here and is not listed. Raises TemplateError.
    """
    inherited = source.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
    code: dict[str, Path] = {}
    for name, resource in source["Resources"].items():
        if resource.get("Type") == SAM_FUNCTION and resource["Properties"].get("PackageType") != "Image":
            uri = resource["Properties"].get("CodeUri", inherited)
            code[name] = (folder / str(uri or ".")).resolve()
            resource["Properties"]["CodeUri"] = f"{_UPLOADED}{name}.zip"
    metrics = Metrics()
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=region), metrics=metrics)
    try:
        plain = translator.translate(source, {})
    except InvalidDocumentException as error:
        raise TemplateError("; ".join(str(cause.message) for cause in error.causes)) from error
    finally:
        metrics.publish()  # to nobody; left undone, it is a warning when the process ends
    functions = {
        name: Function(name, each["Handler"], code[name], each.get("Timeout", 3), each.get("MemorySize", 128))
        for name, each in ((name, plain["Resources"][name]["Properties"]) for name in code)
    }
    return Translated(plain, functions)


def load(path: Path, region: str) -> Translated:
    """Read and translate a template file. Raises TemplateError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TemplateError(f"{path} can't be read: {error.strerror}") from error
    return translate(parse(text, str(path)), path.parent, region)

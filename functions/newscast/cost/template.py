"""The template as far as its bill needs it: read as YAML, with no translator and no AWS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from newscast.cost.shape import Shape, of_template


class _Loader(yaml.CSafeLoader):
    """YAML whose tags (`!Ref`) are left aside: what they stand for is no part of a bill, but for `Fn::If`."""


def _plain(loader: yaml.CSafeLoader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


_Loader.add_multi_constructor("!", _plain)


def read(path: Path) -> Shape:
    """A template's shape. Raises OSError, and ValueError for what is no template of ours."""
    try:
        return of_template(yaml.load(path.read_text(encoding="utf-8"), _Loader))  # noqa: S506  # a SafeLoader
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path}: not a template of Newscast ({' '.join(str(error).split())})") from error

"""The table of infra/template.yaml as create_table takes it, for tests that need no whole stack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from newscast.local.intrinsics import Resolver
from newscast.local.template import Translated, parse

TEMPLATE = Path(__file__).parents[1] / "infra" / "template.yaml"
SHAPE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


def table_shape() -> dict[str, Any]:
    """What a new stack's table is."""
    source = parse(TEMPLATE.read_text())
    described = Resolver(Translated(source, {}))(source["Resources"]["Table"]["Properties"])
    return {name: described[name] for name in SHAPE}

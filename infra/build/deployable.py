"""infra/template.yaml → dist/template.yaml, which points to the zips and is for their processor alone."""

from __future__ import annotations

from typing import Any

import yaml

from newscast.local.template import SAM_FUNCTION, parse


def deployable(text: str, architecture: str) -> str:
    """The template as `sam deploy` takes it: each function's CodeUri is its zip beside the template."""
    source: dict[str, Any] = parse(text)
    source.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
    for name, resource in source["Resources"].items():
        if resource["Type"] == SAM_FUNCTION:
            resource["Properties"]["CodeUri"] = f"./{name}.zip"
    # The zips hold machine code: another processor is refused here, not at the first call.
    source["Parameters"]["Architecture"] |= {"Default": architecture, "AllowedValues": [architecture]}
    head = "# Made by make build from infra/template.yaml; change that one.\n"
    return head + yaml.safe_dump(source, sort_keys=False, allow_unicode=True, width=110)

"""infra/template.yaml → dist/template.yaml, which points to the zips and is for their processor alone."""

from __future__ import annotations

from typing import Any

import yaml

from newscast.local.template import SAM_FUNCTION, parse

TAG = "TagFunction"
IMAGE_MEMORY = 2048
"""MB of the tag function as an image: a small pipeline alone takes some 300, and time follows memory."""


def deployable(text: str, architecture: str, tag_image: str = "") -> str:
    """The template as `sam deploy` takes it: each function's CodeUri is its zip beside the template.

    With `tag_image`, the tag function is that container image (infra/recogniser/Dockerfile) instead of a zip.
    """
    source: dict[str, Any] = parse(text)
    shared = source.get("Globals", {}).get("Function", {})
    shared.pop("CodeUri", None)
    functions = {name: one for name, one in source["Resources"].items() if one["Type"] == SAM_FUNCTION}
    for name, resource in functions.items():
        resource["Properties"]["CodeUri"] = f"./{name}.zip"
    if tag_image:  # an image has its own runtime, and SAM refuses one beside it, be it a shared one
        runtime = shared.pop("Runtime")
        for resource in functions.values():
            resource["Properties"]["Runtime"] = runtime
        tag = functions[TAG]["Properties"]
        for name in ("CodeUri", "Runtime", "Handler"):
            del tag[name]
        tag |= {"PackageType": "Image", "ImageUri": tag_image, "MemorySize": IMAGE_MEMORY}
        # A zip can't become an image: CloudFormation makes a new function, which needs a name of its own.
        tag["FunctionName"] = {"Fn::Sub": "newscast-${Stage}-tag-image"}
    # The zips hold machine code: another processor is refused here, not at the first call.
    source["Parameters"]["Architecture"] |= {"Default": architecture, "AllowedValues": [architecture]}
    head = "# Made by make build from infra/template.yaml; change that one.\n"
    return head + yaml.safe_dump(source, sort_keys=False, allow_unicode=True, width=110)

"""`python -m infra.checks [TEMPLATE]`: translate, lint and check; a line a finding, and exit 1."""

from __future__ import annotations

import sys
from pathlib import Path

from infra.checks import CHECKS, Stack, findings, lint

from newscast.local.problem import TemplateError

TEMPLATE = Path(__file__).parents[1] / "template.yaml"


def main(arguments: list[str]) -> int:
    path = Path(arguments[0]) if arguments else TEMPLATE
    try:
        stack = Stack.at(path)
    except TemplateError as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return 1
    lines = [f"lint: {line}" for line in lint(stack.translated)]
    lines += [f"{name}: {line}" for name, found in findings(stack).items() for line in found]
    for line in lines:
        print(f"{path.name}: {line}", file=sys.stderr)
    if not lines:
        count = len(stack.template["Resources"])
        print(f"{path.name}: {count} resources, clean for cfn-lint and {len(CHECKS)} checks")
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""cfn-lint over the translation: over SAM text it finds half as much."""

from __future__ import annotations

import json

from cfnlint import api
from infra.checks.stack import REGION

from newscast.local.template import Translated


def lint(translated: Translated) -> list[str]:
    """What cfn-lint finds in the plain template: errors and warnings by rule, and where."""
    found = api.lint(json.dumps(translated.template), regions=[REGION])
    return [f"{each.rule.id} {'/'.join(map(str, each.path or ()))}: {each.message}" for each in found]

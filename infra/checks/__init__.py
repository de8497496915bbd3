"""What must hold for infra/template.yaml beyond what a linter sees: each check by its name.

A check looks at the translated template and yields what is wrong, one line a finding. Tests, the planted
faults and `python -m infra.checks` run this one table.
"""

from __future__ import annotations

from infra.checks import delivery, functions, guarding, keeping, kept, manners, upgrade, watching
from infra.checks.lint import lint
from infra.checks.stack import Check, Stack

from newscast.local.problem import TemplateError

CHECKS: dict[str, Check] = {
    "batch and window": delivery.batches,
    "partial answers": delivery.partial_answers,
    "concurrency": delivery.concurrency,
    "readers": delivery.readers,
    "visibility": delivery.visibility,
    "redrive": delivery.redrive,
    "last delivery": delivery.last_delivery,
    "retention": delivery.retention,
    "claims": delivery.claims,
    "flow": delivery.flow,
    "time of dear texts": guarding.time,
    "memory of dear texts": guarding.memory,
    "handlers": functions.handlers,
    "environment": functions.environment,
    "runtime": functions.runtime,
    "names": functions.names,
    "own roles": functions.own_roles,
    "policies": functions.policies,
    "unused roles": functions.unused_roles,
    "manners": manners.bounds,
    "host groups": manners.host_groups,
    "table": keeping.table,
    "bucket": keeping.bucket,
    "survival": keeping.survival,
    "retention days": keeping.retention_days,
    "kept": kept.kept,
    "upgrade": upgrade.upgrade,
    "queue encryption": keeping.queue_encryption,
    "logs": keeping.logs,
    "schedules": watching.schedules,
    "failed calls": watching.failed_calls,
    "alarms": watching.alarms,
    "ceiling": watching.ceiling,
    "topic": watching.topic,
    "dashboard": watching.dashboard,
    "parameters": watching.parameters,
}


def findings(stack: Stack, names: tuple[str, ...] = tuple(CHECKS)) -> dict[str, list[str]]:
    """What the named checks find, by check; checks that find nothing are left out."""
    found: dict[str, list[str]] = {}
    for name in names:
        try:
            lines = list(CHECKS[name](stack))
        except TemplateError as error:  # a reference to what isn't there
            lines = [str(error)]
        if lines:
            found[name] = lines
    return found


__all__ = ["CHECKS", "Check", "Stack", "findings", "lint"]

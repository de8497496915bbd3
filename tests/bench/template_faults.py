"""Which of the faults planted in the template are found by the translator, by cfn-lint, by our checks."""

from __future__ import annotations

from infra.checks import findings, lint
from tests.infra.faults import FAULTS, TEMPLATE, stack

from newscast.local.problem import TemplateError


def main() -> None:
    """A line a fault: who finds it, with the first thing that is said."""
    sound = stack(TEMPLATE.read_text(encoding="utf-8"))
    said_of_sound = set(lint(sound.translated))
    clean = findings(sound)
    counts = {"translator": 0, "cfn-lint": 0, "checks": 0, "nobody": 0}
    print(f"{'fault':<44} {'translator':<11}{'cfn-lint':<10}{'checks':<20} first finding")
    for fault in FAULTS:
        translator, linter, checks, first = "", "", "", ""
        try:
            planted = stack(fault.plant())
        except TemplateError as error:
            translator, first = "found", str(error)
        else:
            said = [line for line in lint(planted.translated) if line not in said_of_sound]
            linter = said[0].split()[0] if said else ""
            found = {name: lines for name, lines in findings(planted).items() if lines != clean.get(name)}
            checks = ", ".join(sorted(found, key=lambda name: name != fault.found_by)[:1])
            first = next(iter(found.get(fault.found_by, said or [""])))
        counts["translator"] += bool(translator)
        counts["cfn-lint"] += bool(linter)
        counts["checks"] += bool(checks)
        counts["nobody"] += not (translator or linter or checks)
        print(f"{fault.name:<44} {translator:<11}{linter:<10}{checks:<20} {first[:90]}", flush=True)
    print(f"{len(FAULTS)} faults: " + ", ".join(f"{name} {count}" for name, count in counts.items()))

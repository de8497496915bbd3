"""All probes. Each has its source: its own, or its table's."""

from __future__ import annotations

from dataclasses import replace

from tests.contract import conditions, items, pages, queues, transactions, updates

PROBES = [
    replace(probe, source=probe.source or module.SOURCE)
    for module in (conditions, updates, items, pages, transactions, queues)
    for probe in module.PROBES
]

"""All probes. Each has its source: its own, or its table's."""

from __future__ import annotations

from dataclasses import replace

from tests.contract import conditions, items, pages, queues, transactions, updates

TABLES = {
    module.__name__.rpartition(".")[2]: [
        replace(probe, source=probe.source or module.SOURCE) for probe in module.PROBES
    ]
    for module in (conditions, updates, items, pages, transactions, queues)
}
PROBES = [probe for table in TABLES.values() for probe in table]

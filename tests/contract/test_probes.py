"""Each probe on each backend: it answers as AWS does, or differs in the one way that is listed.

`python -m tests.contract` runs the same and tells more.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.contract import differences
from tests.contract.backends import NAMES, Backend, opened
from tests.contract.probe import run
from tests.contract.probes import PROBES, TABLES

CHOSEN = (os.environ["NEWSCAST_BACKEND"],) if "NEWSCAST_BACKEND" in os.environ else ("engine", "moto")
KNOWN = differences.known()


@pytest.fixture(scope="module")
def backends() -> Iterator[dict[str, Backend]]:
    with opened(*CHOSEN) as found:
        yield {backend.name: backend for backend in found}


@pytest.mark.parametrize("name", CHOSEN)
@pytest.mark.parametrize("table", TABLES)
def test_probes(backends: dict[str, Backend], name: str, table: str) -> None:
    differing = {probe.name: got for probe in TABLES[table] if (got := run(probe, backends[name]))}
    names = {probe.name for probe in TABLES[table]}
    assert differing == {
        probe: each.does for (backend, probe), each in KNOWN.items() if backend == name and probe in names
    }


def test_the_list_tells_of_probes_what_they_say() -> None:
    probes = {probe.name: probe for probe in PROBES}
    assert [name for name, count in Counter(probe.name for probe in PROBES).items() if count > 1] == []
    assert {backend for backend, _ in KNOWN} <= set(NAMES) - {"engine"}
    for (_, name), known in KNOWN.items():
        told = differences.aws(probes[name], known.does), probes[name].source
        assert (known.aws, known.source) == told, name

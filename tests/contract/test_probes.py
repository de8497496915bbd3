"""Each probe on each backend: it answers as AWS does, or differs in the one way that is listed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.contract import differences
from tests.contract.backends import NAMES, Backend, opened
from tests.contract.probe import Probe, run
from tests.contract.probes import PROBES

CHOSEN = (os.environ["NEWSCAST_BACKEND"],) if "NEWSCAST_BACKEND" in os.environ else ("engine", "moto")
KNOWN = differences.known()


@pytest.fixture(scope="module")
def backends() -> Iterator[dict[str, Backend]]:
    with opened(*CHOSEN) as found:
        yield {backend.name: backend for backend in found}


@pytest.mark.parametrize("name", CHOSEN)
@pytest.mark.parametrize("probe", PROBES, ids=[probe.name for probe in PROBES])
def test_probe(backends: dict[str, Backend], name: str, probe: Probe) -> None:
    known = KNOWN.get((name, probe.name))
    assert run(probe, backends[name]) == (known.does if known else None), probe.source


def test_the_list_tells_of_probes_what_they_say() -> None:
    probes = {probe.name: probe for probe in PROBES}
    assert [name for name, count in Counter(probe.name for probe in PROBES).items() if count > 1] == []
    assert {backend for backend, _ in KNOWN} <= set(NAMES) - {"engine"}
    for (_, name), known in KNOWN.items():
        told = differences.aws(probes[name], known.does), probes[name].source
        assert (known.aws, known.source) == told, name

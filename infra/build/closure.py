"""A handler's module → all modules of ours that it may import, their data, and what they import of others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grimp
from infra.build import BuildError

PACKAGE = "newscast"
NOT_DEPLOYED = {
    "newscast.local": "plays AWS on a laptop",
    "newscast.cli": "the command",
}
"""A handler that reaches one of these is a mistake."""
CHECKOUT_ONLY = {
    "newscast.gazetteer.compile": "compiles the CSV files when there is no compiled gazetteer; a zip has one",
}
"""Imported inside a function that no deployed code comes to, so that they stay out with all they import."""
WORKERS = {
    "newscast.feeds.guarded": "newscast.feeds.worker",
    "newscast.normalise.guarded": "newscast.normalise.worker",
    "newscast.normalise.guarded_page": "newscast.normalise.page_worker",
    "newscast.tag.guarded": "newscast.tag.worker",
}
"""Modules that start a process, and the module that it runs: an import that no graph shows."""
RUNTIME = frozenset({"boto3", "botocore", "s3transfer", "jmespath", *sys.stdlib_module_names})
"""Modules that Lambda's Python has."""


@dataclass(frozen=True)
class Closure:
    """`modules` by their full names, parent packages included; `foreign` are top-level names."""

    modules: frozenset[str]
    foreign: frozenset[str]

    @property
    def packages(self) -> frozenset[str]:
        return frozenset(name.rpartition(".")[0] for name in self.modules) - {""}


def graph() -> grimp.ImportGraph:
    """Who imports whom, lazy imports too, but not those for type checkers alone."""
    made = grimp.build_graph(
        PACKAGE, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )
    for name in CHECKOUT_ONLY.keys() & made.modules:
        made.remove_module(name)
    return made


def closure(imports: grimp.ImportGraph, handler_module: str) -> Closure:
    """All that importing a handler may import. Raises BuildError if it isn't there or reaches too far."""
    if handler_module not in imports.modules:
        raise BuildError(f"there is no module {handler_module}")
    reached: set[str] = set()
    todo = {handler_module}
    while todo:
        name = todo.pop()
        reached.add(name)
        found = set(imports.find_modules_directly_imported_by(name))
        if name in WORKERS:
            found |= {WORKERS[name], "newscast.guard.serving"}
        if "." in name:  # importing a module imports the packages that it lies in
            found.add(name.rpartition(".")[0])
        todo |= found - reached
    ours = frozenset(name for name in reached if name.split(".")[0] == PACKAGE)
    for name in sorted(ours):
        for forbidden, reason in NOT_DEPLOYED.items():
            if f"{name}.".startswith(f"{forbidden}."):
                raise BuildError(f"{handler_module} reaches {name}, which is not deployed: it {reason}")
    return Closure(ours, frozenset(name for name in reached - ours if name not in RUNTIME))


def files(code: Path, wanted: Closure) -> Iterator[Path]:
    """Paths under `code` of the modules and of the data that lies in their packages."""
    for name in sorted(wanted.modules):
        place = code.joinpath(*name.split("."))
        yield place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    for name in sorted(wanted.packages):
        yield from data(code.joinpath(*name.split(".")))


def data(folder: Path) -> Iterator[Path]:
    """Files of a package that are no modules, in its folders that are no packages."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "__pycache__")):
            continue
        if path.is_dir() and not (path / "__init__.py").exists():
            yield from data(path)
        elif path.is_file() and path.suffix not in (".py", ".pyc", ".md"):
            yield path

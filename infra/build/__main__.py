"""`python -m infra.build [--arch ARCH] [--out DIR] [--tag-image URI]`: a zip each, and their template."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import grimp
from infra.build import BuildError, gazetteer
from infra.build.bytecode import compile_trees, interpreter
from infra.build.closure import Closure, closure, files, graph
from infra.build.dependencies import PLATFORMS, PYTHON, install, missing
from infra.build.deployable import deployable
from infra.build.fit import misfits, runs_here, try_import
from infra.build.pack import pack, trim

from newscast.local.problem import TemplateError
from newscast.local.template import Function, load

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "infra" / "template.yaml"
LICENCES = ("LICENSE", "NOTICE")
MAX_UNPACKED = 250 * 1024 * 1024
"""Lambda takes no more than this, unpacked."""


def our_files(code: Path, wanted: Closure, target: Path, work: Path) -> None:
    """Copy our modules and their data; the gazetteer is carried compiled, without the CSV files it is from.

    Raises BuildError.
    """
    carries = gazetteer.MODULE in wanted.modules
    rows = code / gazetteer.FOLDER
    for path in files(code, wanted):
        if not (carries and path.is_relative_to(rows)):
            _copy(path, target / path.relative_to(code))
    if carries:
        made = gazetteer.compiled(code, work)
        _copy(made, target / gazetteer.FOLDER / made.name)
    for name in LICENCES:
        _copy(ROOT / name, target / name)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def build(
    function: Function, imports: grimp.ImportGraph, architecture: str, work: Path
) -> tuple[Path, list[str]]:
    """The folder of one function, and its packages. Raises BuildError."""
    module = function.handler.rpartition(".")[0]
    wanted = closure(imports, module)
    target = work / function.logical_id
    target.mkdir()
    group = module.rpartition(".")[2]
    packages = install(ROOT, group, architecture, target)
    if lacking := missing(wanted.foreign, target):
        raise BuildError(f"{module} imports {', '.join(lacking)}, not brought by dependency group {group}")
    trim(target)
    if wrong := list(misfits(target, architecture)):
        raise BuildError(f"{function.logical_id}: {'; '.join(wrong[:3])}")
    our_files(function.code, wanted, target, work)
    return target, packages


def build_all(architecture: str, out: Path, tag_image: str = "") -> None:
    """Fill `out`. Raises BuildError, TemplateError."""
    started = time.monotonic()
    functions = load(TEMPLATE, "us-east-1").functions
    imports = graph()
    python = interpreter()
    trees: dict[str, tuple[Path, list[str]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, function) in enumerate(functions.items(), 1):
            print(f"[{number}/{len(functions)}] {name} for {architecture}", flush=True)
            trees[name] = build(function, imports, architecture, Path(folder))
        if python:
            print(f"bytecode by {python}", flush=True)
            compile_trees(python, [tree for tree, _ in trees.values()])
            for name in functions if runs_here(architecture) else ():
                try_import(python, trees[name][0], functions[name].handler)
        else:
            print(f"no Python {PYTHON} on PATH that runs: zips carry sources, which cold starts compile")
        out.mkdir(parents=True, exist_ok=True)
        for old in out.glob("*Function.zip"):
            old.unlink()
        print()
        for name, (tree, packages) in trees.items():
            unpacked = sum(path.stat().st_size for path in tree.rglob("*"))
            if unpacked > MAX_UNPACKED:
                raise BuildError(f"{name} is {unpacked >> 20} MB unpacked; Lambda takes 250 MB")
            size = pack(tree, out / f"{name}.zip")
            print(f"{name + '.zip':<24}{size / 1024:>8,.0f} KiB  {' '.join(packages)}", flush=True)
    text = TEMPLATE.read_text(encoding="utf-8")
    (out / "template.yaml").write_text(deployable(text, architecture, tag_image), encoding="utf-8")
    print(f"\n{len(functions)} zips and template.yaml in {out} ({time.monotonic() - started:.1f} s)")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.build", description=__doc__)
    parser.add_argument("--arch", default="arm64", choices=PLATFORMS)
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder to fill (default: dist)")
    parser.add_argument(
        "--tag-image", default="", metavar="URI", help="the tag function as this container image (make image)"
    )
    given = parser.parse_args(arguments)
    try:
        build_all(given.arch, given.out, given.tag_image)
    except (BuildError, TemplateError) as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

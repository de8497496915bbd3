"""What keeps a stack from being opened or from going on; the message of each is one line for its user."""

from __future__ import annotations


class TemplateError(ValueError):
    """A template that can't be read, translated or played; the message says where and why."""


class StateError(Exception):
    """The directory of the state can't be used, or no longer."""

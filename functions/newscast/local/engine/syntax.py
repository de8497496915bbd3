"""An expression's text → its tree. No item is looked at here, and no other module of the engine but refusals.

One grammar serves conditions, filters, key conditions, projections and updates, as on AWS. Placeholders are
replaced while reading: a tree holds attribute names and values, never `#name` or `:value`.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from newscast.local.engine.refusal import Refusal, invalid
from newscast.local.engine.reserved import RESERVED

Names = Mapping[str, str]
Values = Mapping[str, dict[str, Any]]

MAX_BYTES = 4096
"""Of one expression."""
MAX_OPERATORS = 300
"""Operators and functions in one expression."""
MAX_OPERANDS = 100
"""Of IN's list."""
MAX_NESTING = 100
"""Of brackets and NOTs; AWS tells no number, and this reader calls itself."""
MAX_DEPTH = 32
"""Of a document path."""


@dataclass(frozen=True)
class Path:
    """A document path: `a.b[3]` is `("a", "b", 3)`."""

    parts: tuple[str | int, ...]

    def __str__(self) -> str:
        return f"[{', '.join(f'[{part}]' if isinstance(part, int) else part for part in self.parts)}]"


@dataclass(frozen=True)
class Literal:
    """A value that the call carries."""

    value: dict[str, Any]

    @property
    def kind(self) -> str:
        return next(iter(self.value))


@dataclass(frozen=True)
class Call:
    """A function and its operands, not yet known to exist."""

    function: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True)
class Sum:
    """`left + right` or `left - right`, in an update only."""

    sign: str
    left: Operand
    right: Operand


Operand = Path | Literal | Call | Sum


@dataclass(frozen=True)
class Comparison:
    """`=`, `<>`, `<`, `<=`, `>`, `>=` with two operands; BETWEEN with three; IN with two or more."""

    operator: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True)
class Logical:
    """AND and OR with two parts, NOT with one."""

    operator: str
    parts: tuple[Condition, ...]


Condition = Comparison | Logical | Call


@dataclass(frozen=True)
class Action:
    """One step of an update. `clause` is SET, REMOVE, ADD or DELETE; REMOVE has no operand."""

    clause: str
    path: Path
    operand: Operand | None = None


Counted = TypeVar("Counted", Comparison, Logical, Call, Sum)
COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")
CLAUSES = ("SET", "REMOVE", "ADD", "DELETE")
_TOKEN = re.compile(
    r"\s*(?:(?P<word>[A-Za-z][A-Za-z0-9_]*)|(?P<name>#[A-Za-z0-9_]+)|(?P<value>:[A-Za-z0-9_]+)"
    r"|(?P<number>[0-9]+)|(?P<sign><>|<=|>=|[=<>()\[\].,+-])|(?P<other>\S))"
)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str


_END = Token("end", "<EOF>")


@lru_cache(maxsize=1024)
def tokens(expression: str) -> tuple[Token, ...]:
    """An expression's words and signs; what is neither has the kind `other`."""
    found = _TOKEN.finditer(expression)
    return tuple(Token(str(match.lastgroup), match[str(match.lastgroup)]) for match in found)


def placeholders(expression: str) -> frozenset[str]:
    """The `#names` and `:values` that an expression has."""
    return frozenset(token.text for token in tokens(expression) if token.kind in ("name", "value"))


class Reader:
    """Reads one expression. Every refusal is a ValidationException that says which parameter and what."""

    def __init__(self, parameter: str, expression: str, names: Names, values: Values) -> None:
        self.parameter = parameter
        if not expression.strip():
            raise self.refused("The expression can not be empty;")
        if len(expression.encode()) > MAX_BYTES:
            raise self.refused(
                "Expression size has exceeded the maximum allowed size; "
                f"expression size: {len(expression.encode())}"
            )
        self._names = names
        self._values = values
        self._tokens = tokens(expression)
        self._at = 0
        self._operators = 0
        self._depth = 0

    def refused(self, why: str) -> Refusal:
        return invalid(f"Invalid {self.parameter}: {why}")

    # ------------------------------------------------------------------------------------ whole texts
    def condition(self) -> Condition:
        """All of the text as a condition."""
        found = self._either()
        self._end()
        return found

    def paths(self) -> tuple[Path, ...]:
        """All of the text as a projection."""
        found = [self._path()]
        while self._took(","):
            found.append(self._path())
        self._end()
        return self.apart(found)

    def actions(self) -> tuple[Action, ...]:
        """All of the text as an update."""
        found: list[Action] = []
        seen: set[str] = set()
        while self._next() is not _END:
            clause = self._take().text.upper()
            if clause not in CLAUSES:
                raise self._syntax_error(self._at - 1)
            if clause in seen:
                raise self.refused(f'The "{clause}" section can only be used once in an update expression;')
            seen.add(clause)
            found.append(self._action(clause))
            while self._took(","):
                found.append(self._action(clause))
        self.apart([action.path for action in found])
        return tuple(found)

    def apart(self, paths: Sequence[Path]) -> tuple[Path, ...]:
        """The paths, if none is within another and none takes for a map what another takes for a list."""
        for place, one in enumerate(paths):
            for other in paths[place + 1 :]:
                pairs = list(zip(one.parts, other.parts, strict=False))
                apart = next(((a, b) for a, b in pairs if a != b), None)
                if apart is None or isinstance(apart[0], int) != isinstance(apart[1], int):
                    how = "overlap" if apart is None else "conflict"
                    raise self.refused(
                        f"Two document paths {how} with each other; must remove or rewrite one of these "
                        f"paths; path one: {one}, path two: {other}"
                    )
        return tuple(paths)

    # ------------------------------------------------------------------------------------- conditions
    def _either(self) -> Condition:
        found = self._all()
        while self._took_word("OR"):
            found = self._counted(Logical("OR", (found, self._all())))
        return found

    def _all(self) -> Condition:
        found = self._each()
        while self._took_word("AND"):
            found = self._counted(Logical("AND", (found, self._each())))
        return found

    def _each(self) -> Condition:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise self.refused(f"The expression nests deeper than {MAX_NESTING} levels")
        found = self._one()
        self._depth -= 1
        return found

    def _one(self) -> Condition:
        if self._took_word("NOT"):
            return self._counted(Logical("NOT", (self._each(),)))
        began = self._at
        if self._took("("):
            found = self._either()
            self._expect(")")
            if self._encloses(began + 1, self._at - 2):
                raise self.refused("The expression has redundant parentheses;")
            return found
        left = self._operand()
        token = self._next()
        if token.text in COMPARATORS:
            self._at += 1
            return self._counted(Comparison(token.text, (left, self._operand())))
        if self._took_word("BETWEEN"):
            low = self._operand()
            if not self._took_word("AND"):
                raise self._syntax_error()
            return self._counted(Comparison("BETWEEN", (left, low, self._operand())))
        if self._took_word("IN"):
            return self._counted(Comparison("IN", (left, *self._list())))
        if isinstance(left, Call):
            return left
        raise self._syntax_error()

    def _encloses(self, opening: int, closing: int) -> bool:
        """Whether the bracket at one place is closed at the other, and not before."""
        depth = 0
        for place in range(opening, closing + 1):
            depth += {"(": 1, ")": -1}.get(self._tokens[place].text, 0)
            if depth == 0:
                return place == closing
        return False

    def _counted(self, found: Counted) -> Counted:
        self._operators += 1
        if self._operators > MAX_OPERATORS:
            raise self.refused(
                f"The expression contains too many operators or functions; the maximum is {MAX_OPERATORS}"
            )
        return found

    # ---------------------------------------------------------------------------------------- updates
    def _action(self, clause: str) -> Action:
        path = self._path()
        if clause == "REMOVE":
            return Action(clause, path)
        if clause == "SET":
            self._expect("=")
            bracket = self._took("(")
            operand = self._operand()
            if self._next().text in ("+", "-"):
                operand = self._counted(Sum(self._take().text, operand, self._operand()))
            if bracket:
                self._expect(")")
            return Action(clause, path, operand)
        token = self._take()
        if token.kind != "value":
            raise self._syntax_error(self._at - 1)
        return Action(clause, path, self._literal(token.text))

    # ---------------------------------------------------------------------------------- what both have
    def _operand(self) -> Operand:
        token = self._next()
        if token.kind == "value":
            self._at += 1
            return self._literal(token.text)
        if token.kind == "word" and self._next(1).text == "(":
            self._at += 1
            return self._counted(Call(token.text, self._list()))
        return self._path()

    def _list(self) -> tuple[Operand, ...]:
        self._expect("(")
        found = [self._operand()]
        while self._took(","):
            found.append(self._operand())
        self._expect(")")
        return tuple(found)

    def _literal(self, placeholder: str) -> Literal:
        if placeholder not in self._values:
            raise self.refused(
                "An expression attribute value used in expression is not defined; "
                f"attribute value: {placeholder}"
            )
        return Literal(self._values[placeholder])

    def _path(self) -> Path:
        parts: list[str | int] = [self._name()]
        while True:
            if self._took("."):
                parts.append(self._name())
            elif self._took("["):
                token = self._take()
                if token.kind != "number":
                    raise self._syntax_error(self._at - 1)
                parts.append(int(token.text))
                self._expect("]")
            else:
                break
        if len(parts) > MAX_DEPTH:
            raise self.refused(
                f"The document path has too many nesting elements; nesting levels: {len(parts)}"
            )
        return Path(tuple(parts))

    def _name(self) -> str:
        token = self._take()
        if token.kind == "name":
            if token.text not in self._names:
                raise self.refused(
                    "An expression attribute name used in the document path is not defined; "
                    f"attribute name: {token.text}"
                )
            return self._names[token.text]
        if token.kind != "word":
            raise self._syntax_error(self._at - 1)
        if token.text.upper() in RESERVED:
            raise self.refused(f"Attribute name is a reserved keyword; reserved keyword: {token.text}")
        return token.text

    # ----------------------------------------------------------------------------------------- tokens
    def _next(self, ahead: int = 0) -> Token:
        return self._tokens[self._at + ahead] if self._at + ahead < len(self._tokens) else _END

    def _take(self) -> Token:
        token = self._next()
        self._at += 1
        return token

    def _took(self, sign: str) -> bool:
        if self._next().kind == "sign" and self._next().text == sign:
            self._at += 1
            return True
        return False

    def _took_word(self, word: str) -> bool:
        if self._next().kind == "word" and self._next().text.upper() == word:
            self._at += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._took(sign):
            raise self._syntax_error()

    def _end(self) -> None:
        if self._next() is not _END:
            raise self._syntax_error()

    def _syntax_error(self, place: int | None = None) -> Refusal:
        at = self._at if place is None else place
        token = self._tokens[at] if at < len(self._tokens) else _END
        near = " ".join(each.text for each in self._tokens[max(0, at - 1) : at + 2])
        return self.refused(f'Syntax error; token: "{token.text}", near: "{near}"')

"""Faults planted in the engine, one at a time, each of which the contract must find.

python -m tests.contract.planted       # about three minutes; changes files while it runs, and puts them back
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ENGINE = Path(__file__).parents[2] / "functions" / "newscast" / "local" / "engine"
PLANTED: list[tuple[str, str, str, str]] = [
    # what, file, is, becomes
    ("an old receipt handle deletes", "sqs.py", "if message is not None and message.handle == handle:", "if message is not None:"),
    ("no limit to an index's keys", "table.py", 'if kind != "N" and size({"": item[name]}) > limit:', 'if kind != "N" and not where and size({"": item[name]}) > limit:'),
    ("a number has no size", "items.py", "return ceil(len(digits) / 2) + 1 + text.startswith(\"-\")", "return 1"),
    ("a refused transaction costs nothing", "dynamodb.py", 'self.units["write"] += 2 * write.refused_cost(key[1])', "pass"),
    ("an unchanged index is billed", "table.py", "if before == after and old == new:", "if before == after and old == new and not old:"),
    ("a missing attribute has a size", "conditions.py", "    if sized is None:\n        return None", '    if sized is None:\n        return {"N": "0"}'),
    ("BETWEEN upside down", "conditions.py", "    if not less(operator.le, low.value, high.value):", "    if False:"),
    ("bytes are compared as their base64", "items.py", "        return base64.b64decode(content)\n    return str(content)", "        return str(content)\n    return str(content)"),
    ("paths may overlap", "syntax.py", "if apart is None or isinstance", "if apart is not None and isinstance"),
    ("an update reads what it wrote", "updates.py", "    written = [(action.path, _written(action, base)) for action in actions]", '    base = dict(base)\n    written = []\n    for action in actions:\n        written.append((action.path, _written(action, base)))\n        base |= {str(action.path.parts[0]): written[-1][1]} if written[-1][1] else {}'),
    ("ALL_NEW of a put", "dynamodb.py", 'return self._one("Put", body, ("NONE", "ALL_OLD"))', 'return self._one("Put", body, ("NONE", "ALL_OLD", "ALL_NEW"))'),
    ("a token is done twice", "dynamodb.py", "if token in self._tokens:", "if token == self._tokens:"),
    ("numbers stay as they are written", "items.py", 'return value if _PLAIN.fullmatch(content) else {"N": _normal_number(content)}', "return value"),
    ("a batch's read rounds once", "dynamodb.py", 'units = self._read([item or {}], request.get("ConsistentRead", False))', 'units = 0.5 if key == keys[0] else 0.0'),
    ("attributes weigh nothing", "messages.py", "        texts += [name, value[\"DataType\"], _content(value)]", "        texts += []"),
    ("Foo is a type", "messages.py", 'if kind not in ("String", "Number", "Binary"):', 'if kind not in ("String", "Number", "Binary", "Foo"):'),
    ("dead letters one receive late", "sqs.py", "message.receives >= queue.max_receives", "message.receives > queue.max_receives"),
    ("a limit that is just met ends", "pages.py", "if seen == limit or read >= PAGE_BYTES:", "if read >= PAGE_BYTES:"),
    ("a refused write costs nothing", "dynamodb.py", 'self.units["write"] += write.refused_cost(key)', "pass"),
    ("a condition after the update", "writes.py", "        if not self.test(old):", '        if self.kind == "Update":\n            self.update(old, self.given)\n        if not self.test(old):'),
    ("what leaves an index stays", "table.py", "                if before:\n", "                if before and after:\n"),
    ("backwards is forwards", "table.py", "'ASC' if forward else 'DESC'", "'ASC'"),
    ("a page begins with the last one's end", "table.py", "{'>' if forward else '<'}", "{'>=' if forward else '<='}"),
    ("negative numbers by their digits", "encoding.py", "bytes(255 - each for each in magnitude)", "magnitude"),
    ("a prefix has no end", "encoding.py", "    return kept[:-1] + bytes([kept[-1] + 1]) if kept else None", "    return None"),
    ("what is hidden is received", "queue.py", '"WHERE m.queue = ? AND m.visible_at <= ? AND (m', '"WHERE m.queue = ? AND m.visible_at <= ? + 9e9 AND (m'),
    ("a purge leaves the messages", "queue.py", 'self._db.execute("DELETE FROM message WHERE queue = ?", (self.logical_id,))', "pass"),
    ("what is delayed is in flight", "queue.py", "Counts(int(total - hidden), int(hidden - delayed), int(delayed))", "Counts(int(total - hidden), int(hidden), 0)"),
    ("a dead letter is as new", "queue.py", "UPDATE message SET queue = ?, {_SET}", "UPDATE message SET queue = ?, sent_at = visible_at, {_SET}"),
]  # fmt: skip


def main() -> int:
    missed = 0
    for what, name, was, becomes in PLANTED:
        path = ENGINE / name
        text = path.read_text(encoding="utf-8")
        if text.count(was) != 1:
            print(f"{what}: {name} has no such line any more")
            missed += 1
            continue
        path.write_text(text.replace(was, becomes), encoding="utf-8")
        try:
            tests = ["tests/contract/test_probes.py", "tests/contract/test_bill.py"]
            step = [sys.executable, "-m", "pytest", "-x", "-q", *tests, "-k", "engine or bill"]
            found = subprocess.run(step, capture_output=True, check=False).returncode == 1
        finally:
            path.write_text(text, encoding="utf-8")
        missed += not found
        print(f"{'found ' if found else 'MISSED'} {what}", flush=True)
    print(f"{len(PLANTED) - missed} of {len(PLANTED)} found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

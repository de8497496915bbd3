"""What `tests.bench.zips` runs in Lambda's Python: a zip's function, events in and answers out, a line each.

Nothing of the project is imported here but what the zip holds.
"""

import contextlib
import importlib
import json
import os
import sys
import time
from types import SimpleNamespace

about = json.loads(sys.argv[1])
sys.path[:0] = [about["task"], about["runtime"]]
os.environ.update(about["environment"])
answers, sys.stdout = sys.stdout, sys.stderr
context = SimpleNamespace(
    function_name=about["name"],
    function_version="$LATEST",
    invoked_function_arn=about["arn"],
    memory_limit_in_mb=str(about["memory"]),
    aws_request_id="zips",
    get_remaining_time_in_millis=lambda: about["timeout"] * 1000,
)
began = time.process_time()
module, _, name = about["handler"].rpartition(".")
handler = getattr(importlib.import_module(module), name)
imported = time.process_time() - began
with contextlib.ExitStack() as opened:
    with contextlib.suppress(ImportError):  # only what asks servers holds it
        from newscast.web.loopback import open_loopback

        opened.enter_context(open_loopback(about["host"], about["port"]))
    for event in sys.stdin:
        began = time.process_time()
        answer = handler(json.loads(event), context)
        called = time.process_time() - began
        told = {"answer": answer, "imported": imported, "called": called, "python": sys.version.split()[0]}
        print(json.dumps(told), file=answers, flush=True)

"""The template played whole on an embedded AWS in this process: `stack.Stack` is its door.

A template is deployed once, to moto, and read back as a plan (deploy.py): plain data, kept beside the state
and used until the template changes (plan.py). From then on neither moto nor the translator is loaded. The
state is one SQLite file and the objects' files (database.py); `engine` answers the functions' calls from it.
One process at a time polls the queues (opening.py), any number of others read and write beside it. What was
just stored is noted with the call that stored it (notes.py), so that it can be told, whatever ends a run.

As on AWS: batches, partial failures, receive counts, redrive, roles, timeouts, limits. Otherwise than on
AWS: a failed message shows again at once (unless `after_failure="in time"`), an asynchronous call is tried
again at once, a batching window ends when nothing else is left to do, a long poll does not wait, functions
run one at a time, and what has expired goes when a kept state is polled again.
"""

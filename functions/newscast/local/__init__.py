"""The template played whole on the embedded AWS (moto) in this process: `stack.Stack` is its door.

As on AWS: batches, partial failures, receive counts, redrive, roles, timeouts, limits. Otherwise than on
AWS: a failed message shows again at once (unless `after_failure="in time"`), an asynchronous call is tried
again at once, a batching window ends when nothing else is left to do, a long poll does not wait, functions
run one at a time, and what has expired goes when a kept state is opened.
"""

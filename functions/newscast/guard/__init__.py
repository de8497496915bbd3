"""All that publishers wrote is read in here: in a process of its own, with limits, that can reach nothing.

A function (the asker) keeps a `Worker`, a process that answers one question after another about hostile text:
a feed's document, an entry, a page, an article to tag. What it may spend on one message is its `Budget`.

    asker   credentials, network, results            worker.py
    worker  reads texts: no credentials, no files      serving.py: loads its room, shuts the door, answers
            but its own code, no network, no          confine.py: limits, capabilities, then
            processes, no way to its asker             seccomp.py and landlock.py, where the kernel has them

A message that takes more than its budget ends the worker and nothing else: the asker still holds what it
has answered, starts a new one for the next message, and says of the message what it cost
(`OverBudgetError`). That is its publisher's failure. A worker that can't start or stands still is ours
(`BrokenWorkerError`).
"""

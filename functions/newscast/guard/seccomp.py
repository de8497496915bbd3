"""System calls that a reader of texts never needs, refused by the kernel (a seccomp filter).

Refused are the network, other processes (starting, signalling, tracing them, reading their memory), writing
files, and those doors of the kernel by which others were got around. What a library needs to read a text
(memory, threads, files to read) goes on as before. A refused call fails with EPERM and ends nothing.
https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

_PR_SET_SECCOMP, _FILTER = 22, 2
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
"""Of BPF: load a word, jump if equal, if a bit is set, if not below; return."""
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Where each stands in what a filter sees."""
_X32 = 0x40000000
"""Calls by the x86's other table."""
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_SHARED = 1
"""MAP_SHARED: memory that no limit counts."""
_THREAD = 0x10000
"""CLONE_THREAD: a thread, and no process."""

_MACHINES = ("x86_64", "aarch64")
_TABLE = """
socket:41:198 connect:42:203 accept:43:202 sendto:44:206 bind:49:200 listen:50:201 socketpair:53:199
sendmsg:46:211 sendmmsg:307:269 accept4:288:242 fork:57:- vfork:58:- execve:59:221 execveat:322:281
ptrace:101:117 process_vm_readv:310:270 process_vm_writev:311:271 kcmp:312:272 tkill:200:130
rt_sigqueueinfo:129:138 rt_tgsigqueueinfo:297:240 creat:85:- rename:82:- renameat:264:38
renameat2:316:276 unlink:87:- unlinkat:263:35 rmdir:84:- mkdir:83:- mkdirat:258:34 link:86:-
linkat:265:37 symlink:88:- symlinkat:266:36 mknod:133:- mknodat:259:33 chmod:90:- fchmod:91:52
fchmodat:268:53 chown:92:- fchown:93:55 lchown:94:- fchownat:260:54 truncate:76:45 ftruncate:77:46
bpf:321:280 perf_event_open:298:241 userfaultfd:323:282 unshare:272:97 setns:308:268 mount:165:40
umount2:166:39 pivot_root:155:41 chroot:161:51 keyctl:250:219 add_key:248:217 request_key:249:218
mq_open:240:180 shmget:29:194 shmat:30:196 msgget:68:186 semget:64:190 setpriority:141:140
sched_setaffinity:203:122 init_module:175:105 finit_module:313:273 kill:62:129 tgkill:234:131 open:2:-
openat:257:56 clone:56:220 prlimit64:302:261 mmap:9:222 memfd_create:319:279
"""
"""Calls with their numbers on each machine, by Linux's tables; x86 alone still has the older forms."""
_EVERYWHERE = {
    "pidfd_send_signal": 424,
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "pidfd_open": 434,
    "openat2": 437,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "fchmodat2": 452,
}
"""Newer calls have one number on all machines."""
_CLONE3 = 435
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_LOOKED_INTO = ("kill", "tgkill", "open", "openat", "clone", "prlimit64", "mmap")
"""Calls that are refused by what they are asked to do."""


class _Program(ctypes.Structure):
    _fields_ = (("count", ctypes.c_ushort), ("code", ctypes.c_char_p))


def _calls(machine: str) -> dict[str, int]:
    """What is refused or looked into, by name, with the machine's own numbers."""
    column = 1 + _MACHINES.index(machine)
    rows = [row.split(":") for row in _TABLE.split()]
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}


def close(libc: ctypes.CDLL) -> str | None:
    """Lay the filter over this process, for good. Returns why not."""
    machine = platform.machine()
    if machine not in _MACHINES:
        return f"no table of calls for {machine}"
    code = program(machine, os.getpid())
    laid = _Program(len(code) // 8, code)
    if libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(laid), 0, 0):
        return os.strerror(ctypes.get_errno())
    return None


def program(machine: str, pid: int) -> bytes:
    """The filter in BPF, for a process of this id."""
    calls = _calls(machine)
    lines = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, _ARCHITECTURES[machine], 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":
        lines += [_step(_AT_LEAST, _X32, 0, 1), _refuse()]
    for name, number in {**calls, **_EVERYWHERE}.items():
        if name not in _LOOKED_INTO:
            lines += [_step(_EQUAL, number, 0, 1), _refuse()]
    # Its arguments lie where a filter can't see them: without it, threads are started by `clone`.
    lines += [_step(_EQUAL, _CLONE3, 0, 1), _refuse(errno.ENOSYS)]
    lines += _only(calls["kill"], 0, _EQUAL, pid)
    lines += _only(calls["tgkill"], 0, _EQUAL, pid)
    lines += _only(calls["clone"], 0, _ANY_BIT, _THREAD)
    lines += _only(calls["prlimit64"], 0, _EQUAL, 0)
    lines += _unless(calls["openat"], 2, _ANY_BIT, _WRITES)
    lines += _unless(calls["mmap"], 3, _ANY_BIT, _SHARED)
    if "open" in calls:
        lines += _unless(calls["open"], 1, _ANY_BIT, _WRITES)
    return b"".join([*lines, _step(_RETURN, _ALLOW)])


def _only(call: int, argument: int, test: int, value: int) -> list[bytes]:
    """Allow a call only where the test of an argument holds."""
    return [
        _step(_EQUAL, call, 0, 4),
        _step(_LOAD, _ARGUMENTS + 8 * argument),
        _step(test, value, 1, 0),
        _refuse(),
        _step(_RETURN, _ALLOW),
    ]


def _unless(call: int, argument: int, test: int, value: int) -> list[bytes]:
    """Refuse a call where the test of an argument holds."""
    return [
        _step(_EQUAL, call, 0, 4),
        _step(_LOAD, _ARGUMENTS + 8 * argument),
        _step(test, value, 0, 1),
        _refuse(),
        _step(_RETURN, _ALLOW),
    ]


def _refuse(error: int = errno.EPERM) -> bytes:
    return _step(_RETURN, _ERROR | error)


def _step(what: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", what, if_so, if_not, value)

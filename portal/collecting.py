"""What a process spends on memory: how often it looks for garbage, how many stores threads have."""

import contextlib
import ctypes
import gc

ARENAS_OF_GLIBC, ARENAS = -8, 2  # M_ARENA_MAX in malloc.h


def rest() -> None:
    """Hardly look, while a process starts: what it loads stays, and looking takes a fifth of it.

    Threads share two stores of memory. By its own measure the C library gives sixteen of them to
    two processors, each keeps what a page once took, and a portal grows by 10 MiB.
    """
    gc.set_threshold(1_000_000)
    with contextlib.suppress(AttributeError):  # a C library without such stores
        ctypes.CDLL(None).mallopt(ARENAS_OF_GLIBC, ARENAS)


def look_seldom() -> None:
    """Look now and then, but never again through what is loaded by now.

    By its own measure Python stops all threads several times a second to find next to nothing.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)

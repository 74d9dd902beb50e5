"""Processes that begin with what a worker needs imported: forked off one that imported it once."""

from __future__ import annotations

import multiprocessing

FORKED = multiprocessing.get_context("forkserver")
"""Half a second a process instead of four; none inherits anything of a test."""

FORKED.set_forkserver_preload(["api.jobs", "tests.data.test_durability"])

"""granian as `./scripts/run` starts it: its worker process ends with it, even when both our own processes are killed outright."""

from __future__ import annotations

import os
import runpy
import signal

from scripts.guard import die_with_parent

if __name__ == "__main__":
    os.register_at_fork(after_in_child=lambda: die_with_parent(signal.SIGKILL))
    runpy.run_module("granian", run_name="__main__", alter_sys=True)

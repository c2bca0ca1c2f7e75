"""Supervised, reused, killable processes: a Task (a path or bytes) in, a Verdict out, whatever the document does.

    with WorkerPool(settings) as pool:
        verdict = pool.screen(Task("offer.pdf", path=Path("offer.pdf")))

One fork server per pool builds the Screener once, before anything else runs in it; workers are its forks, so a killed
worker is replaced in a few hundredths of a second. Each worker has a limit on address space, CPU and wall time, a
private temporary folder and no network. Nothing that comes back from a worker is unpickled: answers are JSON.
"""

from sluicegate.workers.pool import WorkerPool
from sluicegate.workers.task import PoolStats, Task, printable

__all__ = ["PoolStats", "Task", "WorkerPool", "printable"]

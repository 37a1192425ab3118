"""How pytest-xdist's workers share the tests out."""

from __future__ import annotations

import contextlib

from xdist.scheduler import LoadFileScheduling


class ByFile(LoadFileScheduling):
    """xdist's own, where a worker that dies takes one test along.

    Its own hands the test that killed a worker to the next one, until all of them are dead, and
    stumbles over two that die at once.
    """

    def remove_node(self, node):
        """Hand on what a worker leaves undone, but for the test that it died of, which is given."""
        units = self.assigned_work.pop(node)
        undone = [
            (unit, test) for unit in units.values() for test, done in unit.items() if not done
        ]
        if not undone:
            return None
        unit, deadly = undone[0]
        unit[deadly] = True
        left = {name: unit for name, unit in units.items() if not all(unit.values())}
        self.workqueue.update(left)
        for other in self.assigned_work:
            self._reschedule(other)
        return deadly

    def _reschedule(self, node):
        """A worker that was just started has not yet said which tests it knows."""
        if node in self.registered_collections:
            super()._reschedule(node)

    def _assign_work_unit(self, node):
        """A worker may have died unheard: its work is handed on when its end is told."""
        with contextlib.suppress(OSError):
            super()._assign_work_unit(node)

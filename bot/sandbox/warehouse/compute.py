"""Compute: which warehouse a statement may use, what it costs, and what a resource monitor does about it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.sandbox.warehouse import errors
from bot.sandbox.warehouse.jobs import Job, Jobs
from bot.sandbox.warehouse.metering import Meter
from bot.sandbox.warehouse.monitors import Monitor
from bot.sandbox.warehouse.warehouses import CREDITS_PER_HOUR, MINIMUM_SECONDS, Warehouse

Clock = Callable[[], datetime]


class Compute:
    """All warehouses and resource monitors of the account. Thread-safe."""

    def __init__(self, meter: Meter, jobs: Jobs, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self.warehouses: dict[str, Warehouse] = {}
        self.monitors: dict[str, Monitor] = {}
        self.lock = threading.RLock()
        self.meter = meter
        self._jobs = jobs
        self._clock = clock

    def find(self, name: str) -> Warehouse:
        """The warehouse; refused with 002043 when there is none."""
        if name not in self.warehouses:
            raise errors.object_unusable()
        return self.warehouses[name]

    def use(self, name: str, job: Job) -> Warehouse:
        """Give the job the warehouse's compute, resuming it if its settings and monitor allow; else refuse."""
        with self.lock:
            warehouse = self.find(name)
            if self._blocking(warehouse) or warehouse.state != "STARTED":
                self._start(warehouse, automatic=True)
            job.warehouse = name
            warehouse.last_used = self._clock()
            return warehouse

    def release(self, job: Job) -> None:
        """The job is over; the idle time of its warehouse begins."""
        with self.lock:
            if job.warehouse in self.warehouses:
                self.warehouses[job.warehouse].last_used = self._clock()

    def resume(self, name: str, *, if_suspended: bool) -> None:
        """ALTER WAREHOUSE … RESUME."""
        with self.lock:
            warehouse = self.find(name)
            if warehouse.state == "STARTED":
                if not if_suspended:
                    raise errors.already_started(name)
                return
            self._start(warehouse, automatic=False)

    def suspend(self, name: str) -> None:
        """ALTER WAREHOUSE … SUSPEND: running statements finish, new ones need a resume."""
        with self.lock:
            warehouse = self.find(name)
            if warehouse.state == "SUSPENDED":
                raise errors.already_suspended(name)
            self._charge(warehouse, self._clock())
            warehouse.suspend(self._clock())

    def tick(self) -> None:
        """Charge what runs, let monitors act, suspend what is idle."""
        with self.lock:
            now = self._clock()
            for warehouse in self.warehouses.values():
                if warehouse.state == "STARTED":
                    self._charge(warehouse, now)
            self.recount()
            for warehouse in self.warehouses.values():
                self._settle(warehouse, now)

    def recount(self) -> None:
        """Read every monitor's used credits from the meter."""
        with self.lock:
            now = self._clock()
            for monitor in self.monitors.values():
                since = monitor.period_start(now)
                monitor.used = self.meter.used(self.watched_by(monitor.name), since)

    def watched_by(self, monitor: str) -> list[str]:
        """Names of the warehouses the monitor is set on."""
        return [w.name for w in self.warehouses.values() if w.monitor == monitor]

    def _blocking(self, warehouse: Warehouse) -> Monitor | None:
        monitor = self.monitors.get(warehouse.monitor or "")
        return monitor if monitor and monitor.blocks() else None

    def _start(self, warehouse: Warehouse, *, automatic: bool) -> None:
        if monitor := self._blocking(warehouse):
            raise errors.over_quota(warehouse.name, monitor.name)
        if automatic and not warehouse.auto_resume:
            raise errors.warehouse_suspended(warehouse.name)
        now = self._clock()
        warehouse.start(now)
        minute = CREDITS_PER_HOUR[warehouse.size] * MINIMUM_SECONDS / 3600
        self.meter.add(warehouse.name, minute, now)
        warehouse.metered_until = now + timedelta(seconds=MINIMUM_SECONDS)

    def _charge(self, warehouse: Warehouse, now: datetime) -> None:
        seconds = (now - warehouse.metered_until).total_seconds()
        if seconds > 0:
            self.meter.add(warehouse.name, CREDITS_PER_HOUR[warehouse.size] * seconds / 3600, now)
            warehouse.metered_until = now

    def _settle(self, warehouse: Warehouse, now: datetime) -> None:
        if warehouse.state != "STARTED":
            return
        running = self._jobs.on(warehouse.name)
        monitor = self._blocking(warehouse)
        if monitor and monitor.cancels():
            for job in running:
                job.stop(errors.cancelled())
            warehouse.suspend(now)
        elif not running and (monitor or warehouse.idle_too_long(now)):
            warehouse.suspend(now)

"""What a health check came to: seen, wanted and a verdict, under the name of the check and of the machine."""

from __future__ import annotations

# Every check with what it is about, in the order in which one failure explains the next.
HARDWARE = {
    "bmc": "The BMC",
    "power": "The power",
    "power_supplies": "The power supplies",
    "fans": "The fans",
    "temperatures": "The temperatures",
    "disks": "The disks",
    "memory_modules": "The memory modules",
    "hardware": "The hardware",
    "event_log": "The event log of the BMC",
    "bmc_certificate": "The certificate of the BMC",
    "bios": "The BIOS attributes",
    "firmware": "The firmware",
}
MACHINE = {
    "login": "The login",
    "space": "The disk space",
    "inodes": "The inodes",
    "clock": "The clock",
    "kernel": "The kernel's log",
    "services": "The services",
    "units": "The units",
    "memory": "The memory",
    "certificates": "The certificates",
    "restart": "The restart",
    "virtual_machine": "The deployment VM",
    "nodes": "The cluster",
}
SUBJECTS = {**HARDWARE, **MACHINE}
# Where two hold, the later one counts.
VERDICTS = ("ok", "warn", "failed")


class Checks:
    """The checks of one machine, in the order in which they were made."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.all: list[dict] = []

    def add(self, check: str, verdict: str, seen: str, wanted: str = "", code: str = "", msg: str = "") -> None:
        """Without `msg` a sentence is made of what was seen and wanted."""
        if verdict in ("warn", "failed"):
            msg = msg or f"{SUBJECTS[check]} of {self.host}: {seen}; wanted {wanted}."
        self.all.append({"check": check, "host": self.host, "verdict": verdict, "seen": seen, "wanted": wanted, "code": code if verdict == "failed" else "", "msg": msg or seen})

    def skip(self, check: str, reason: str) -> None:
        self.add(check, "skipped", reason)

    def skip_rest(self, checks, reason: str) -> None:
        """Those of these checks that were not made, with the one reason why."""
        made = {one["check"] for one in self.all}
        for check in checks:
            if check not in made:
                self.skip(check, reason)

    def weigh(self, check: str, parts: list[tuple[str, str]], wanted: str, code: str, fine: str) -> None:
        """One verdict over many parts, each `(verdict, words)`: the worst counts and is told first; `fine` is told where all are ok."""
        worst = max((verdict for verdict, _ in parts), key=VERDICTS.index, default="ok")
        told = [words for verdict, words in sorted(parts, key=lambda part: -VERDICTS.index(part[0])) if verdict != "ok"]
        self.add(check, worst, "; ".join(told) or fine, wanted, code)


def above(value: float, warn: float, fail: float) -> str:
    """The verdict on a figure that should stay low."""
    return "failed" if value >= fail else "warn" if value >= warn else "ok"


def below(value: float, warn: float, fail: float) -> str:
    """The verdict on a figure that should stay high."""
    return "failed" if value <= fail else "warn" if value <= warn else "ok"

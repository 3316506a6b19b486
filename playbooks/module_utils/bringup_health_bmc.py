"""What a BMC tells of the health of its server, judged part by part. Redfish gives both an older and a newer form of most."""

from __future__ import annotations

import datetime
import re

from ansible.module_utils.bringup_health import Checks
from ansible.module_utils.bringup_redfish import Redfish, RedfishError

ROOT = "/redfish/v1"
GRADES = {"OK": "ok", "Warning": "warn", "Critical": "failed"}
# A BMC's system event log: Sel of iDRAC, SEL of others, IML of iLO. Others of theirs hold every login too.
EVENT_LOG = re.compile(r"/(?:sel|iml)$", re.IGNORECASE)
PAGES = 30
# What resources that are not shaped as Redfish has them bring about.
ODD = (KeyError, TypeError, AttributeError, IndexError)


def members(bmc: Redfish, uri: str | None) -> list[dict]:
    """Whole members of a collection or of a list of links; none where there is no such thing."""
    if not uri:
        return []
    return [whole(bmc, one) for one in bmc.get(uri).get("Members") or []]


def whole(bmc: Redfish, member: dict) -> dict:
    return bmc.get(member["@odata.id"]) if set(member) == {"@odata.id"} else member


def link(resource: dict, *names: str) -> str | None:
    for name in names:
        resource = (resource.get(name) or {}) if isinstance(resource, dict) else {}
    return resource.get("@odata.id") if isinstance(resource, dict) else None


def grade(part: dict, name: str = "") -> tuple[str, str]:
    """Verdict and words on a part by its own status; what is not there, or tells nothing, is no fault."""
    status = part.get("Status") or {}
    health = status.get("Health") or status.get("HealthRollup")
    name = name or part.get("Name") or part.get("FanName") or part.get("MemberId") or part.get("Id") or "a part"
    if status.get("State") == "Absent":
        return "ok", f"{name} is absent"
    return GRADES.get(health, "ok"), f"{name} is {health or 'without a verdict'}"


class Server:
    """The server behind a BMC: its system, its chassis and the BMC itself."""

    def __init__(self, bmc: Redfish) -> None:
        self.bmc = bmc
        systems = members(bmc, f"{ROOT}/Systems")
        if not systems:
            raise RedfishError("REDFISH_MALFORMED", f"{bmc.place} knows no system")
        self.system = systems[0]
        links = self.system.get("Links") or {}
        self.chassis = [bmc.get(one["@odata.id"]) for one in links.get("Chassis") or []] or members(bmc, f"{ROOT}/Chassis")
        self.managers = [bmc.get(one["@odata.id"]) for one in links.get("ManagedBy") or []] or members(bmc, f"{ROOT}/Managers")

    def power_supplies(self) -> list[tuple[str, str]]:
        return self._of_chassis("Power", "PowerSupplies", "PowerSubsystem")

    def fans(self) -> list[tuple[str, str]]:
        return self._of_chassis("Thermal", "Fans", "ThermalSubsystem")

    def _of_chassis(self, older: str, name: str, newer: str) -> list[tuple[str, str]]:
        parts = []
        for chassis in self.chassis:
            if link(chassis, older):
                seen = self.bmc.get(str(link(chassis, older)))
                told = [*(seen.get(name) or []), *(one for one in seen.get("Redundancy") or [] if set(one) != {"@odata.id"})]
            else:
                told = members(self.bmc, link(self.bmc.get(str(link(chassis, newer))), name)) if link(chassis, newer) else []
            parts += [grade(one) for one in told]
        return parts

    def temperatures(self) -> list[tuple[str, str]]:
        parts = []
        for chassis in self.chassis:
            if link(chassis, "Thermal"):
                parts += [warmth(one) for one in self.bmc.get(str(link(chassis, "Thermal"))).get("Temperatures") or []]
            elif link(chassis, "ThermalSubsystem"):
                parts.append(grade(self.bmc.get(str(link(chassis, "ThermalSubsystem")))))
        return parts

    def disks(self) -> list[tuple[str, str]]:
        parts = []
        for storage in members(self.bmc, link(self.system, "Storage")):
            parts.append(grade(storage))
            parts += [disk(self.bmc.get(one["@odata.id"])) for one in storage.get("Drives") or []]
            parts += [grade(one, f"volume {one.get('Name') or one.get('Id')}") for one in members(self.bmc, link(storage, "Volumes"))]
        # The controller repeats what its disks say.
        told = [part for part in parts if part[0] != "ok"]
        return parts if not told else told

    def memory_modules(self) -> list[tuple[str, str]]:
        return [grade(one) for one in members(self.bmc, link(self.system, "Memory"))]

    def event_logs(self) -> list[str]:
        """Where the entries of its event logs are."""
        found = []
        for holder in [self.system, *self.managers]:
            services = self.bmc.get(str(link(holder, "LogServices"))).get("Members") or [] if link(holder, "LogServices") else []
            found += [one["@odata.id"] for one in services if EVENT_LOG.search(one["@odata.id"].rstrip("/"))]
        return [str(link(self.bmc.get(uri), "Entries")) for uri in found]

    def critical_events(self, uri: str, since: datetime.datetime) -> list[str]:
        """Critical entries since then; the newest come first in an iDRAC's log, and other makers' are read to the end."""
        found: list[str] = []
        for _ in range(PAGES):
            page = self.bmc.get(uri)
            entries = [whole(self.bmc, one) for one in page.get("Members") or []]
            recent = [one for one in entries if when(one.get("Created")) >= since]
            found += [f"{one.get('Created')} {str(one.get('Message')).strip()}" for one in recent if one.get("Severity") == "Critical"]
            uri = page.get("Members@odata.nextLink") or page.get("@odata.nextLink")
            if not uri or (entries and not recent and when(entries[0].get("Created")) >= when(entries[-1].get("Created"))):
                break
        return found

    def clock(self) -> datetime.datetime:
        """The BMC's own time, in which it stamps its log."""
        told = [when(one.get("DateTime")) for one in self.managers if one.get("DateTime")]
        return told[0] if told else datetime.datetime.now(datetime.timezone.utc)


def when(text: object) -> datetime.datetime:
    """A time of Redfish; the oldest there is where it cannot be read."""
    try:
        moment = datetime.datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)


def warmth(sensor: dict) -> tuple[str, str]:
    verdict, words = grade(sensor)
    reading, limit = sensor.get("ReadingCelsius"), sensor.get("UpperThresholdCritical")
    if isinstance(reading, (int, float)) and isinstance(limit, (int, float)) and limit > 0 and reading >= limit:
        return "failed", f"{sensor.get('Name')} reads {reading:g} °C, its limit is {limit:g} °C"
    return verdict, words + (f" at {reading:g} °C" if isinstance(reading, (int, float)) else "")


def disk(drive: dict) -> tuple[str, str]:
    verdict, words = grade(drive)
    if verdict == "ok" and drive.get("FailurePredicted") is True:
        return "warn", f"{drive.get('Name')} foretells its failure"
    return verdict, words


def judge(found: Checks, bmc: Redfish, since_seconds: float) -> None:
    """Every check of the hardware; a part of which the BMC knows nothing is skipped, and one that it does not answer fails alone."""
    server = Server(bmc)
    found.add("bmc", "ok", "answers and lets in")
    power = str(server.system.get("PowerState"))
    found.add("power", "ok" if power == "On" else "failed", power, "On", "HOST_POWERED_OFF", "" if power == "On" else f"{found.host} is powered off: its BMC says {power}; wanted On.")
    for check, read, code in (
        ("power_supplies", server.power_supplies, "HEALTH_POWER_SUPPLY"),
        ("fans", server.fans, "HEALTH_FAN"),
        ("temperatures", server.temperatures, "HEALTH_TEMPERATURE"),
        ("disks", server.disks, "HEALTH_DISK"),
        ("memory_modules", server.memory_modules, "HEALTH_MEMORY_MODULE"),
    ):
        with_parts(found, check, read, code)
    status = server.system.get("Status") or {}
    rollup = status.get("HealthRollup") or status.get("Health")
    if rollup in GRADES:
        found.add("hardware", GRADES[rollup], f"{rollup} as a whole", "OK", "HEALTH_HARDWARE")
    else:
        found.skip("hardware", "the BMC gives no verdict on the whole")
    judge_events(found, server, since_seconds)


def with_parts(found: Checks, check: str, read, code: str) -> None:
    try:
        parts = read()
    except ODD as error:
        found.add(check, "failed", f"the BMC answers with what Redfish does not allow ({error!r})", "an answer", "REDFISH_MALFORMED")
        return
    except RedfishError as error:
        if error.code == "REDFISH_NOT_FOUND":
            found.skip(check, f"the BMC tells nothing of them: {error}")
        else:
            found.add(check, "failed", str(error), "an answer", error.code)
        return
    if parts:
        found.weigh(check, parts, "every one OK", code, f"{len(parts)} of {len(parts)} OK")
    else:
        found.skip(check, "the BMC tells of none")


def judge_events(found: Checks, server: Server, since_seconds: float) -> None:
    try:
        logs = server.event_logs()
        since = server.clock() - datetime.timedelta(seconds=since_seconds)
        events = [event for uri in logs for event in server.critical_events(uri, since)]
    except ODD as error:
        found.add("event_log", "failed", f"the BMC answers with what Redfish does not allow ({error!r})", "an answer", "REDFISH_MALFORMED")
        return
    except RedfishError as error:
        found.add("event_log", "failed", str(error), "an answer", error.code)
        return
    if not logs:
        found.skip("event_log", "the BMC has no system event log")
    elif events:
        found.add("event_log", "failed", f"{len(events)} critical since the run began: {'; '.join(events[:3])}", "no critical entry", "HEALTH_EVENT_LOG")
    else:
        found.add("event_log", "ok", "no critical entry since the run began")

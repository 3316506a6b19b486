"""BIOS attributes as they are wanted and as they are, and what the registry of the machine takes."""

from __future__ import annotations

import difflib

MAIN = "/redfish/v1/Systems/System.Embedded.1"
JOBS = "/redfish/v1/Managers/iDRAC.Embedded.1/Jobs"
# States of an iDRAC's job that has not ended (module_utils/utils.py of dellemc.openmanage lists them).
OPEN_STATES = ("New", "Scheduling", "Scheduled", "Running", "Starting", "Downloading", "Waiting", "Paused", "ReadyForExecution", "PendingActivation", "RebootPending")
GOOD_STATES = ("Completed", "CompletedWithErrors", "RebootCompleted")


def as_registry_says(value: object, entry: dict) -> object:
    """The value in the type of the registry: YAML and people write 150 as text, and true where an enumeration is meant."""
    kind = entry.get("Type")
    if kind == "Integer" and isinstance(value, str) and value.strip().lstrip("-").isdigit():
        return int(value)
    if kind in ("Enumeration", "String") and isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value


def drift_of(wanted: dict, seen: dict) -> list[dict]:
    """Each attribute that is not as wanted: name, wanted, seen."""
    return [{"name": name, "wanted": value, "seen": seen.get(name)} for name, value in sorted(wanted.items()) if name not in seen or seen[name] != value]


def refusals(wanted: dict, registry: dict[str, dict]) -> list[dict]:
    """Each attribute that the machine would not take: name, wanted, why."""
    found = []
    for name, value in sorted(wanted.items()):
        why = f"there is no such attribute{meant(name, list(registry))}" if name not in registry else value_problem(value, registry[name])
        if why:
            found.append({"name": name, "wanted": value, "why": why})
    return found


def value_problem(value: object, entry: dict) -> str:
    """Why the registry does not take a value; empty when it does."""
    if entry.get("ReadOnly") or entry.get("Immutable"):
        return "it can only be read"
    kind = entry.get("Type")
    if kind == "Enumeration":
        names = [str(option.get("ValueName")) for option in entry.get("Value") or []]
        return "" if value in names else f"it takes {', '.join(names)}{meant(str(value), names)}"
    if kind == "Integer":
        low, high = entry.get("LowerBound"), entry.get("UpperBound")
        if isinstance(value, bool) or not isinstance(value, int):
            return "it takes a whole number"
        if (low is not None and value < low) or (high is not None and value > high):
            return f"it takes {low} to {high}"
    if kind == "Boolean" and not isinstance(value, bool):
        return "it takes true or false"
    if kind in ("String", "Password"):
        if not isinstance(value, str):
            return "it takes text"
        if len(value) > (entry.get("MaxLength") or len(value)):
            return f"it takes at most {entry['MaxLength']} characters"
    return ""


def meant(given: str, known: list[str]) -> str:
    lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(given.lower(), list(lower), n=1, cutoff=0.6)
    return f"; did you mean {lower[near[0]]}?" if near else ""


def words(entries: list[dict], most: int = 6) -> str:
    """A drift in words: `BootMode is Bios, wanted Uefi`."""
    shown = [f"{one['name']} is {'not there' if one['seen'] is None else one['seen']}, wanted {one['wanted']}" for one in entries[:most]]
    return "; ".join(shown) + (f"; and {len(entries) - most} more" if len(entries) > most else "")

"""BIOS attributes as they are wanted and as they are, and what the registry of the machine takes."""

from __future__ import annotations

import difflib

from ansible.module_utils import bringup_bios_locks as locks

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


def judge(wanted: dict, seen: dict, registry: dict[str, dict], dependencies: dict[str, list[dict]]) -> dict:
    """What can be set now, what only once that is done, and what the machine would not take.

    refused: name, wanted, why. changes: what to set now, by name. later: what is locked until then, with the reason. follows: what a change of
    another attribute brings about anyway.
    """
    refused, changes, later, follows = [], {}, {}, []
    expected = {**seen, **wanted}
    changing = {one["name"] for one in drift_of(wanted, seen)}
    for name, value in sorted(wanted.items()):
        entry, hangs = registry.get(name), dependencies.get(name) or []
        why = f"there is no such attribute{meant(name, list(registry))}" if entry is None else value_problem(value, entry)
        if not why and name in changing:
            if str(value) == locks.forced_by(hangs, expected) and changing.intersection(locks.deciding(hangs)):
                follows.append(name)
                continue
            why = lock_words(entry, hangs, expected, wanted, changing)
            if not why and entry.get("ReadOnly"):
                later[name] = f"it cannot be set while {locks.condition_words(locks.lock_of(hangs, seen)) or 'the server is set as it is now'}"
            elif not why:
                changes[name] = value
        if why:
            refused.append({"name": name, "wanted": value, "why": why})
    return {"refused": refused, "changes": changes, "later": later, "follows": follows}


def lock_words(entry: dict, hangs: list[dict], expected: dict, wanted: dict, changing: set[str]) -> str:
    """Why an attribute could not be set even after all the others were; empty where it could."""
    masters = locks.masters_of(hangs)
    if entry.get("Immutable") or (entry.get("ReadOnly") and not masters):
        return "it can only be read"
    held = locks.lock_of(hangs, expected)
    # The mark tells what the present settings lock; beside them only a change of our own can.
    if held and (entry.get("ReadOnly") or changing.intersection(name for name, _, _ in held)):
        own = all(name in wanted for name, _, _ in held)
        names = " and ".join(sorted({name for name, _, _ in held}))
        remedy = "as the profile wants too; remove one of the two" if own else f"let the profile set {names} as well"
        return f"it cannot be set while {locks.condition_words(held)}, {remedy}"
    if entry.get("ReadOnly") and not changing.intersection(masters):
        return f"it cannot be set as the server is set now, which hangs on {' and '.join(masters)}"
    return ""


def value_problem(value: object, entry: dict) -> str:
    """Why the registry does not take a value, whether or not it can be set now; empty when it does."""
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

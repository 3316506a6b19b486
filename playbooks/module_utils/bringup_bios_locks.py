"""What the settings of a BIOS do to each other: an attribute may be read-only until another one is set, or get its value from it.

An iDRAC marks an attribute ReadOnly in its registry as long as the present settings lock it, and says in the Dependencies which ones
do. Conditions without MapTerms are alternatives, as in the registries of Dell.
"""

from __future__ import annotations

LOCKS = ("ReadOnly", "Immutable", "GrayOut", "Hidden")
WORDS = {"EQU": "is", "NEQ": "is not", "GTR": "is above", "GEQ": "is at least", "LSS": "is below", "LEQ": "is at most"}


def dependencies_of(entries: dict) -> dict[str, list[dict]]:
    """RegistryEntries by the attribute that a dependency is about: property, value, groups of conditions of which one has to hold whole."""
    found: dict[str, list[dict]] = {}
    for one in entries.get("Dependencies") or []:
        told = one.get("Dependency") or {}
        groups: list[list[tuple[str, str, str]]] = []
        for term in told.get("MapFrom") or []:
            condition = (str(term.get("MapFromAttribute")), str(term.get("MapFromCondition")), str(term.get("MapFromValue")))
            if term.get("MapTerms") == "AND" and groups:
                groups[-1].append(condition)
            else:
                groups.append([condition])
        if one.get("Type") == "Map" and groups:
            found.setdefault(str(told.get("MapToAttribute")), []).append({"property": told.get("MapToProperty"), "value": str(told.get("MapToValue")), "groups": groups})
    return found


def lock_of(dependencies: list[dict], values: dict) -> list[tuple[str, str, str]]:
    """Conditions by which an attribute can only be read with these values; empty where it can be set."""
    holding = (group for one in locks_in(dependencies) for group in one["groups"] if all(holds(term, values) for term in group))
    return next(holding, [])


def forced_by(dependencies: list[dict], values: dict) -> str | None:
    """What the BIOS makes an attribute with these values of others, where they decide it."""
    holding = (one["value"] for one in dependencies if one["property"] == "CurrentValue" and any(all(holds(term, values) for term in group) for group in one["groups"]))
    return next(holding, None)


def masters_of(dependencies: list[dict]) -> list[str]:
    """Attributes on which it hangs whether one can be set."""
    return sorted({term[0] for one in locks_in(dependencies) for group in one["groups"] for term in group})


def deciding(dependencies: list[dict]) -> set[str]:
    """Attributes that decide the value of one."""
    return {term[0] for one in dependencies if one["property"] == "CurrentValue" for group in one["groups"] for term in group}


def locks_in(dependencies: list[dict]) -> list[dict]:
    return [one for one in dependencies if one["property"] in LOCKS and one["value"].lower() == "true"]


def holds(condition: tuple[str, str, str], values: dict) -> bool:
    name, operator, value = condition
    seen = values.get(name)
    if seen is None:
        return False
    if operator in ("EQU", "NEQ"):
        return (str(seen) == value) == (operator == "EQU")
    try:
        left, right = float(seen), float(value)
    except (TypeError, ValueError):
        return False
    return {"GTR": left > right, "GEQ": left >= right, "LSS": left < right, "LEQ": left <= right}.get(operator, False)


def condition_words(group: list[tuple[str, str, str]]) -> str:
    return " and ".join(f"{name} {WORDS.get(operator, operator)} {value}" for name, operator, value in group)

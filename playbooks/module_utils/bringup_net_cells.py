"""From the rows of all machines to the cells that a run keeps: short where all is well, the ports of a leg in one."""

from __future__ import annotations

# Tests between two machines; the others are about the machine itself and what serves it.
LEGS = {"reach", "loss", "latency", "mtu", "bandwidth"}
STATUS = {"ok": "ok", "failed": "failed", "not-tested": "not-tried"}
SYNCHRONISED = "synchronised: "


def cells_of(rows: list[dict], present: list[str]) -> dict[str, list[dict]]:
    """
    `{host: [{from, to, probe, at, status, seen, wanted}]}` by the machine that tells them: the one that tested, or the first
    that is present. `at` is a network, an address or a server.
    """
    cells = [cell(row) for row in rows if row["test"] != "port"] + port_cells([row for row in rows if row["test"] == "port"])
    found: dict[str, list[dict]] = {}
    for one in cells:
        teller = one["from"] if one["from"] in present else present[0]
        found.setdefault(teller, []).append({name: value for name, value in one.items() if value})
    return found


def cell(row: dict) -> dict:
    status = STATUS[row["status"]]
    place = {"from": row["from"], "probe": row["test"], "status": status, "wanted": "" if status == "ok" else row["wanted"]}
    if row["test"] in LEGS and row["to"] != row["from"]:
        return {**place, "to": row["to"], "at": row["network"], "seen": figure(row)}
    if row["test"] == "mtu":
        return {**place, "probe": "interface", "at": row["network"], "seen": f"takes packets of {row['seen']} bytes", "wanted": f"{row['wanted']} bytes"}
    at = row["network"] if row["test"] in ("interface", "vlan") else row["to"]
    return {**place, "at": at, "seen": row["seen"].removeprefix(SYNCHRONISED) if row["test"] == "ntp" else row["seen"]}


def figure(row: dict) -> str:
    """The figure alone where nothing is wrong; of lost packets always their share."""
    if row["test"] == "loss":
        return f"{row['percent']:g} %"
    return f"{row['largest']} bytes" if row["test"] == "mtu" and row["status"] == "ok" else row["seen"]


def port_cells(rows: list[dict]) -> list[dict]:
    legs: dict[tuple, list[dict]] = {}
    for row in rows:
        legs.setdefault((row["from"], row["to"], row["network"]), []).append(row)
    return [ports_of_leg(leg, tried) for leg, tried in legs.items()]


def ports_of_leg(leg: tuple, rows: list[dict]) -> dict:
    """The worst counts; ports that are not open are named."""
    good = [row for row in rows if row["status"] == "ok"]
    bad = [row for row in rows if row["status"] == "failed"]
    untried = len(rows) - len(good) - len(bad)
    told = [f"{row['port']} {row['seen']}" for row in bad] + [f"{len(good)} of {len(rows)} open"] + ([f"{untried} not tried"] if untried else [])
    status = "failed" if bad else "ok" if good else "not-tried"
    place = {"from": leg[0], "to": leg[1], "at": leg[2], "probe": "ports"}
    return {**place, "status": status, "seen": ", ".join(told), "wanted": "all open" if bad else ""}

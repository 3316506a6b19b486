"""Blames the machine that most of the failing legs have in common, so that one bad cable is one fault."""

from __future__ import annotations

from typing import Callable


def cover(rows: list[dict], machines: list[dict], code: str, tell: Callable[[str, list[str], list[dict]], str]) -> list[dict]:
    """`[{host, code, msg, network}]` for the failed rows of one test, network by network."""
    found = []
    for network in dict.fromkeys(row["network"] for row in rows):
        here = [row for row in rows if row["network"] == network]
        bad = [row for row in here if row["status"] == "failed" and (row.get("reason") == "icmp") is (code == "NET_PING_BLOCKED")]
        good = {frozenset((row["from"], row["to"])) for row in here if row["status"] == "ok"}
        while bad:
            host = most_blamed(bad, good, machines)
            mine = [row for row in bad if host in (row["from"], row["to"])]
            others = list(dict.fromkeys(row["to"] if row["from"] == host else row["from"] for row in mine))
            found.append({"host": host, "code": code, "msg": tell(host, others, mine), "network": network})
            bad = [row for row in bad if row not in mine]
    return found


def most_blamed(bad: list[dict], good: set[frozenset], machines: list[dict]) -> str:
    """The machine with most failing legs; of several the one with fewest good ones, then a target server, then the later one."""
    legs = {frozenset((row["from"], row["to"])) for row in bad}
    places = {machine["name"]: (machine["target"], place) for place, machine in enumerate(machines)}
    names = {name for leg in legs for name in leg}

    def rank(name: str) -> tuple:
        return (sum(name in leg for leg in legs), -sum(name in leg for leg in good), places.get(name, (False, -1)))

    return max(names, key=rank)

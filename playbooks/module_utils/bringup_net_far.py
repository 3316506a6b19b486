"""Tests between machines: reachability, latency, loss, packet size, ports."""

from __future__ import annotations

import statistics
from concurrent.futures import ThreadPoolExecutor

from ansible.module_utils.bringup_net_ping import SMALL, Pinger
from ansible.module_utils.bringup_net_plan import ports_between
from ansible.module_utils.bringup_net_ports import SSH, knock, try_port

FEW, MANY, SECONDS = 20, 100, 1.0
# Above this share of lost packets one that does not pass says nothing about its size.
TOO_LOSSY = 20


def test_legs(me: dict, ways: list[dict], limits: dict) -> tuple[list[dict], dict[str, bool]]:
    """Rows of every leg; and by the address of those that answered, whether packets are lost on the way."""
    rows, reached = [], {}
    for source in sorted({way["source"] for way in ways}):
        legs = {way["address"]: way for way in ways if way["source"] == source}
        pinger = Pinger(source)
        try:
            for address, seen in measure(pinger, legs).items():
                # Some sites forbid echo requests and nothing else.
                seen["alive"] = bool(seen["trips"]) or knock(source, address, SSH)
                rows += judge(me, legs[address], seen, limits)
                if seen["alive"]:
                    reached[address] = seen["loss"] > limits["max_loss_percent"]
        finally:
            pinger.close()
    return rows, reached


def measure(pinger: Pinger, legs: dict[str, dict]) -> dict[str, dict]:
    """
    `{trips, sent, loss, largest, hint, error}` by address. Where one of a few packets was lost, many more decide alone: a
    machine that was asleep for a moment has no bad cable.
    """
    seen = {}
    for count, seconds in ((FEW, SECONDS), (MANY, 2 * SECONDS)):
        again = [address for address in legs if address not in seen or len(seen[address]["trips"]) < FEW]
        for address, answers in (pinger.burst({address: [SMALL] for address in again}, count, seconds) if again else {}).items():
            trips = [trip for _size, trip in answers]
            loss = 100 * (1 - len(trips) / count)
            seen[address] = {"trips": trips, "sent": count, "loss": loss, "error": pinger.errors.get(address)}
    pinger.hints = {}
    largest = pinger.largest({address: way["mtu"] for address, way in legs.items() if seen[address]["loss"] <= TOO_LOSSY})
    for address, one in seen.items():
        one["largest"], one["hint"] = largest.get(address), pinger.hints.get(address)
    return seen


def judge(me: dict, way: dict, seen: dict, limits: dict) -> list[dict]:
    rows: list[dict] = []

    def row(test: str, status: str, said: str, wanted: str, **more: object) -> None:
        place = {"from": me["name"], "to": way["to"], "test": test, "network": way["network"], "address": way["address"]}
        rows.append({**place, "seen": said, "wanted": wanted, "status": status, **more})

    answered = len(seen["trips"])
    if not answered:
        how = ", but TCP is answered" if seen["alive"] else f" ({seen['error']})" if seen["error"] else ""
        row("reach", "failed", f"no answer to {seen['sent']} echo requests{how}", "an answer", reason="icmp" if seen["alive"] else "")
        return rows
    row("reach", "ok", "answers", "an answer")
    good = seen["loss"] <= limits["max_loss_percent"]
    row("loss", "ok" if good else "failed", f"{seen['sent'] - answered} of {seen['sent']} lost", f"at most {limits['max_loss_percent']:g} %",
        percent=round(seen["loss"], 1))
    median = statistics.median(seen["trips"]) * 1000
    quick = median <= limits["max_latency_ms"]
    row("latency", "ok" if quick else "failed", f"{median:.2f} ms", f"at most {limits['max_latency_ms']:g} ms", milliseconds=round(median, 2))
    if seen["largest"] is None:
        row("mtu", "not-tested", "too many packets are lost", f"{way['mtu']} bytes")
        return rows
    told = f", {seen['hint'][0]} says it takes {seen['hint'][1]}" if seen["hint"] else ""
    passes = seen["largest"] >= way["mtu"]
    row("mtu", "ok" if passes else "failed", f"{seen['largest']} bytes pass{told}", f"{way['mtu']} bytes", largest=seen["largest"])
    return rows


def test_ports(me: dict, ways: list[dict], reached: dict[str, bool], everybody: list[dict], rules: list[dict], listening: dict, token: str) -> list[dict]:
    """A connection to every port that has to be open between the roles of two target servers."""
    by_name = {point["name"]: point for point in everybody}
    tries = [(way, protocol, port) for way in ways if way["address"] in reached for protocol, port in ports_between(me, by_name[way["to"]], rules)]
    with ThreadPoolExecutor(max_workers=64) as pool:
        asked = [pool.submit(try_port, protocol, way["source"], way["address"], port, token) for way, protocol, port in tries]
        answers = [one.result() for one in asked]
    return [
        port_row(me, way, f"{protocol}/{port}", answer, listening.get(way["to"], {}), reached[way["address"]])
        for (way, protocol, port), answer in zip(tries, answers)
    ]


def port_row(me: dict, way: dict, port: str, answer: dict, there: dict, lossy: bool) -> dict:
    """
    Without a listener of ours on the other side silence and refusal prove nothing, but an open port does; nor does
    silence where packets are lost anyway.
    """
    status, result = "ok", answer["result"]
    expected = port in there.get("listening", [])
    if answer["by"] is not None and answer["by"] != way["to"]:
        status, result = "failed", f"answered by {answer['by']}"
    elif result == "mute":
        status, result = ("not-tested", "connected, but no word came") if expected else ("ok", "open")
    elif expected and result == "open" and answer["by"] is None:
        status, result = "failed", "answered by somebody else"
    elif result == "silent" and lossy:
        status, result = "not-tested", "silent, and packets are lost on the way"
    elif result != "open":
        status = "failed" if expected or (port in there.get("taken", []) and port.startswith("tcp")) else "not-tested"
    return {"from": me["name"], "to": way["to"], "test": "port", "network": way["network"], "address": way["address"], "port": port, "seen": result,
            "wanted": "open", "status": status}

"""Tests within one network: the interface, who holds which address, the gateway, addresses that must be free."""

from __future__ import annotations

import ipaddress

from ansible.module_utils.bringup_net_arp import who_has
from ansible.module_utils.bringup_net_links import addresses, has_link, mac_of, macs, macs_below, mtu_of


def test_link(me: dict, entry: dict, network: dict, ways: list[dict], vips: list[dict]) -> tuple[list[dict], bool]:
    """Rows of one interface of the site file, and whether its address can be tested from."""

    def row(test: str, to: str, status: str, seen: str, wanted: str, **more: str) -> dict:
        return {"from": me["name"], "to": to, "test": test, "network": network["name"], "seen": seen, "wanted": wanted, "status": status, **more}

    prefix = ipaddress.ip_network(network["cidr"]).prefixlen
    address, mac = entry.get("address"), entry.get("mac", "").lower()
    place = f"{entry.get('name', 'interface')} ({mac})" if mac else entry.get("name", "an interface")
    if not address:
        present = mac in macs().values()
        return ([] if not mac else [row("interface", me["name"], "ok" if present else "failed", "present" if present else "no such interface", place,
                                        reason="missing")]), False
    wanted, held = f"{address}/{prefix} on {place}", [one for one in addresses() if one["address"] == address]
    if not held:
        seen = f"{mac} is there without it" if mac in macs().values() else f"no interface has {mac}" if mac else "no interface has it"
        return [row("interface", me["name"], "failed", seen, wanted, reason="address", address=address)], False
    name = held[0]["interface"]
    seen = f"{address}/{held[0]['prefix']} on {name} ({mac_of(name)})"
    faults = [("prefix", held[0]["prefix"] != prefix), ("mac", bool(mac) and mac not in macs_below(name)), ("link", not has_link(name))]
    reason = next((what for what, is_so in faults if is_so), "")
    rows = [row("interface", me["name"], "failed" if reason else "ok", f"{seen}, no link" if reason == "link" else seen, wanted, reason=reason, address=address)]
    if mtu_of(name) < network.get("mtu", 1500):
        rows.append(row("mtu", me["name"], "failed", str(mtu_of(name)), str(network.get("mtu", 1500)), reason="interface", interface=name))
    if reason == "link":
        return rows, False
    near = test_neighbours(row, name, address, network, ways, vips) if mac_of(name) else []
    return rows + near, True


def test_neighbours(row, name: str, address: str, network: dict, ways: list[dict], vips: list[dict]) -> list[dict]:
    """One round of ARP for all that concerns this network."""
    own, gateway, rows = set(macs().values()), network.get("gateway"), []
    free = [vip for vip in vips if ipaddress.ip_address(vip["address"]) in ipaddress.ip_network(network["cidr"])]
    near = [way["address"] for way in ways if not way["routed"]]
    probed = who_has(name, mac_of(name) or "", [address, *(vip["address"] for vip in free)])
    others = sorted(probed[address] - own)
    rows.append(row("duplicate", address, "failed" if others else "ok", f"{', '.join(others)} answers too" if others else "nobody else answers",
                    "one holder", address=address, holder=", ".join(others)))
    for vip in free:
        holders = sorted(probed[vip["address"]])
        mine = bool(set(holders) & own)
        rows.append(row("free-vip", vip["address"], "failed" if holders and not mine else "ok", f"held by {', '.join(holders)}" if holders else "free",
                        f"free, or held by a target server ({vip['name']})", address=vip["address"], holder=", ".join(holders), meant_for=vip["name"]))
    heard = who_has(name, mac_of(name) or "", [*([gateway] if gateway else []), *near[:8]], address, tries=2)
    silent = [target for target in heard if not heard[target]]
    # Where packets are lost, silence is told only after many more questions.
    heard.update(who_has(name, mac_of(name) or "", silent, address, tries=8, wait=0.25) if silent else {})
    if gateway and gateway != address:
        rows.append(row("gateway", gateway, "ok" if heard[gateway] else "failed", ", ".join(sorted(heard[gateway])) or "silent", "an answer to ARP",
                        address=gateway))
    if heard:
        anybody = any(heard.values())
        rows.append(row("vlan", network["name"], "ok" if anybody else "failed", "neighbours answer" if anybody else "nobody answers",
                        f"neighbours in {network['cidr']}" + (f", VLAN {network['vlan']}" if network.get("vlan") else ""), interface=name))
    return rows

"""From the rows of all machines to faults: each told once, at the machine where it is."""

from __future__ import annotations

from ansible.module_utils.bringup_net_cover import cover

# The fault of a machine that explains most comes first.
ORDER = [
    "NET_INTERFACE", "NET_VLAN", "NET_DUPLICATE_ADDRESS", "NET_UNREACHABLE", "NET_GATEWAY", "NET_INTERFACE_MTU", "NET_MTU", "NET_LOSS", "NET_PORT_BLOCKED",
    "NET_PORT_FIREWALL", "NET_PORT_REJECTED", "NET_PORT_FOREIGN", "NET_VIP_TAKEN", "NET_DNS_SILENT", "NET_DNS_DOWN", "DNS_ANSWER", "NTP_OFFSET", "NTP_ANSWER",
    "NET_PING_BLOCKED", "NET_LATENCY", "NET_BANDWIDTH",
]


def faults_of(rows: list[dict], machines: list[dict], macs: dict[str, dict], managed: list[str]) -> list[dict]:
    """
    `[{host, code, msg}]`. `machines` are `{name, target}` in the order of the site; `macs` the hardware addresses that
    each has, by interface; `managed` the services that the deployment VM gives.
    """
    failed = [row for row in rows if row["status"] == "failed"]
    owners = {mac: name for name, held in macs.items() for mac in held.values()}
    found = near_faults(failed, owners, {machine["name"] for machine in machines if machine["target"]})
    # A machine that is not in its network explains what it does not reach there; its own interface explains its packet size.
    lost = {(fault["host"], fault["network"]) for fault in found if fault["code"] in ("NET_INTERFACE", "NET_VLAN")}
    narrow = {(fault["host"], fault["network"]) for fault in found if fault["code"] == "NET_INTERFACE_MTU"}
    found += gateway_faults(rows, lost)
    # Who talks to an address that two machines hold talks now to one, now to the other.
    lost |= {(fault["host"], fault["network"]) for fault in found if fault["code"] == "NET_DUPLICATE_ADDRESS"}
    for test, code, tell in LEG_TESTS:
        skip = lost | narrow if test == "mtu" else lost
        found += cover([row for row in rows if row["test"] == test and row["from"] != row["to"] and not skip & ends(row)], machines, code, tell)
    found += port_faults([row for row in failed if row["test"] == "port" and not lost & ends(row)])
    found += [fault(row["from"], "NET_BANDWIDTH", f"From {row['from']} to {row['to']} in network {row['network']} a short transfer ran at {row['seen']}, "
                    f"wanted {row['wanted']}.") for row in failed if row["test"] == "bandwidth"]
    found += clock_faults(rows)
    found += service_faults([row for row in rows if not is_off(row) or row["to"] in wrong_clocks(rows)], managed)
    return sorted(found, key=lambda one: ORDER.index(one["code"]))


def ends(row: dict) -> set[tuple[str, str]]:
    return {(row["from"], row["network"]), (row["to"], row["network"])}


def fault(host: str, code: str, msg: str, network: str = "") -> dict:
    return {"host": host, "code": code, "msg": msg, "network": network}


def near_faults(failed: list[dict], owners: dict[str, str], targets: set[str]) -> list[dict]:
    found, told = [], set()
    for row in failed:
        host, network = row["from"], row["network"]
        if row["test"] == "interface":
            msg = f"{host} is not in network {network} as the site file says: seen {row['seen']}, wanted {row['wanted']}."
            found.append(fault(host, "NET_INTERFACE", msg, network))
        elif row["test"] == "mtu" and row.get("reason") == "interface":
            msg = f"Interface {row['interface']} of {host} takes packets of {row['seen']} bytes, while network {network} has {row['wanted']} in the site file."
            found.append(fault(host, "NET_INTERFACE_MTU", msg, network))
        elif row["test"] == "vlan":
            msg = f"{host} hears nobody in network {network} on interface {row['interface']}: {row['seen']}, wanted {row['wanted']}."
            found.append(fault(host, "NET_VLAN", msg, network))
        elif row["test"] == "duplicate":
            msg = f"The address {row['address']} of {host} is also held by {holder(row, owners)} in network {network}."
            found.append(fault(host, "NET_DUPLICATE_ADDRESS", msg, network))
        elif row["test"] == "free-vip" and row["address"] not in told and not {owners.get(mac) for mac in row["holder"].split(", ")} <= targets:
            told.add(row["address"])
            msg = f"The address {row['address']}, meant for {row['meant_for']}, is already held by {holder(row, owners)} in network {network}."
            found.append(fault(host, "NET_VIP_TAKEN", msg))
    return found


def holder(row: dict, owners: dict[str, str]) -> str:
    """Whose hardware addresses answered, as far as they belong to machines of the site."""
    told = [f"{owners[mac]} ({mac})" if mac in owners else f"a machine with the MAC address {mac}" for mac in row["holder"].split(", ")]
    return " and ".join(told)


def gateway_faults(rows: list[dict], lost: set[tuple[str, str]]) -> list[dict]:
    found = []
    asked = [row for row in rows if row["test"] == "gateway" and (row["from"], row["network"]) not in lost]
    for network, gateway in dict.fromkeys((row["network"], row["to"]) for row in asked):
        said = [row for row in asked if (row["network"], row["to"]) == (network, gateway)]
        silent, heard = ([row["from"] for row in said if (row["status"] == "failed") is wrong] for wrong in (True, False))
        if silent and not heard:
            found.append(fault(silent[0], "NET_GATEWAY", f"The gateway {gateway} of network {network} answers nobody; asked from {', '.join(silent)}."))
        for host in silent if heard else []:
            found.append(fault(host, "NET_GATEWAY", f"The gateway {gateway} of network {network} does not answer {host}, but answers {', '.join(heard)}."))
    return found


def tell_reach(host: str, others: list[str], rows: list[dict]) -> str:
    return f"{host} and {', '.join(others)} do not reach each other in network {rows[0]['network']}: {rows[0]['seen']} at {rows[0]['address']}."


def tell_ping(host: str, others: list[str], rows: list[dict]) -> str:
    return f"Between {host} and {', '.join(others)} in network {rows[0]['network']} echo requests (ping) are not answered, but TCP is."


def tell_loss(host: str, others: list[str], rows: list[dict]) -> str:
    worst = max(rows, key=lambda row: row["percent"])
    return f"Between {host} and {', '.join(others)} in network {worst['network']} packets are lost: {worst['seen']} to {worst['address']}, wanted {worst['wanted']}."


def tell_latency(host: str, others: list[str], rows: list[dict]) -> str:
    worst = max(rows, key=lambda row: row["milliseconds"])
    return f"Between {host} and {', '.join(others)} in network {worst['network']} a round trip takes {worst['seen']}, wanted {worst['wanted']}."


def tell_mtu(host: str, others: list[str], rows: list[dict]) -> str:
    worst = min(rows, key=lambda row: row["largest"])
    return f"Between {host} and {', '.join(others)} in network {worst['network']} packets of {worst['wanted']} do not get through: {worst['seen']}."


LEG_TESTS = [
    ("reach", "NET_UNREACHABLE", tell_reach), ("reach", "NET_PING_BLOCKED", tell_ping), ("loss", "NET_LOSS", tell_loss),
    ("latency", "NET_LATENCY", tell_latency), ("mtu", "NET_MTU", tell_mtu),
]


def port_faults(failed: list[dict]) -> list[dict]:
    groups: dict[tuple, dict] = {}
    for row in failed:
        group = groups.setdefault((row["to"], row["address"], row["network"], row["seen"]), {"ports": {}, "from": {}})
        group["ports"][row["port"]] = group["from"][row["from"]] = None
    found = []
    for (to, address, network, seen), group in groups.items():
        place = f"From {', '.join(group['from'])} to {to} ({address}) in network {network}"
        ports = ", ".join(group["ports"])
        if seen == "silent":
            code = "NET_PORT_BLOCKED" if " to " in network else "NET_PORT_FIREWALL"
            found.append(fault(to, code, f"{place} nothing comes through to {ports}, where a listener was waiting: a firewall drops it."))
        elif seen in ("refused", "rejected"):
            found.append(fault(to, "NET_PORT_REJECTED", f"{place} connections to {ports} are {seen}, although a listener was waiting: a firewall rejects them."))
        else:
            found.append(fault(to, "NET_PORT_FOREIGN", f"{place} {ports} was {seen} instead of {to}."))
    return found


def clock_faults(rows: list[dict]) -> list[dict]:
    """A clock that is off is a fault of its machine, and told once there."""
    wrong = wrong_clocks(rows)
    own = {row["from"]: row for row in rows if is_off(row) and row["to"] not in wrong}
    return [fault(host, "NTP_OFFSET", f"On {host} {row['seen']}.") for host, row in own.items()]


def wrong_clocks(rows: list[dict]) -> set[str]:
    """Time servers that every one of several machines finds off: then it is rather they that are wrong."""
    asked: dict[str, list[bool]] = {}
    for row in rows:
        if row["test"] == "ntp" and row["status"] != "not-tested":
            asked.setdefault(row["to"], []).append(is_off(row))
    return {server for server, off in asked.items() if len(off) > 1 and all(off)}


def is_off(row: dict) -> bool:
    return row.get("reason") == "offset"


def service_faults(rows: list[dict], managed: list[str]) -> list[dict]:
    found = []
    for test in ("dns", "ntp"):
        failed = [row for row in rows if row["test"] == test and row["status"] == "failed"]
        for server, seen in dict.fromkeys((row["to"], row["reason"] or row["seen"]) for row in failed):
            same = [row for row in failed if row["to"] == server and (row["reason"] or row["seen"]) == seen]
            froms = [row["from"] for row in same]
            code = "NTP_ANSWER" if test == "ntp" else "DNS_ANSWER"
            if test == "dns" and seen == "silent":
                code = "NET_DNS_DOWN" if "dns" in managed else "NET_DNS_SILENT"
            what = "name server" if test == "dns" else "time server"
            found.append(fault(froms[0], code, f"The {what} {server} does not serve {', '.join(froms)}: {same[0]['seen']}."))
    return found

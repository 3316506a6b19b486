"""Who tests what with whom, from the site file: the same answer on every machine."""

from __future__ import annotations

import ipaddress

# Beyond this many target servers not each tries each: the servers of the stack and the next few in order.
FULL_MESH, NEXT = 32, 8


def points(site: dict) -> list[dict]:
    """The machines of the site: `{name, kind, roles, interfaces: [{network, address, mac?}]}`."""
    found = []
    for name, kind, entry in (("kvm-host", "kvm-host", site["kvm_host"]), (site["deployment_vm"]["name"], "deployment-vm", site["deployment_vm"])):
        near = [network for network in site["networks"] if network["name"] == entry["network"] and holds(network, entry["address"])]
        interfaces = [{"network": entry["network"], "address": entry["address"]}] if near else []
        found.append({"name": name, "kind": kind, "roles": [], "interfaces": interfaces})
    for host in site["hosts"]:
        interfaces = [entry for entry in host.get("interfaces", []) if entry.get("network")]
        found.append({"name": host["name"], "kind": "target", "roles": host.get("roles", []), "interfaces": interfaces})
    return found


def holds(network: dict, address: str) -> bool:
    """Whether an address is in a network of the site."""
    return ipaddress.ip_address(address) in ipaddress.ip_network(network["cidr"])


def peers(me: dict, everybody: list[dict]) -> list[dict]:
    """The machines that this one tries."""
    others = [point for point in everybody if point["name"] != me["name"]]
    targets = [point for point in everybody if point["kind"] == "target"]
    if len(targets) <= FULL_MESH:
        return others
    place = targets.index(me) + 1 if me in targets else 0
    near = (targets[place:] + targets)[:NEXT]
    roles = {role for role in (target["roles"][0] for target in targets if target["roles"]) if "server" in role}
    return [one for one in others if one["kind"] != "target" or one in near or roles & set(one["roles"])]


def legs(me: dict, everybody: list[dict], networks: list[dict]) -> list[dict]:
    """
    `{to, network, source, address, mtu, routed}` for each peer: one in each network that both are in; where they share
    none, one through the gateways.
    """
    by_name, found = {network["name"]: network for network in networks}, []
    mine = first_by_network(me)
    for peer in peers(me, everybody):
        theirs = first_by_network(peer)
        shared = [name for name in mine if name in theirs]
        pairs = [(name, name) for name in shared] or [(here, there) for here in list(mine)[:1] for there in list(theirs)[:1]]
        for here, there in pairs:
            mtu = min(by_name[here].get("mtu", 1500), by_name[there].get("mtu", 1500))
            network = here if here == there else f"{here} to {there}"
            found.append({"to": peer["name"], "network": network, "source": mine[here], "address": theirs[there], "mtu": mtu, "routed": here != there})
    return found


def first_by_network(point: dict) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in point["interfaces"]:
        if entry.get("address"):
            found.setdefault(entry["network"], entry["address"])
    return found


def ports_between(sender: dict, receiver: dict, rules: list[dict]) -> list[tuple[str, int]]:
    """Protocol and port of everything that must be open from one target server to another, by their roles."""
    wanted = []
    for rule in rules:
        if set(rule["from"]) & set(sender["roles"]) and set(rule["to"]) & set(receiver["roles"]):
            wanted += [(rule["protocol"], port) for port in rule["ports"]]
    return list(dict.fromkeys(wanted))


def ports_of(receiver: dict, everybody: list[dict], rules: list[dict]) -> list[tuple[str, int]]:
    """Everything that anybody needs open at this server."""
    senders = [point for point in everybody if point["name"] != receiver["name"]]
    return list(dict.fromkeys(port for sender in senders for port in ports_between(sender, receiver, rules)))

#!/usr/bin/python3
"""Takes a DHCP lease on a real interface, checks it, and gives it back; the interface itself is not configured."""

from __future__ import annotations

import fcntl
import ipaddress
import os
import socket
import struct

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.bringup_dhcp import ACK, DISCOVER, NAK, OFFER, OPTIONS, RELEASE, REQUEST, DhcpClient, addresses

DOCUMENTATION = r"""
module: bringup_dhcp_probe
short_description: Check DHCP by taking a lease
description:
  - DISCOVER, OFFER, REQUEST, ACK and RELEASE on a raw socket. Uses an interface without an address, with its own hardware address;
    where there is none, the interface in C(network), with a made-up hardware address so that its own lease is left alone.
options:
  interface: {description: Interface to use instead of looking for one., type: str, default: ""}
  network: {description: Network the lease has to be in., type: str, required: true}
  range: {description: First and last address that may be given., type: list, elements: str, required: true}
  server: {description: Address of the server that has to answer., type: str, required: true}
  options: {description: "router, dns and ntp as lists, domain as text.", type: dict, required: true}
  seconds: {description: How long to wait for an answer., type: float, default: 15}
  linger: {description: "How long to listen after the first offer: another server may be slower than the right one.", type: float, default: 2}
author: [Bringup]
"""
EXAMPLES = r"""
- bringup_dhcp_probe:
    network: 198.18.20.0/24
    range: [198.18.20.100, 198.18.20.199]
    server: 198.18.20.10
    options: {router: [198.18.20.1], dns: [198.18.20.10], ntp: [], domain: lab.example}
"""
RETURN = r"""
lease: {description: "address, server, seconds, interface.", type: dict, returned: success}
"""
SIOCGIFADDR, SIOCGIFFLAGS, SIOCGIFHWADDR, IFF_UP, IFF_RUNNING = 0x8915, 0x8913, 0x8927, 0x1, 0x40


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "interface": {"type": "str", "default": ""},
            "network": {"type": "str", "required": True},
            "range": {"type": "list", "elements": "str", "required": True},
            "server": {"type": "str", "required": True},
            "options": {"type": "dict", "required": True},
            "seconds": {"type": "float", "default": 15},
            "linger": {"type": "float", "default": 2},
        },
        supports_check_mode=True,
    )
    tried = []
    for interface, mac in candidates(module):
        answer, fault = lease(interface, mac, module.params)
        if answer is None:
            tried.append(f"{interface}: {fault}")
            continue
        faults = judge(answer, module.params)
        if faults:
            module.fail_json(code="DHCP_LEASE", msg=f"On {interface}: " + "; ".join(faults))
        told = {
            "interface": interface, "address": answer["address"], "server": answer["server"],
            "seconds": int.from_bytes(answer["options"].get(OPTIONS["lease_time"], b""), "big"),
        }
        module.exit_json(changed=False, lease=told, msg=f"{told['server']} gave {told['address']} on {interface} for {told['seconds']} s; given back")
    module.fail_json(code="DHCP_SILENT", msg=f"No lease from {module.params['server']}: " + ("; ".join(tried) or "no network interface is up"))


def candidates(module: AnsibleModule) -> list[tuple[str, bytes]]:
    """Interfaces to try in order, each with the hardware address to show."""
    network, given = ipaddress.ip_network(module.params["network"]), module.params["interface"]
    free, used = [], []
    for name in sorted(os.listdir("/sys/class/net")):
        mac = ask_kernel(name, SIOCGIFHWADDR)
        flags = ask_kernel(name, SIOCGIFFLAGS)
        # Address family 1 is Ethernet.
        if not mac or struct.unpack_from("H", mac, 16)[0] != 1 or os.path.exists(f"/sys/class/net/{name}/master"):
            continue
        if name != given and (given or struct.unpack_from("H", flags, 16)[0] & (IFF_UP | IFF_RUNNING) != IFF_UP | IFF_RUNNING):
            continue
        held = ask_kernel(name, SIOCGIFADDR)
        if held is None:
            free.append((name, mac[18:24]))
        elif name == given or ipaddress.ip_address(held[20:24]) in network:
            used.append((name, b"\x02\x00" + os.urandom(4)))
    return free + used


def ask_kernel(interface: str, request: int) -> bytes | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        try:
            return fcntl.ioctl(channel, request, struct.pack("256s", interface.encode()))
        except OSError:
            return None


def lease(interface: str, mac: bytes, wanted: dict) -> tuple[dict | None, str]:
    """The acknowledged lease, already released; or None and what happened instead."""
    client = DhcpClient(interface, mac)
    ask_for = {55: bytes(OPTIONS.values())}
    try:
        offer = client.ask(DISCOVER, ask_for, (OFFER,), wanted["seconds"])
        if offer is None:
            return None, f"no offer within {wanted['seconds']:g} s"
        later = list(client.hear((OFFER,), wanted["linger"]))
        chosen = {50: socket.inet_aton(offer["address"]), 54: offer["options"].get(54, b"")}
        answer = client.ask(REQUEST, {**chosen, **ask_for}, (ACK, NAK), wanted["seconds"])
        if answer is None or answer["kind"] == NAK:
            return None, f"{offer['server']} offered {offer['address']}, then {'refused it' if answer else 'was silent'}"
        client.send(RELEASE, {54: chosen[54]}, answer["address"])
        return {**answer, "others": sorted({one["server"] for one in later} - {answer["server"]})}, ""
    finally:
        client.close()


def judge(answer: dict, wanted: dict) -> list[str]:
    options, faults = answer["options"], []
    address, first, last = map(ipaddress.ip_address, (answer["address"], wanted["range"][0], wanted["range"][-1]))
    if not first <= address <= last:
        faults.append(f"the lease is {address}, wanted one from {first} to {last}")
    if answer["server"] != wanted["server"]:
        faults.append(f"{answer['server']} answered, wanted {wanted['server']}: there is another DHCP server on this network")
    elif answer["others"]:
        # Whoever asks is as likely to take that offer: which one comes first is chance.
        faults.append(f"{', '.join(answer['others'])} answered as well, after {wanted['server']}: there is another DHCP server on this network")
    mask = str(ipaddress.ip_network(wanted["network"]).netmask)
    if addresses(options.get(OPTIONS["subnet_mask"], b"")) != [mask]:
        faults.append(f"the netmask is {addresses(options.get(OPTIONS['subnet_mask'], b''))}, wanted {mask}")
    for name in ("router", "dns", "ntp"):
        seen = addresses(options.get(OPTIONS[name], b""))
        if seen != wanted["options"].get(name, []):
            faults.append(f"the {name} option is {', '.join(seen) or 'missing'}, wanted {', '.join(wanted['options'].get(name, [])) or 'none'}")
    domain = options.get(OPTIONS["domain"], b"").rstrip(b"\0").decode("ascii", "replace")
    if domain != wanted["options"].get("domain", ""):
        faults.append(f"the domain is {domain or 'missing'}, wanted {wanted['options'].get('domain')}")
    return faults


if __name__ == "__main__":
    main()

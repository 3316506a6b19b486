"""Watch a network namespace for what asks for anything outside the site: `ready`, then one JSON line for each new finding.

outside.py NETWORK ZONE... [--names]   packets to addresses outside NETWORK; with --names also DNS questions for names outside ZONEs.
"""

import ipaddress
import json
import socket
import struct
import sys

ETH_P_ALL = 3
IPV4, IPV6, UDP = 0x0800, 0x86DD, 17
# linux/if_packet.h; Python does not name them all.
SOL_PACKET, ADD_MEMBERSHIP, PROMISCUOUS = 263, 1, 1


def told(finding, seen=set()):
    """Print a finding once."""
    line = json.dumps(finding, sort_keys=True)
    if line not in seen:
        seen.add(line)
        print(line, flush=True)


def question(payload):
    """Return the name that a DNS query asks for; None where it is an answer or no query."""
    if len(payload) < 17 or payload[2] & 0x80 or struct.unpack("!H", payload[4:6])[0] != 1:
        return None
    labels, at = [], 12
    while at < len(payload) and payload[at]:
        labels.append(payload[at + 1:at + 1 + payload[at]].decode("ascii", "replace"))
        at += 1 + payload[at]
    return ".".join(labels).lower()


def packet(frame):
    """Return source, destination, protocol and what follows the IP header of a frame; None for anything else."""
    kind, body = struct.unpack("!H", frame[12:14])[0], frame[14:]
    if kind == IPV4 and len(body) >= 20:
        header = (body[0] & 15) * 4
        return ipaddress.ip_address(body[12:16]), ipaddress.ip_address(body[16:20]), body[9], body[header:]
    if kind == IPV6 and len(body) >= 40:
        return ipaddress.ip_address(body[8:24]), ipaddress.ip_address(body[24:40]), body[6], body[40:]
    return None


def is_outside(address, network):
    """Say whether an address is one that only another network has."""
    local = address.is_multicast or address.is_link_local or address.is_loopback or address.is_unspecified
    return not local and str(address) != "255.255.255.255" and (address.version == 6 or address not in network)


def main():
    """Read frames until the process is ended."""
    words = [word for word in sys.argv[1:] if word != "--names"]
    network, zones = ipaddress.ip_network(words[0]), words[1:]
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) as wire:
        for index, _name in socket.if_nameindex():
            wire.setsockopt(SOL_PACKET, ADD_MEMBERSHIP, struct.pack("iHH8s", index, PROMISCUOUS, 0, b""))
        print("ready", flush=True)
        while True:
            parts = packet(wire.recv(65536))
            if parts is None:
                continue
            source, target, protocol, rest = parts
            port = struct.unpack("!H", rest[2:4])[0] if protocol in (6, UDP) and len(rest) >= 4 else None
            if is_outside(target, network):
                told({"from": str(source), "to": str(target), "protocol": protocol, "port": port})
            if "--names" in sys.argv and protocol == UDP and port == 53:
                name = question(rest[8:])
                if name is not None and not any(name == zone or name.endswith(f".{zone}") for zone in zones):
                    told({"from": str(source), "name": name})


if __name__ == "__main__":
    main()

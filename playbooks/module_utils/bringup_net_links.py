"""Interfaces and addresses of this machine from the kernel itself, as iproute2 may be missing."""

from __future__ import annotations

import fcntl
import os
import socket
import struct

RTM_NEWADDR, RTM_GETADDR, NLM_F_REQUEST_DUMP, NLMSG_DONE, IFA_LOCAL, IFA_ADDRESS = 20, 22, 0x301, 3, 2, 1
SIOCGIFMTU, SIOCGIFHWADDR, SIOCGIFFLAGS, IFF_RUNNING, ETHERNET = 0x8921, 0x8927, 0x8913, 0x40, 1


def addresses() -> list[dict]:
    """Every IPv4 address: `{interface, address, prefix}`, read over netlink (rtnetlink(7))."""
    names, found = dict(socket.if_nameindex()), []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as channel:
        channel.settimeout(5)
        channel.send(struct.pack("=IHHIIBxxxI", 24, RTM_GETADDR, NLM_F_REQUEST_DUMP, 1, 0, socket.AF_INET, 0))
        while True:
            data = channel.recv(1 << 17)
            while len(data) >= 16:
                length, kind = struct.unpack_from("=IH", data)
                if kind == NLMSG_DONE:
                    return found
                if kind == RTM_NEWADDR:
                    found.append(read_address(data[16:length], names))
                data = data[(length + 3) & ~3 :]


def read_address(message: bytes, names: dict[int, str]) -> dict:
    _family, prefix, _flags, _scope, index = struct.unpack_from("=BBBBI", message)
    values, position = {}, 8
    while position + 4 <= len(message):
        length, kind = struct.unpack_from("=HH", message, position)
        values[kind] = message[position + 4 : position + length]
        position += max(4, (length + 3) & ~3)
    local = values.get(IFA_LOCAL) or values.get(IFA_ADDRESS) or bytes(4)
    return {"interface": names.get(index, str(index)), "address": socket.inet_ntoa(local), "prefix": prefix}


def ask(interface: str, request: int) -> bytes | None:
    """What the kernel says of an interface by ioctl (netdevice(7)), after its name; None where it says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        try:
            return fcntl.ioctl(channel, request, struct.pack("256s", interface.encode()))[16:]
        except OSError:
            return None


def mac_of(interface: str) -> str | None:
    """Hardware address in lower case with colons; None where the interface is no Ethernet."""
    said = ask(interface, SIOCGIFHWADDR)
    if said is None or struct.unpack_from("=H", said)[0] != ETHERNET:
        return None
    return said[2:8].hex(":")


def mtu_of(interface: str) -> int:
    """Largest packet of an interface in bytes, 0 where it is gone."""
    said = ask(interface, SIOCGIFMTU)
    return struct.unpack_from("=i", said)[0] if said else 0


def has_link(interface: str) -> bool:
    """Whether the interface is up and has a carrier."""
    said = ask(interface, SIOCGIFFLAGS)
    return bool(said and struct.unpack_from("=H", said)[0] & IFF_RUNNING)


def macs() -> dict[str, str]:
    """Hardware address of every Ethernet interface, by its name."""
    seen = {name: mac_of(name) for _index, name in socket.if_nameindex()}
    return {name: mac for name, mac in seen.items() if mac}


def macs_below(interface: str) -> set[str]:
    """Hardware addresses of an interface and of the ports that a bond or bridge has, also those a bond hides."""
    base = f"/sys/class/net/{interface}"
    found = {mac_of(interface)}
    for name in [entry[6:] for entry in listing(base) if entry.startswith("lower_")] + listing(f"{base}/brif"):
        found |= macs_below(name)
    try:
        with open(f"{base}/bonding_slave/perm_hwaddr", encoding="ascii") as source:
            found.add(source.read().strip().lower())
    except OSError:
        pass
    return {mac for mac in found if mac}


def listing(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []

"""ARP requests on a raw socket (RFC 826, RFC 5227): who holds an address on this link."""

from __future__ import annotations

import socket
import struct
import time

ETHERNET_ARP, REQUEST = 0x0806, 1
HEADER = struct.pack("!HHBB", 1, 0x0800, 6, 4)


def who_has(interface: str, mac: str, targets: list[str], sender: str = "0.0.0.0", tries: int = 3, wait: float = 0.4) -> dict[str, set[str]]:
    """
    Hardware addresses that answer for each target. With the sender 0.0.0.0 it is an ARP probe: nobody learns anything
    from it. Silent targets are asked again; those that answered too, since a second holder may be late.
    """
    own = bytes.fromhex(mac.replace(":", ""))
    found: dict[str, set[str]] = {target: set() for target in targets}
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETHERNET_ARP)) as link:
        link.bind((interface, ETHERNET_ARP))
        for _try in range(tries):
            for target in targets:
                body = HEADER + struct.pack("!H6s4s6s4s", REQUEST, own, socket.inet_aton(sender), bytes(6), socket.inet_aton(target))
                link.send(b"\xff" * 6 + own + struct.pack("!H", ETHERNET_ARP) + body + bytes(18))
            listen(link, own, found, wait)
    return found


def listen(link: socket.socket, own: bytes, found: dict[str, set[str]], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        link.settimeout(left)
        try:
            frame = link.recv(2048)
        except (TimeoutError, socket.timeout):
            return
        if len(frame) < 42 or frame[14:20] != HEADER or frame[22:28] == own:
            continue
        holder, address = frame[22:28], socket.inet_ntoa(frame[28:32])
        # A gratuitous request or an answer to somebody else tells of the holder just as well; a probe tells of none.
        if address in found:
            found[address].add(holder.hex(":"))

"""DHCP packets on a raw socket (RFC 2131, 2132), for a client on an interface that has no address."""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Iterator

DISCOVER, OFFER, REQUEST, ACK, NAK, RELEASE = 1, 2, 3, 5, 6, 7
OPTIONS = {"subnet_mask": 1, "router": 3, "dns": 6, "domain": 15, "ntp": 42, "lease_time": 51}
MAGIC = b"\x63\x82\x53\x63"
BROADCAST_FLAG = 0x8000


class DhcpClient:
    """One exchange with the servers on one link; `mac` is the client's hardware address as six bytes."""

    def __init__(self, interface: str, mac: bytes) -> None:
        self.mac = mac
        self.exchange = os.urandom(4)
        # ETH_P_ALL would see our own frames too; DHCP travels over IPv4.
        self.link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
        self.link.bind((interface, 0))

    def close(self) -> None:
        """Gives the socket back."""
        self.link.close()

    def ask(self, kind: int, options: dict[int, bytes], wanted: tuple[int, ...], seconds: float, client_address: str = "0.0.0.0") -> dict | None:
        """Sends one message, again every two seconds, until an answer of a wanted kind comes; None when none does."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.send(kind, options, client_address)
            answer = next(self.hear(wanted, min(deadline - time.monotonic(), 2)), None)
            if answer:
                return answer
        return None

    def hear(self, wanted: tuple[int, ...], seconds: float) -> Iterator[dict]:
        """Answers to what was sent before, each as it comes, within so many seconds."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.link.settimeout(left)
            try:
                answer = parse_frame(self.link.recv(65535), self.exchange)
            except (TimeoutError, socket.timeout):
                return
            if answer and answer["kind"] in wanted:
                yield answer

    def send(self, kind: int, options: dict[int, bytes], client_address: str = "0.0.0.0") -> None:
        """Broadcasts one message."""
        body = struct.pack("!BBBB4sHH4s4s4s4s16s192s", 1, 1, 6, 0, self.exchange, 0, BROADCAST_FLAG, socket.inet_aton(client_address),
                           bytes(4), bytes(4), bytes(4), self.mac, b"")
        body += MAGIC + bytes([53, 1, kind])
        body += b"".join(bytes([code, len(value)]) + value for code, value in options.items())
        body += b"\xff" + bytes(max(0, 299 - len(body)))
        self.link.send(frame(self.mac, client_address, body))


def frame(mac: bytes, source: str, body: bytes) -> bytes:
    """Ethernet, IPv4 and UDP around a message to everybody; the UDP checksum is left out, as RFC 768 allows."""
    udp = struct.pack("!HHHH", 68, 67, 8 + len(body), 0)
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28 + len(body), 0, 0, 64, 17, 0, socket.inet_aton(source), b"\xff" * 4)
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return b"\xff" * 6 + mac + b"\x08\x00" + header + udp + body


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def parse_frame(packet: bytes, exchange: bytes) -> dict | None:
    """The server's answer `{kind, address, server, options}` to our exchange; None for any other frame."""
    ip = packet[14:]
    if len(ip) < 28 or ip[9] != 17:
        return None
    udp = ip[(ip[0] & 15) * 4 :]
    body = udp[8:]
    if len(body) < 240 or struct.unpack_from("!H", udp, 2)[0] != 68 or body[0] != 2 or body[4:8] != exchange or body[236:240] != MAGIC:
        return None
    options = parse_options(body[240:])
    if 53 not in options:
        return None
    return {
        "kind": options[53][0],
        "address": socket.inet_ntoa(body[16:20]),
        "server": socket.inet_ntoa(options[54]) if len(options.get(54, b"")) == 4 else "",
        "options": options,
    }


def parse_options(data: bytes) -> dict[int, bytes]:
    """Options by number; stops at the end mark or where the data is cut off."""
    options, position = {}, 0
    while position < len(data) and data[position] != 255:
        if data[position] == 0:
            position += 1
            continue
        if position + 1 >= len(data):
            break
        length = data[position + 1]
        options[data[position]] = data[position + 2 : position + 2 + length]
        position += 2 + length
    return options


def addresses(value: bytes) -> list[str]:
    """A list of IPv4 addresses, four bytes each."""
    return [socket.inet_ntoa(value[start : start + 4]) for start in range(0, len(value) - 3, 4)]

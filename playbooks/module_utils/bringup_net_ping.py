"""Echo requests to many machines at once on a raw socket: round trips, loss, and the largest packet that passes."""

from __future__ import annotations

import errno
import os
import select
import socket
import struct
import time

ECHO, ECHO_REPLY, UNREACHABLE, TOO_BIG = 8, 0, 3, 4
# Sets "do not fragment" and does not heed what was learnt of the path before (ip(7)).
IP_MTU_DISCOVER, IP_PMTUDISC_PROBE = 10, 3
SO_TIMESTAMPNS = 35
HEADERS = 28
SMALL = 84


class Pinger:
    """Pings from one address of this machine; `pace` is the most packets a second."""

    def __init__(self, source: str, pace: float = 500) -> None:
        self.pace = pace
        self.identity = int.from_bytes(os.urandom(2), "big")
        self.sequence = 0
        self.sent: dict[int, tuple[str, int, float]] = {}
        self.replies: dict[str, list[tuple[int, float]]] = {}
        self.errors: dict[str, str] = {}
        self.hints: dict[str, tuple[str, int]] = {}
        self.channel = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self.channel.bind((source, 0))
        self.channel.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE)
        self.channel.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.channel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.channel.setblocking(False)

    def close(self) -> None:
        """Gives the socket back."""
        self.channel.close()

    def burst(self, sizes: dict[str, list[int]], count: int, wait: float) -> dict[str, list[tuple[int, float]]]:
        """
        Sends `count` packets of each size (of the whole IP packet) to each address, and waits at most `wait` seconds for
        the last answers; size and round trip in seconds of those that came.
        """
        self.sent, self.replies, self.errors = {}, {address: [] for address in sizes}, {}
        gap = max(0.02, sum(map(len, sizes.values())) / self.pace)
        for _round in range(count):
            until = time.monotonic() + gap
            for address, of_this in sizes.items():
                for size in of_this:
                    self.send(address, size)
            self.receive(until)
        deadline = time.monotonic() + wait
        while self.sent and time.monotonic() < deadline:
            self.receive(min(deadline, time.monotonic() + 0.02))
        return self.replies

    def send(self, address: str, size: int) -> None:
        self.sequence = (self.sequence + 1) & 0xFFFF
        header = struct.pack("!BBHHH", ECHO, 0, 0, self.identity, self.sequence)
        packet = header + bytes(size - HEADERS)
        packet = packet[:2] + struct.pack("!H", checksum(packet)) + packet[4:]
        self.sent[self.sequence] = (address, size, time.time())
        try:
            self.channel.sendto(packet, (address, 0))
        except OSError as error:
            del self.sent[self.sequence]
            self.errors[address] = errno.errorcode.get(error.errno or 0, str(error))

    def receive(self, until: float) -> None:
        while (left := until - time.monotonic()) > 0:
            if not select.select([self.channel], [], [], left)[0]:
                return
            try:
                packet, extra, _flags, _sender = self.channel.recvmsg(2048, 64)
            except OSError:
                continue
            self.read(packet, arrival(extra))

    def read(self, packet: bytes, arrived: float) -> None:
        body = packet[(packet[0] & 15) * 4 :]
        if len(body) < 8:
            return
        kind, code, _sum, identity, sequence = struct.unpack_from("!BBHHH", body)
        if kind == ECHO_REPLY and identity == self.identity and sequence in self.sent:
            address, size, left = self.sent[sequence]
            if socket.inet_ntoa(packet[12:16]) == address:
                del self.sent[sequence]
                self.replies[address].append((size, max(0.0, arrived - left)))
        elif kind == UNREACHABLE and len(body) >= 36:
            inner = body[8:]
            quoted = inner[(inner[0] & 15) * 4 :]
            if len(quoted) >= 8 and struct.unpack_from("!H", quoted, 4)[0] == self.identity:
                teller, address = socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(inner[16:20])
                if code == TOO_BIG:
                    self.hints[address] = (teller, struct.unpack_from("!H", body, 6)[0])
                else:
                    self.errors[address] = f"ICMP unreachable (code {code}) from {teller}"
                self.sent.pop(struct.unpack_from("!H", quoted, 6)[0], None)

    def largest(self, sizes: dict[str, int]) -> dict[str, int]:
        """
        The largest packet up to the size wanted that passes to each address and back; 0 where not even a small one does.
        Eight sizes a try narrow it down; three packets of each, so that a single lost one is no verdict.
        """
        low, high = dict.fromkeys(sizes, 0), {address: size + 1 for address, size in sizes.items()}
        step = {address: [size] for address, size in sizes.items()}
        while step:
            replies = self.burst(step, 3, 0.4)
            for address, tried in step.items():
                passed = {size for size, _trip in replies[address]}
                low[address] = max(passed, default=low[address])
                high[address] = min([high[address], *(size for size in tried if size not in passed and size > low[address])])
            step = {address: between(max(SMALL - 1, low[address]), high[address]) for address in step if high[address] - max(SMALL - 1, low[address]) > 1}
        # Before a path is called narrow it gets another chance, in case its end was asleep.
        narrow = {address: [size] for address, size in sizes.items() if low[address] < size}
        for address, answers in (self.burst(narrow, 5, 1.5) if narrow else {}).items():
            low[address] = sizes[address] if answers else low[address]
        return low


def between(low: int, high: int) -> list[int]:
    """At most eight whole numbers spread between two others."""
    return sorted({low + (high - low) * part // 9 for part in range(1, 9)} - {low}) if high - low > 9 else list(range(low + 1, high))


def arrival(extra: list[tuple[int, int, bytes]]) -> float:
    """When the kernel saw the packet; this program may have been asleep then."""
    for level, kind, data in extra:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS and len(data) >= 16:
            seconds, nanoseconds = struct.unpack_from("=qq", data)
            return seconds + nanoseconds / 1e9
    return time.time()


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f"!{len(data) // 2}H", data[: len(data) & ~1]))
    if len(data) % 2:
        total += data[-1] << 8
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF

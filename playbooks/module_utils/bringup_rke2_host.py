"""What a server tells of itself, read from /proc: no program is needed for it."""

from __future__ import annotations

import os
import re


def default_route() -> bool:
    """An IPv4 or IPv6 default route."""
    for path, column, wanted in (("/proc/net/route", 1, "00000000"), ("/proc/net/ipv6_route", 0, "0" * 32)):
        try:
            with open(path, encoding="ascii") as source:
                rows = [line.split() for line in source]
        except FileNotFoundError:
            continue
        # The kernel lists an unreachable IPv6 default on lo, which is none.
        if any(row[column] == wanted and row[-1] != "lo" and (column == 1 or row[1] == "00") for row in rows):
            return True
    return False


def memory_mib() -> int:
    return meminfo("MemTotal")


def swap_mib() -> int:
    return meminfo("SwapTotal")


def meminfo(key: str) -> int:
    with open("/proc/meminfo", encoding="ascii") as source:
        return int(re.search(rf"^{key}:\s+(\d+) kB", source.read(), re.MULTILINE)[1]) >> 10


def holders(kind: str, ports: list[int]) -> dict[int, str]:
    """Who listens on these TCP or UDP ports: a program's name and number, by port."""
    inodes = {}
    for path in (f"/proc/net/{kind}", f"/proc/net/{kind}6"):
        try:
            with open(path, encoding="ascii") as source:
                rows = [line.split() for line in source][1:]
        except FileNotFoundError:
            continue
        for row in rows:
            port = int(row[1].rpartition(":")[2], 16)
            # 0A is TCP_LISTEN, 07 what the kernel shows for an unconnected UDP socket.
            if port in ports and row[3] == ("0A" if kind == "tcp" else "07"):
                inodes[row[9]] = port
    owners = processes(set(inodes))
    # A UDP port without a process is the kernel's own, as for a VXLAN that a stopped node left.
    unknown = {} if kind == "udp" else {inode: "a process that cannot be seen from here" for inode in inodes}
    return {inodes[inode]: holder for inode, holder in {**unknown, **owners}.items()}


def processes(inodes: set[str]) -> dict[str, str]:
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc") if inodes else []):
        try:
            for handle in os.listdir(f"/proc/{pid}/fd"):
                inode = os.readlink(f"/proc/{pid}/fd/{handle}").removeprefix("socket:[").rstrip("]")
                if inode in inodes:
                    with open(f"/proc/{pid}/comm", encoding="utf-8") as source:
                        found[inode] = f"{source.read().strip()} (process {pid})"
        except OSError:
            continue
    return found

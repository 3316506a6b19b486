"""What the KVM host can tell of a VM without the VM's help: its state, its processor, its console, who holds its address."""

from __future__ import annotations

import re
import subprocess

from ansible.module_utils.bringup_virsh import virsh


def qemu_age(domain: str) -> float:
    """Seconds since the VM's process was started; OSError or ValueError when it cannot be told."""
    with open(f"/run/libvirt/qemu/{domain}.pid", encoding="ascii") as source:
        pid = int(source.read())
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat, open("/proc/uptime", encoding="ascii") as uptime:
        return float(uptime.read().split()[0]) - int(stat.read().rpartition(")")[2].split()[19]) / 100


def cpu_seconds(domain: str) -> float | None:
    """Seconds that the VM's processors have run."""
    found = re.search(r"cpu\.time=(\d+)", virsh("domstats", "--cpu-total", domain))
    return int(found[1]) / 1e9 if found else None


def own_macs(domain: str) -> list[str]:
    """MAC addresses of the VM's network cards, in lower case."""
    return re.findall(r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b", virsh("domiflist", domain).lower())


def holder_of(address: str) -> str | None:
    """MAC address of the machine that answers for an address in this host's own networks; None when that is not known."""
    done = subprocess.run(["ip", "-4", "neighbour", "show", "to", address], capture_output=True, text=True, check=False)
    found = re.search(r"\blladdr ((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\b", done.stdout.lower())
    return found[1] if found else None


def console_lines(path: str, count: int = 30) -> list[str]:
    """The last lines of the console, without terminal control sequences."""
    try:
        with open(path, "rb") as source:
            source.seek(max(0, source.seek(0, 2) - 16384))
            text = source.read().decode("utf-8", "replace")
    except OSError:
        return []
    text = re.sub(r"\x1b(?:\[[0-9;?=]*[A-Za-z]|[()][A-Z0-9]|c)", "", text)
    return [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()][-count:]

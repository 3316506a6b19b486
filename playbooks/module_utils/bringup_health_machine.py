"""What a running Linux tells of its own health: units, disks, memory, the kernel's log."""

from __future__ import annotations

import os
import re
import subprocess

# File systems that can be full; images that are always full, and those of containers, say nothing.
FILE_SYSTEMS = {"ext2", "ext3", "ext4", "xfs", "btrfs", "vfat", "f2fs", "zfs", "tmpfs"}
NOT_BELOW = ("/proc", "/sys", "/dev", "/snap", "/run/credentials", "/run/containerd", "/run/k3s", "/run/user", "/var/lib/kubelet")
# Words of the kernel (drivers, mm/oom_kill.c, fs/ext4, fs/xfs, arch/x86/kernel/cpu/mce). An empty drive is no fault of a disk.
EMPTY_DRIVE = re.compile(r"\b(?:fd\d|sr\d)\b")
KERNEL = (
    ("failed", "HEALTH_KERNEL_HARDWARE", re.compile(r"(?:I/O|Medium) error|Unrecovered read error|\[Hardware Error\]: (?!Corrected)|Machine check: |EDAC .*\bUE\b|nvme\S* .*timeout", re.IGNORECASE)),
    ("failed", "HEALTH_KERNEL_FILE_SYSTEM", re.compile(r"EXT4-fs error|XFS .*(?:Corruption|Internal error)|Remounting filesystem read-only|BTRFS (?:error|critical)", re.IGNORECASE)),
    ("failed", "HEALTH_KERNEL_OOM", re.compile(r"^Out of memory: Kill|oom-kill:constraint=CONSTRAINT_NONE")),
    ("warn", "", re.compile(r"Memory cgroup out of memory|\[Hardware Error\]: Corrected|EDAC .*\bCE\b|temperature above threshold", re.IGNORECASE)),
)
STAMP = re.compile(r"^\[\s*(\d+\.\d+)\] (.*)$")


def ask(*command: str) -> tuple[int, str]:
    """Exit code and output of a program in the C locale; 127 where it is not there, 124 where it does not end."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=30, env={**os.environ, "LC_ALL": "C"})
    except FileNotFoundError:
        return 127, f"{command[0]} is not there"
    except subprocess.TimeoutExpired:
        return 124, f"{command[0]} gave no answer in 30 s"
    return done.returncode, done.stdout if done.returncode == 0 else done.stderr.strip() or done.stdout.strip()


def failed_units(text: str) -> list[str]:
    """Names of `systemctl list-units --plain --no-legend`; some versions put a dot in front."""
    return [line.split()[0] if not line.startswith("●") else line.split()[1] for line in text.splitlines() if line.strip()]


def properties(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


def mounts() -> dict[int, str]:
    """Mount points whose space can run out, by their device."""
    found: dict[int, str] = {}
    with open("/proc/self/mounts", encoding="utf-8", errors="replace") as source:
        for line in source:
            _, place, kind, options = line.split()[:4]
            place = place.encode().decode("unicode_escape")
            if kind not in FILE_SYSTEMS or "ro" in options.split(",") or any(place == one or place.startswith(f"{one}/") for one in NOT_BELOW):
                continue
            try:
                found.setdefault(os.stat(place).st_dev, place)
            except OSError:
                continue
    return found


def fill(place: str) -> tuple[float, float, float]:
    """Percent of space and of inodes that is taken, as df reckons it, and what is free in GiB."""
    seen = os.statvfs(place)
    blocks = seen.f_blocks - seen.f_bfree + seen.f_bavail
    space = 100 * (1 - seen.f_bavail / blocks) if blocks else 0.0
    inodes = 100 * (1 - seen.f_favail / seen.f_files) if seen.f_files else 0.0
    return space, inodes, seen.f_bavail * seen.f_frsize / (1 << 30)


def memory(meminfo: str, pressure: str) -> dict[str, float]:
    """Percent of memory that is available, of swap that is used, and of time in which something waited for memory."""
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in meminfo.splitlines()) if rest.split()}
    total, swap = kilobytes.get("MemTotal", 0), kilobytes.get("SwapTotal", 0)
    waits = re.search(r"^some .*avg300=([\d.]+)", pressure, re.MULTILINE)
    return {
        "available": 100 * kilobytes.get("MemAvailable", total) / total if total else 100.0,
        "swap": 100 * (1 - kilobytes.get("SwapFree", 0) / swap) if swap else 0.0,
        "pressure": float(waits.group(1)) if waits else 0.0,
    }


def kernel_faults(log: str, since: float) -> list[tuple[str, str, str]]:
    """`(verdict, code, line)` of what the kernel complained of, later than so many seconds after its start."""
    found = []
    for line in log.splitlines():
        stamp = STAMP.match(line)
        words = stamp.group(2) if stamp else line
        if (stamp and float(stamp.group(1)) < since) or EMPTY_DRIVE.search(words):
            continue
        found += [(verdict, code, words.strip()) for verdict, code, pattern in KERNEL if pattern.search(words)][:1]
    return found


def read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as source:
            return source.read()
    except OSError:
        return ""

#!/usr/bin/python3
"""Stands in for systemctl where no systemd runs: starts what the unit's own ExecStart says, and remembers what is enabled."""

import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import time

STATE = pathlib.Path("/run/stand-in")


def unit_text(name):
    for folder in ("/etc/systemd/system", "/lib/systemd/system"):
        path = pathlib.Path(folder, name)
        if path.exists():
            return path.read_text(encoding="utf-8")
    sys.exit(f"Unit {name} not found.")


def field(text, key, fallback=""):
    found = re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)
    return found[-1] if found else fallback


def pids(name):
    """Processes that were started for the unit and still live, daemons that forked away included."""
    mark = f"BRINGUP_UNIT={name}".encode()
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0") and (entry / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def active(name):
    return (STATE / f"{name}.active").exists() if name.endswith(".timer") else bool(pids(name))


def start(name):
    text = unit_text(name)
    if name.endswith(".timer"):
        (STATE / f"{name}.active").touch()
        return
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "BRINGUP_UNIT": name, "LANG": "C.UTF-8"}
    if field(text, "StateDirectory"):
        environment["STATE_DIRECTORY"] = f"/var/lib/{field(text, 'StateDirectory')}"
        os.makedirs(environment["STATE_DIRECTORY"], exist_ok=True)
    command = [word for word in shlex.split(field(text, "ExecStart")) if not word.startswith("$")]
    with open(STATE / f"{name}.log", "wb") as log:
        child = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    if field(text, "Type") in ("forking", "oneshot"):
        code = child.wait()
    else:
        time.sleep(0.7)
        code = child.poll()
    if code or (code is not None and not active(name) and field(text, "Type") != "oneshot"):
        sys.exit((STATE / f"{name}.log").read_text(encoding="utf-8", errors="replace") or f"Job for {name} failed.")


def stop(name):
    (STATE / f"{name}.active").unlink(missing_ok=True)
    for sign in [signal.SIGTERM] * 50 + [signal.SIGKILL] * 50:
        living = pids(name)
        if not living:
            return
        for pid in living:
            try:
                os.kill(pid, sign)
            except ProcessLookupError:
                pass
        time.sleep(0.1)
    sys.exit(f"{name} did not end.")


def main():
    STATE.mkdir(exist_ok=True)
    verb, *rest = [word for word in sys.argv[1:] if word not in ("--quiet", "--no-pager")]
    names = [word for word in rest if not word.startswith("-")]
    if verb == "daemon-reload":
        return 0
    if verb == "list-units":
        # Of those that were enabled here, what has died without being stopped.
        died = sorted(path.stem for path in STATE.glob("*.service.enabled") if not active(path.stem))
        print("".join(f"{name} loaded failed failed Stand-in\n" for name in died), end="")
        return 0
    name = names[0]
    enabled = STATE / f"{name}.enabled"
    if verb == "show":
        there = any(pathlib.Path(folder, name).exists() for folder in ("/etc/systemd/system", "/lib/systemd/system"))
        print(f"LoadState={'loaded' if there else 'not-found'}\nActiveState={'active' if active(name) else 'inactive'}\nUnitFileState={'enabled' if enabled.exists() else 'disabled'}")
    elif verb in ("is-active", "is-enabled"):
        return 0 if (active(name) if verb == "is-active" else enabled.exists()) else 3
    elif verb in ("enable", "disable"):
        unit_text(name)
        enabled.touch() if verb == "enable" else enabled.unlink(missing_ok=True)
        if "--now" in rest:
            (start if verb == "enable" else stop)(name)
    elif verb == "restart":
        stop(name)
        start(name)
    else:
        {"start": start, "stop": stop}[verb](name)
    return 0


sys.exit(main())

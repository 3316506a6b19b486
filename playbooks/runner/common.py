"""What the scripts of this folder share: where a stage keeps its files, and whether its processes still live."""

import json
import os
import shutil
import signal
import tempfile


def write_private(path, text):
    """Write a file of mode 0600 in one step, so that a reader sees all of it or nothing."""
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path))
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    os.replace(temporary, path)


def read_json(path):
    """Return the parsed file, or None where it is missing or not (yet) whole."""
    try:
        with open(path, encoding="utf-8") as stream:
            return json.load(stream)
    except (OSError, ValueError):
        return None


def start_ticks(pid):
    """Return when a process started in clock ticks since boot, or None where it is gone or a zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:
            fields = stream.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])


def identity(pid):
    """Name a process so that a later process with the same number is not taken for it."""
    with open("/proc/sys/kernel/random/boot_id", encoding="utf-8") as stream:
        return {"pid": pid, "ticks": start_ticks(pid), "boot": stream.read().strip()}


def lives(process):
    """Say whether the process that `identity` named still runs."""
    return bool(process) and process["ticks"] is not None and identity(process["pid"]) == process


def live_process(directory):
    """Return the process to signal for a stage: its supervisor, else a runner left behind, else None."""
    processes = read_json(os.path.join(directory, "processes.json")) or {}
    for name in ("supervisor", "runner"):
        if lives(processes.get(name)):
            return processes[name]
    return None


def is_running(directory):
    """Say whether a stage is still being carried out."""
    return not os.path.exists(os.path.join(directory, "ended.json")) and live_process(directory) is not None


def left_over(directory):
    """List the process groups of an ansible-playbook that outlived its runner."""
    inventory = os.path.join(directory, "inventory").encode()
    groups = set()
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as stream:
                words = stream.read().split(b"\0")
            if any(word.startswith(inventory) for word in words):
                groups.add(os.getpgid(int(name)))
        except (OSError, ValueError):
            continue
    return groups


def clear(directory):
    """Leave nothing of a stage that has ended or died: no process, and no secret on tmpfs."""
    for group in left_over(directory):
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass
    stage = read_json(os.path.join(directory, "stage.json"))
    if not stage:
        return
    shutil.rmtree(stage["runtime"], ignore_errors=True)
    try:
        os.rmdir(os.path.dirname(stage["runtime"]))
    except OSError:
        pass

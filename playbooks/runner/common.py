"""What the scripts of this folder share: where a stage keeps its files, and whether its processes still live."""

import contextlib
import errno
import fcntl
import json
import os
import shutil
import signal
import tempfile

FULL_BYTES = 1024 * 1024
PROBE_BYTES = 64 * 1024


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


def disk_is_full(directory):
    """
    Say whether nothing can be written any more where a stage keeps its files. What counts as free tells too little: root
    may take what is kept back for it, and nobody may take what ext4 keeps for itself. So a little is taken, and given back.
    """
    disk = os.statvfs(directory)
    if disk.f_bavail * disk.f_frsize >= FULL_BYTES:
        return False
    try:
        with tempfile.NamedTemporaryFile(dir=directory, prefix="disk-probe-") as probe:
            os.posix_fallocate(probe.fileno(), 0, PROBE_BYTES)
    except OSError as error:
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return False


def touch(path):
    """Make an empty file, which takes no space on a disk that has none."""
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def was_restarted(directory):
    """Say whether the machine was started anew since the processes of a stage were."""
    process = (read_json(os.path.join(directory, "processes.json")) or {}).get("supervisor")
    return bool(process) and identity(os.getpid())["boot"] != process["boot"]


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


def is_emulated():
    """Say whether the processor of this machine is emulated, where each look around takes what the work itself needs."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as stream:
            return any(line.startswith("model name") and "QEMU TCG" in line for line in stream)
    except OSError:
        return False


@contextlib.contextmanager
def locked(directory, name, wait=True):
    """Hold a lock file of a stage; yields False where another process holds it and waiting is not wanted."""
    handle = os.open(os.path.join(directory, name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


def is_starting(directory):
    """Say whether somebody is just starting a stage: it has no process yet, and must not be taken for dead."""
    for name in ("start.lock", "supervisor.lock"):
        with locked(directory, name, wait=False) as free:
            if not free:
                return True
    return False


def left_over(directory, control):
    """List the process groups of an ansible-playbook that outlived its runner, and of its SSH connections."""
    inventory = os.path.join(directory, "inventory").encode()
    control = f"{control}/".encode()
    groups = set()
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as stream:
                words = stream.read().split(b"\0")
            if any(word.startswith(inventory) or control in word for word in words):
                groups.add(os.getpgid(int(name)))
        except (OSError, ValueError):
            continue
    return groups


def clear(directory):
    """Leave nothing of a stage that has ended or died: no process, and no secret on tmpfs."""
    stage = read_json(os.path.join(directory, "stage.json"))
    if not stage:
        return
    for group in left_over(directory, stage.get("control", directory)):
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            pass
    for folder in (stage["runtime"], stage.get("control", stage["runtime"])):
        shutil.rmtree(folder, ignore_errors=True)
    # The folders of the stage and of the run go with the last that is in them.
    for above in (os.path.dirname(stage["runtime"]), os.path.dirname(os.path.dirname(stage["runtime"]))):
        try:
            os.rmdir(above)
        except OSError:
            return

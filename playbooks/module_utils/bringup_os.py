"""Installing an operating system by virtual media: how a server answers SSH, what its BMC shows, and what must not be done."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import urllib.parse

SYSTEM = "/redfish/v1/Systems/System.Embedded.1"
MANAGER = "/redfish/v1/Managers/iDRAC.Embedded.1"
# Entries that the job queue of an iDRAC holds; with all of them taken it refuses everything that needs a job.
QUEUE_LENGTH = 256
# A restart in the middle of one of these can leave a component without firmware.
RUNNING = ("Running", "Starting", "Downloading", "Waiting")
SSH_OPTIONS = (
    "StrictHostKeyChecking=yes", "GlobalKnownHostsFile=/dev/null", "NumberOfPasswordPrompts=1", "ConnectTimeout=10",
    "IdentitiesOnly=yes", "PreferredAuthentications=publickey,password,keyboard-interactive", "LogLevel=ERROR",
)


def answers(address: str, port: int, timeout: float = 5) -> bool:
    try:
        with socket.create_connection((address, port), timeout=timeout):
            return True
    except OSError:
        return False


def log_in(address: str, port: int, login: dict, keys: list[str], folder: str) -> str:
    """One login; empty when it works, else what ssh says. The secret goes by a pipe or a file in `folder`, which lies in memory."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        known = write(scratch, "known_hosts", "\n".join(keys) + "\n")
        words = ["ssh", "-p", str(port), "-l", login["username"], "-o", f"UserKnownHostsFile={known}"]
        for option in SSH_OPTIONS:
            words += ["-o", option]
        if login.get("private_key"):
            words += ["-i", write(scratch, "key", login["private_key"].rstrip("\n") + "\n")]
        return attempt([*words, address, "true"], login.get("password"))


def attempt(words: list[str], password: str | None) -> str:
    reading, writing = os.pipe()
    try:
        os.write(writing, f"{password or ''}\n".encode())
        os.close(writing)
        command = ["sshpass", "-d", str(reading), *words] if password else [words[0], "-o", "BatchMode=yes", *words[1:]]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, pass_fds=(reading,), stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return "the login does not end within a minute"
    except FileNotFoundError as error:
        return f"{error.filename} is not installed on the deployment VM"
    finally:
        os.close(reading)
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or [f"ssh ends with {done.returncode}"])[-1]


def write(folder: str, name: str, text: str) -> str:
    path = os.path.join(folder, name)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as target:
        target.write(text)
    return path


def read_server(bmc) -> dict:  # noqa: ANN001
    """What the BMC says of its server: power, boot, slots of virtual media, jobs that have not ended."""
    system = bmc.get(SYSTEM)
    boot = system.get("Boot") or {}
    # As the module idrac_virtual_media decides where the slots are.
    version = str(bmc.get("/redfish/v1/").get("RedfishVersion") or "0").replace(".", "")
    slots = members(bmc, f"{SYSTEM if int(version) >= 1131 else MANAGER}/VirtualMedia")
    jobs = members(bmc, f"{MANAGER}/Jobs")
    return {
        "power": str(system.get("PowerState")),
        "progress": progress(system),
        "boot": {"enabled": boot.get("BootSourceOverrideEnabled"), "target": boot.get("BootSourceOverrideTarget")},
        "by_system": int(version) >= 1131,
        "media": [{"index": index, "name": slot.get("Name") or slot.get("Id"), "image": slot.get("Image") or ""} for index, slot in enumerate(slots, 1) if slot.get("Inserted")],
        "jobs": len(jobs),
        "running": [f"{job.get('Id')} ({job.get('Name')}, {job.get('PercentComplete') or 0} %)" for job in jobs if job.get("JobState") in RUNNING],
    }


def progress(system: dict) -> str:
    """How far the server says it is in its start; empty where it says nothing."""
    told = system.get("BootProgress") or {}
    state = told.get("LastState")
    return str(told.get("OemLastState") or state) if state == "OEM" else str(state or "")


def members(bmc, path: str) -> list[dict]:  # noqa: ANN001
    """Every member of a collection, however many pages it takes."""
    found, address = [], f"{path}?$expand=*($levels=1)"
    while address:
        page = bmc.get(address)
        found += page.get("Members") or []
        address = page.get("Members@odata.nextLink") or ""
    return found


def own_media(media: list[dict], wanted: list[str], places: list[str]) -> tuple[list[dict], list[dict]]:
    """Media that this stage put there, by their address or the machine they come from; and those of others."""
    own = [one for one in media if one["image"] in wanted or urllib.parse.urlsplit(one["image"]).hostname in places]
    return own, [one for one in media if one not in own]


def refusal(name: str, seen: dict, ssh: dict, given: dict) -> tuple[str, str] | None:
    """Why nothing may be installed on this server now, as code and sentence; None where it may."""
    agree = f"name it under overwrite in parameters.os and begin the stage with --confirm-vm-change if everything on {name} may be lost"
    record = given.get("record") or {}
    if not given.get("agreed"):
        if record.get("state") == "installed":
            return "OS_HOST_SILENT", f"{name} was installed by this stage on {record.get('at')} and does not take its login now ({ssh['why']}): it is not installed anew by itself; {agree}."
        found = in_use(seen, ssh, given, record)
        if found:
            return "OS_HOST_IN_USE", f"{name} is in use ({found}), and an installer would overwrite what is on it: nobody agreed to that; {agree}."
    if seen["running"]:
        return "OS_JOB_RUNNING", f"A job runs in the BMC of {name}, and a restart would break it off: {', '.join(seen['running'])}."
    if seen["jobs"] >= QUEUE_LENGTH:
        return "OS_JOB_QUEUE_FULL", f"The job queue of the BMC of {name} is full ({seen['jobs']} jobs), so it takes no boot setting: nothing was changed."
    foreign = own_media(seen["media"], given["images"], given["places"])[1]
    if foreign and not given.get("eject_media"):
        told = ", ".join(f"{one['name']}: {one['image'] or 'a medium without an address'}" for one in foreign)
        return "OS_MEDIA_OCCUPIED", f"Somebody else's virtual medium is inserted in {name} ({told}): it is not ejected unless eject_media in parameters.os says so."
    return None


def in_use(seen: dict, ssh: dict, given: dict, record: dict) -> str:
    if ssh["state"] != "silent":
        return f"SSH answers: {ssh['why']}"
    if given.get("working"):
        return f"{given['working']} answers"
    # An installer that this stage began and could not see the end of runs as well.
    running = seen["power"] == "On" and seen["progress"] == "OSRunning" and record.get("state") != "begun"
    return "its BMC says that an operating system runs" if running else ""

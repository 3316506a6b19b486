"""Start one stage under ansible-runner, detached from the caller.

Reads one JSON document from stdin (never argv, so that no secret shows in a process list):
{root, runtime, run, stage, attempt, site, project, playbook, inventory, extra_vars, secrets, timeout_seconds, limit,
start_at_task, tag}; the last three may be null.
Writes ansible-runner's private data directory ROOT/runs/RUN/STAGE/ATTEMPT, the secrets to RUNTIME/RUN/STAGE/ATTEMPT on
tmpfs, and prints {"directory", "already"} once the supervisor runs. The same order twice is one start, also where the
first starter was killed on its way.
"""

import configparser
import contextlib
import hashlib
import io
import json
import os
import select
import shlex
import signal
import subprocess
import sys
import time

import common

STOP_SECONDS = 30
EMULATED_POLL_SECONDS = "0.01"
# So often in a row, half a second apart, the disk must be found full before a stage is stopped for it.
FULL_LOOKS = 10
# MiB that Ansible takes for each host it works on at once, its process and its SSH connection (`npm run bench servers` measures
# 10 to 16 without the connection), and what it and everything else take beside that.
HOST_MEBIBYTES = 20
OTHER_MEBIBYTES = 400
FEWEST_HOSTS = 5
MOST_HOSTS = 100


def place(order):
    """Return the folder of one attempt; those above it are made."""
    runs = os.path.join(order["root"], "runs")
    os.makedirs(runs, mode=0o755, exist_ok=True)
    os.umask(0o077)
    directory = os.path.join(runs, order["run"], order["stage"], str(order["attempt"]))
    os.makedirs(directory, exist_ok=True)
    return directory


def make_folder(path):
    """Make a folder below others that a stage which ends just now may be taking away."""
    for _ in range(20):
        try:
            return os.makedirs(path, exist_ok=True)
        except FileNotFoundError:
            time.sleep(0.01)
    return os.makedirs(path, exist_ok=True)


def prepare(order, directory):
    """Write the private data directory and the secrets; again after a starter that was killed, it changes nothing."""
    words = (order["run"], order["stage"], str(order["attempt"]))
    runtime = os.path.join(order["runtime"], *words)
    # Sockets have short paths at most, so this one cannot be spelled out.
    control = os.path.join(order["runtime"], "c", hashlib.sha256(directory.encode()).hexdigest()[:10])
    stage = {key: order[key] for key in ("run", "stage", "attempt", "site", "playbook", "project")}
    stage.update(runtime=runtime, control=control, started=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
    common.write_private(os.path.join(directory, "stage.json"), json.dumps(stage))
    for name in ("inventory", "env"):
        os.makedirs(os.path.join(directory, name), exist_ok=True)
    project = os.path.join(directory, "project")
    if not os.path.islink(project):
        os.symlink(order["project"], project)
    common.write_private(os.path.join(directory, "inventory", "hosts.yml"), order["inventory"])
    common.write_private(os.path.join(directory, "env", "extravars"), json.dumps(order["extra_vars"]))
    settings = {"pexpect_timeout": 1, "suppress_ansible_output": True}
    if order.get("timeout_seconds"):
        settings["job_timeout"] = order["timeout_seconds"]
    common.write_private(os.path.join(directory, "env", "settings"), json.dumps(settings))
    make_folder(os.path.join(runtime, "tmp"))
    make_folder(control)
    secrets = os.path.join(runtime, "secrets.json")
    common.write_private(secrets, json.dumps(order["secrets"]))
    common.write_private(os.path.join(directory, "env", "cmdline"), command_line(order, secrets))


def command_line(order, secrets):
    """Return the words for ansible-playbook beside those that ansible-runner adds itself."""
    words = ["-e", f"@{secrets}"]
    for option, key in (("--limit", "limit"), ("--start-at-task", "start_at_task"), ("--tags", "tag")):
        if order.get(key):
            words += [option, order[key]]
    return shlex.join([*words, "--forks", str(hosts_at_once())])


def hosts_at_once(memory="/proc/meminfo"):
    """Return on how many hosts Ansible may work at once; a host that is waited for holds its place as long as it is waited for."""
    with open(memory, encoding="ascii") as stream:
        free = [int(line.split()[1]) // 1024 for line in stream if line.startswith("MemAvailable:")]
    room = (sum(free) - OTHER_MEBIBYTES) // HOST_MEBIBYTES
    return max(FEWEST_HOSTS, min(MOST_HOSTS, room))


def detach(directory, unit):
    """Run the supervisor so that it outlives this login: a transient unit, or a session of its own."""
    command = [sys.executable, "-B", os.path.abspath(__file__), "--supervise", directory]
    if os.path.isdir("/run/systemd/system"):
        options = ["KillMode=mixed", f"TimeoutStopSec={2 * STOP_SECONDS}", "OOMPolicy=continue"]
        options = [word for option in options for word in ("--property", option)]
        # Its failure shows as a supervisor that never comes; the unit of a starter that was killed is there already.
        subprocess.run(["systemd-run", "--quiet", "--collect", f"--unit={unit}", *options, *command], check=False)
    else:
        null = subprocess.DEVNULL
        subprocess.Popen(command, start_new_session=True, stdin=null, stdout=null, stderr=null, cwd="/")


def was_started(directory):
    """Say whether a supervisor took the stage up, now or ever."""
    return any(os.path.exists(os.path.join(directory, name)) for name in ("processes.json", "ended.json"))


def await_supervisor(directory, seconds=30):
    """Wait until the supervisor has named itself, so that a reader never takes a slow start for a death."""
    deadline = time.monotonic() + seconds
    while not was_started(directory):
        if time.monotonic() > deadline:
            raise SystemExit("The supervisor of the stage did not start.")
        time.sleep(0.02)


def clean_environment(stage, directory):
    """Return the little that Ansible needs; ansible-runner writes its environment to disk."""
    environment = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "LANG": "C.UTF-8",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_HOST_KEY_CHECKING": "True",
        # Both keep module arguments, and so secrets, out of what stays on disk: the system log and temporary files.
        "ANSIBLE_NO_TARGET_SYSLOG": "True",
        "ANSIBLE_PIPELINING": "True",
        "ANSIBLE_LOCAL_TEMP": os.path.join(stage["runtime"], "tmp"),
        # A module that is killed leaves its unpacked self behind: here it goes with the stage.
        "TMPDIR": os.path.join(stage["runtime"], "tmp"),
        # Stages that run side by side share no connection: each logs in with its own key and ends alone.
        "ANSIBLE_SSH_CONTROL_PATH_DIR": stage["control"],
        "ANSIBLE_CALLBACK_PLUGINS": os.path.join(os.path.dirname(os.path.abspath(__file__)), "callback"),
        "BRINGUP_STAGE": directory,
    }
    config = os.path.join(stage["project"], "ansible.cfg")
    if os.path.exists(config):
        environment["ANSIBLE_CONFIG"] = patient_config(config, directory) if common.is_emulated() else config
    return environment


def patient_config(config, directory):
    """
    Write the project's configuration with fewer looks for results. Ansible looks a thousand times a second, which takes a
    third of an emulated processor; ten milliseconds are nothing against a task there, but too much elsewhere.
    """
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(config, encoding="utf-8")
    if not parser.has_section("defaults"):
        parser.add_section("defaults")
    for name, value in parser.items("defaults"):
        if name in ("library", "module_utils") or name.endswith(("_path", "_plugins")):
            paths = value.split(":")
            whole = [os.path.join(os.path.dirname(config), part) for part in paths]
            parser.set("defaults", name, ":".join(whole))
    parser.set("defaults", "internal_poll_interval", EMULATED_POLL_SECONDS)
    text = io.StringIO()
    parser.write(text)
    path = os.path.join(directory, "ansible.cfg")
    common.write_private(path, text.getvalue())
    return path


def supervise(directory):
    """Carry the stage out unless another supervisor did; the lock outlives neither of them."""
    with common.locked(directory, "supervisor.lock", wait=False) as free:
        if free and not was_started(directory):
            carry_out(directory)


def carry_out(directory):
    """Run ansible-runner to its end, pass SIGTERM on, and leave no secret and no half-dead runner behind."""
    stage = common.read_json(os.path.join(directory, "stage.json"))
    log_path = os.path.join(directory, "runner.log")
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(time.monotonic()))
    code = None
    try:
        command = ["ansible-runner", "run", directory, "--ident", stage["stage"], "-p", stage["playbook"], "-q"]
        environment = clean_environment(stage, directory)
        with open(log_path, "ab", buffering=0) as log:
            runner = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=directory
            )
        processes = {"supervisor": common.identity(os.getpid()), "runner": common.identity(runner.pid)}
        common.write_private(os.path.join(directory, "processes.json"), json.dumps(processes))
        code = watch(runner, directory, stopping)
    finally:
        common.clear(directory)
        # On a full disk nothing can be noted: then the end shows by the process that is gone.
        with contextlib.suppress(OSError):
            common.write_private(os.path.join(directory, "ended.json"), json.dumps({"rc": code}))


def await_end(runner, seconds):
    """Wait for a process without looking for it again and again, as Python does where it may."""
    if hasattr(os, "pidfd_open"):
        handle = os.pidfd_open(runner.pid)
        try:
            ended = select.select([handle], [], [], seconds)[0]
        finally:
            os.close(handle)
        return runner.wait(timeout=None if ended else 0)
    return runner.wait(timeout=seconds)


def watch(runner, directory, stopping):
    """Wait for the runner; stop it after SIGTERM, on a full disk, or when a stop's grace ran out; kill what has not ended then."""
    passed_on = False
    full = 0
    while True:
        try:
            return await_end(runner, 0.5)
        except subprocess.TimeoutExpired:
            # Ansible stands still for ever where it cannot write its events: better stopped than silent.
            full = full + 1 if common.disk_is_full(directory) else 0
            if full == 1:
                # Noted at first sight: what dies of it may free the space again.
                common.touch(os.path.join(directory, "disk-full"))
            if full > FULL_LOOKS and not stopping:
                stopping.append(time.monotonic())
            asked = common.read_json(os.path.join(directory, "stop.json"))
            if asked and not stopping and time.monotonic() > asked["deadline"]:
                stopping.append(time.monotonic())
            if stopping and not passed_on:
                runner.terminate()
                passed_on = True
            if stopping and time.monotonic() - stopping[0] > STOP_SECONDS:
                runner.kill()


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--supervise":
        return supervise(sys.argv[2])
    order = json.load(sys.stdin)
    directory = place(order)
    with common.locked(directory, "start.lock"):
        already = was_started(directory)
        if not already:
            prepare(order, directory)
            try:
                detach(directory, f"bringup-{order['run']}-{order['stage']}-{order['attempt']}")
                await_supervisor(directory)
            except BaseException:
                common.clear(directory)
                raise
    return print(json.dumps({"directory": directory, "already": already}))


if __name__ == "__main__":
    main()

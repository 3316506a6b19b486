"""Start one stage under ansible-runner, detached from the caller.

Reads one JSON document from stdin (never argv, so that no secret shows in a process list):
{root, runtime, run, stage, site, project, playbook, inventory, extra_vars, secrets, timeout_seconds}.
Writes ansible-runner's private data directory ROOT/runs/RUN/STAGE, the secrets to RUNTIME/RUN/STAGE on tmpfs, and
prints {"directory", "already"} once the supervisor runs. Starting the same stage of the same run twice is one start.
"""

import json
import os
import signal
import subprocess
import sys
import time

import common

STOP_SECONDS = 30


def prepare(order):
    """Write the private data directory and the secrets; return it, and whether another start was first."""
    directory = os.path.join(order["root"], "runs", order["run"], order["stage"])
    runtime = os.path.join(order["runtime"], order["run"], order["stage"])
    os.makedirs(os.path.join(order["root"], "runs"), mode=0o755, exist_ok=True)
    os.umask(0o077)
    for name in ("inventory", "env"):
        os.makedirs(os.path.join(directory, name), exist_ok=True)
    stage = {key: order[key] for key in ("run", "stage", "site", "playbook", "project")}
    stage.update(runtime=runtime, started=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
    try:
        with open(os.path.join(directory, "stage.json"), "x", encoding="utf-8") as stream:
            json.dump(stage, stream)
    except FileExistsError:
        return directory, True
    os.symlink(order["project"], os.path.join(directory, "project"))
    common.write_private(os.path.join(directory, "inventory", "hosts.yml"), order["inventory"])
    common.write_private(os.path.join(directory, "env", "extravars"), json.dumps(order["extra_vars"]))
    settings = {"pexpect_timeout": 1, "suppress_ansible_output": True}
    if order.get("timeout_seconds"):
        settings["job_timeout"] = order["timeout_seconds"]
    common.write_private(os.path.join(directory, "env", "settings"), json.dumps(settings))
    os.makedirs(os.path.join(runtime, "tmp"), exist_ok=True)
    secrets = os.path.join(runtime, "secrets.json")
    common.write_private(secrets, json.dumps(order["secrets"]))
    common.write_private(os.path.join(directory, "env", "cmdline"), f"-e @{secrets}")
    return directory, False


def detach(directory, unit):
    """Run the supervisor so that it outlives this login: a transient unit, or a session of its own."""
    command = [sys.executable, "-B", os.path.abspath(__file__), "--supervise", directory]
    if os.path.isdir("/run/systemd/system"):
        options = ["KillMode=mixed", f"TimeoutStopSec={2 * STOP_SECONDS}", "OOMPolicy=continue"]
        options = [word for option in options for word in ("--property", option)]
        subprocess.run(["systemd-run", "--quiet", "--collect", f"--unit={unit}", *options, *command], check=True)
    else:
        null = subprocess.DEVNULL
        subprocess.Popen(command, start_new_session=True, stdin=null, stdout=null, stderr=null, cwd="/")


def await_supervisor(directory, seconds=30):
    """Wait until the supervisor has named itself, so that a reader never takes a slow start for a death."""
    deadline = time.monotonic() + seconds
    while not os.path.exists(os.path.join(directory, "processes.json")):
        if time.monotonic() > deadline:
            raise SystemExit("The supervisor of the stage did not start.")
        time.sleep(0.02)


def clean_environment(stage):
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
    }
    config = os.path.join(stage["project"], "ansible.cfg")
    if os.path.exists(config):
        environment["ANSIBLE_CONFIG"] = config
    return environment


def supervise(directory):
    """Carry the stage out, pass SIGTERM on, and leave no secret and no half-dead runner behind."""
    stage = common.read_json(os.path.join(directory, "stage.json"))
    log_path = os.path.join(directory, "runner.log")
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(time.monotonic()))
    code = None
    try:
        command = ["ansible-runner", "run", directory, "--ident", stage["stage"], "-p", stage["playbook"], "-q"]
        with open(log_path, "ab", buffering=0) as log:
            runner = subprocess.Popen(
                command, env=clean_environment(stage), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=directory
            )
        processes = {"supervisor": common.identity(os.getpid()), "runner": common.identity(runner.pid)}
        common.write_private(os.path.join(directory, "processes.json"), json.dumps(processes))
        code = watch(runner, stopping)
    finally:
        common.clear(directory)
        common.write_private(os.path.join(directory, "ended.json"), json.dumps({"rc": code}))


def watch(runner, stopping):
    """Wait for the runner; after SIGTERM pass it on once, and kill what has not ended in time."""
    passed_on = False
    while True:
        try:
            return runner.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            if stopping and not passed_on:
                runner.terminate()
                passed_on = True
            if stopping and time.monotonic() - stopping[0] > STOP_SECONDS:
                runner.kill()


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--supervise":
        return supervise(sys.argv[2])
    order = json.load(sys.stdin)
    directory, already = prepare(order)
    if not already:
        try:
            detach(directory, f"bringup-{order['run']}-{order['stage']}")
        except BaseException:
            common.clear(directory)
            raise
    await_supervisor(directory)
    return print(json.dumps({"directory": directory, "already": already}))


if __name__ == "__main__":
    main()

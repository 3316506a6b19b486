#!/usr/bin/python3
"""Sends this machine's journal to the site's log server, with nothing but Python's standard library.

Reads /etc/bringup/log-forward.json, {address, port, protocol, ca}; protocol is tls (RFC 5425), tcp (RFC 6587, octet counting) or udp.
Where it stopped is kept in STATE_DIRECTORY, so that what was logged while the server was away is sent later.
"""

import datetime
import json
import os
import select
import socket
import ssl
import subprocess
import sys
import time

CONFIG = "/etc/bringup/log-forward.json"
LONGEST = 60000
SAVE_SECONDS = 5


def main():
    with open(CONFIG, encoding="utf-8") as source:
        server = json.load(source)
    place = os.path.join(os.environ["STATE_DIRECTORY"], "cursor")
    while True:
        try:
            with connect(server) as channel:
                follow(channel, place, server["protocol"] == "udp")
        except OSError as error:
            print("{address} port {port}: {0}".format(error, **server), file=sys.stderr, flush=True)
        time.sleep(5)


def connect(server):
    kind = socket.SOCK_DGRAM if server["protocol"] == "udp" else socket.SOCK_STREAM
    channel = socket.socket(socket.AF_INET, kind)
    try:
        channel.settimeout(30)
        if kind == socket.SOCK_STREAM:
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            # What is not acknowledged for half a minute is lost: the link is made anew, and what was under way sent again.
            channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30000)
        channel.connect((server["address"], server["port"]))
        if server["protocol"] != "tls":
            return channel
        context = ssl.create_default_context(cafile=server["ca"] or None)
        return context.wrap_socket(channel, server_hostname=server["address"])
    except BaseException:
        channel.close()
        raise


def follow(channel, place, datagrams):
    """Send entries as they come until the link or the journal ends."""
    command = ["journalctl", "--follow", "--quiet", "--output=json", "--no-pager"]
    start = read(place)
    command += ["--after-cursor=" + start] if start else ["--lines=100"]
    journal = subprocess.Popen(command, stdout=subprocess.PIPE)
    cursor, saved = "", time.monotonic()
    try:
        for line in iter(journal.stdout.readline, b""):
            entry = json.loads(line.decode("utf-8", "replace"))
            message = frame(entry)
            channel.sendall(message if datagrams else b"%d %s" % (len(message), message))
            cursor = entry["__CURSOR"]
            if time.monotonic() - saved > SAVE_SECONDS:
                if not datagrams:
                    check(channel)
                save(place, cursor)
                saved = time.monotonic()
    finally:
        journal.kill()
        journal.wait()
        journal.stdout.close()
    raise OSError("journalctl ended with exit code {}".format(journal.returncode))


def check(channel):
    """Raise where the server has closed the link; it never says anything else."""
    if select.select([channel], [], [], 0)[0]:
        channel.settimeout(1)
        try:
            if channel.recv(1024) == b"":
                raise OSError("the server closed the link")
        except socket.timeout:
            pass
        channel.settimeout(30)


def frame(entry):
    """One entry of the journal as a message of RFC 5424."""
    facility = int(text(entry, "SYSLOG_FACILITY") or 3)
    priority = int(text(entry, "PRIORITY") or 6)
    moment = datetime.datetime.fromtimestamp(int(entry["__REALTIME_TIMESTAMP"]) / 1e6, datetime.timezone.utc)
    program = text(entry, "SYSLOG_IDENTIFIER") or text(entry, "_COMM")
    process = text(entry, "SYSLOG_PID") or text(entry, "_PID")
    head = "<{}>1 {} {} {} {} - - ".format(
        facility * 8 + priority, moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), word(text(entry, "_HOSTNAME")), word(program), word(process)
    )
    # A line end would begin a message of its own in many a store.
    body = " ".join(text(entry, "MESSAGE").splitlines())
    return (head + body).encode("utf-8", "replace")[:LONGEST]


def text(entry, name):
    """A field as text; the journal has fields that are not UTF-8 as lists of bytes, and repeated ones as lists."""
    value = entry.get(name) or ""
    if isinstance(value, list):
        if value and all(isinstance(one, int) for one in value):
            return bytes(value).decode("utf-8", "replace")
        value = value[-1] if value else ""
    return value if isinstance(value, str) else str(value)


def word(value):
    """A field of the head: printable ASCII without spaces, or a dash."""
    return "".join(sign for sign in value if 32 < ord(sign) < 127)[:48] or "-"


def read(place):
    try:
        with open(place, encoding="ascii") as source:
            return source.read().strip()
    except OSError:
        return ""


def save(place, cursor):
    with open(place + ".part", "w", encoding="ascii") as target:
        target.write(cursor)
    os.replace(place + ".part", place)


if __name__ == "__main__":
    main()

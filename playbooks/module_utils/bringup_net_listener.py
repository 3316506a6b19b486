"""The other end of a port test: answers on ports for a short time, in a process of its own that ends by itself."""

from __future__ import annotations

import os
import select
import socket
import threading
import time

from ansible.module_utils.bringup_net_ports import GREETING

MOST_CLIENTS = 256
# An abstract socket, by which the listener is told to end: it leaves no file, and there is one in a network namespace.
DOOR = "\0bringup-net-listener"


def open_ports(addresses: list[str], ports: list[tuple[str, int]]) -> tuple[list[socket.socket], list[str], list[str]]:
    """The sockets, and as `tcp/6443` the ports that could be had and those that another program holds."""
    channels, had, taken = [], [], []
    for protocol, port in ports:
        try:
            opened = [open_port(protocol, address, port) for address in addresses]
        except OSError:
            taken.append(f"{protocol}/{port}")
            continue
        channels += opened
        had.append(f"{protocol}/{port}")
    return channels, had, taken


def open_port(protocol: str, address: str, port: int) -> socket.socket:
    channel = socket.socket(socket.AF_INET, socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM)
    try:
        if protocol == "tcp":
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        channel.bind((address, port))
        if protocol == "tcp":
            channel.listen(128)
        return channel
    except OSError:
        channel.close()
        raise


def serve(channels: list[socket.socket], name: str, token: str, seconds: float) -> None:
    """Forks a process that answers until it is told to end or the time is over; returns in the parent."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as bell:
        bell.bind(DOOR)
        bell.listen(1)
        if os.fork() > 0:
            return
        try:
            os.setsid()
            if os.fork() == 0:
                leave_the_caller({channel.fileno() for channel in [*channels, bell]})
                answer(channels, bell, name, token, time.monotonic() + seconds)
        finally:
            os._exit(0)


def leave_the_caller(keep: set[int]) -> None:
    """Whoever started the parent waits for its files to close."""
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in [int(name) for name in os.listdir("/proc/self/fd")]:
        if number < 3:
            os.dup2(nothing, number)
        elif number not in keep:
            try:
                os.close(number)
            except OSError:
                pass


def answer(channels: list[socket.socket], bell: socket.socket, name: str, token: str, deadline: float) -> None:
    wanted, reply, limit = GREETING + token.encode() + b" ", GREETING + token.encode() + b" " + name.encode() + b"\n", threading.Semaphore(MOST_CLIENTS)
    while (left := deadline - time.monotonic()) > 0:
        for channel in select.select([*channels, bell], [], [], left)[0]:
            if channel is bell:
                # The one who rings waits until the ports are free again.
                for other in channels:
                    other.close()
                return
            if channel.type == socket.SOCK_DGRAM:
                packet, sender = channel.recvfrom(512)
                # Only those who know the token get an answer: nobody is sent packets in another's name.
                if packet.startswith(wanted):
                    channel.sendto(reply, sender)
            elif limit.acquire(blocking=False):
                client = channel.accept()[0]
                threading.Thread(target=talk, args=(client, wanted, reply, limit), daemon=True).start()
            else:
                channel.accept()[0].close()


def talk(client: socket.socket, wanted: bytes, reply: bytes, limit: threading.Semaphore) -> None:
    try:
        with client:
            client.settimeout(3)
            asked = client.recv(512)
            if asked.startswith(wanted):
                client.send(reply)
                if asked.endswith(b" sink\n"):
                    client.send(swallow(client))
    except OSError:
        return
    finally:
        limit.release()


def swallow(client: socket.socket) -> bytes:
    """Counts what comes until the sender ends, for at most four seconds: `BYTES SECONDS`."""
    count, started, last = 0, 0.0, 0.0
    while not started or last - started < 4:
        piece = client.recv(1 << 18)
        if not piece:
            break
        last = time.monotonic()
        started = started or last
        count += len(piece)
    return f"{count} {max(last - started, 0.000001):.6f}".encode()


def ring() -> bool:
    """Tells the listener to end and waits until it has; False where none runs."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as bell:
        bell.settimeout(5)
        try:
            bell.connect(DOOR)
        except OSError:
            return False
        try:
            bell.recv(1)
        except ConnectionError:
            pass
        return True

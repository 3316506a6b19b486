"""Lets modules that know only CAs and names speak to a BMC that is believed by its pin: TLS on a loopback port, and to the BMC
again TLS, its pin compared at every connection."""

from __future__ import annotations

import os
import select
import socket
import ssl
import threading
import time

from ansible.module_utils.bringup_net_listener import leave_the_caller
from ansible.module_utils.bringup_redfish import RedfishError, dial

LOOPBACK = "127.0.0.1"
# A BMC that does something long answers late.
TIMEOUT_SECONDS = 60


def open_door() -> socket.socket:
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.bind((LOOPBACK, 0))
    door.listen(64)
    return door


def serve(doors: dict[socket.socket, dict], certificate: str, key: str, sign: str, seconds: float) -> None:
    """Forks a process that relays until the file `sign` is gone or the time is over; returns in the parent."""
    if os.fork() > 0:
        return
    try:
        os.setsid()
        if os.fork() == 0:
            leave_the_caller({door.fileno() for door in doors})
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            relay(doors, context, sign, time.monotonic() + seconds)
    finally:
        os._exit(0)


def relay(doors: dict[socket.socket, dict], context: ssl.SSLContext, sign: str, deadline: float) -> None:
    while os.path.exists(sign) and time.monotonic() < deadline:
        for door in select.select(list(doors), [], [], 1)[0]:
            try:
                client = door.accept()[0]
            except OSError:
                # It went away before it was taken.
                continue
            threading.Thread(target=carry, args=(client, context, doors[door]), daemon=True).start()


def carry(client: socket.socket, context: ssl.SSLContext, bmc: dict) -> None:
    """One connection, both ways, until either side ends it."""
    try:
        client.settimeout(TIMEOUT_SECONDS)
        with context.wrap_socket(client, server_side=True) as near, dial(bmc["address"], bmc["port"], bmc["certificate"], TIMEOUT_SECONDS) as far:
            shovel(near, far)
    except (OSError, RedfishError):
        client.close()


def shovel(near: ssl.SSLSocket, far: ssl.SSLSocket) -> None:
    """In one thread, as a TLS connection must not be read and written at the same moment."""
    other = {near: far, far: near}
    while True:
        ready = [side for side in other if side.pending()] or select.select([near, far], [], [], TIMEOUT_SECONDS)[0]
        if not ready:
            return
        for side in ready:
            side.setblocking(False)
            try:
                piece = side.recv(1 << 16)
            except ssl.SSLWantReadError:
                # A record of TLS itself, such as a session ticket.
                continue
            finally:
                side.settimeout(TIMEOUT_SECONDS)
            if not piece:
                return
            other[side].sendall(piece)

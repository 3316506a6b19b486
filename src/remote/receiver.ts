/**
 * The far end of an upload, a Python program (arguments: path, size, SHA-256). It answers in JSON lines on stdout:
 * `{present}` when the file is there, else `{part, free}` (bytes of an earlier, broken upload; bytes free) and, when part
 * is not 0, `{prefix}` (their SHA-256); takes `FROM <offset>` and then the bytes; ends with `{sha256}` or `{error, text}`.
 * Bytes are written at their own offset, so a left-over writer of a broken link can only write what belongs there.
 * A finished file has a stamp beside it (`.sha256`: hash, size, mtime, inode, boot id). A later upload trusts the stamp
 * while all of these still hold, so only within one boot: after a power cut the file is hashed again.
 */
export const RECEIVER = String.raw`
import errno, hashlib, json, os, sys

path, size, wanted = sys.argv[1], int(sys.argv[2]), sys.argv[3]
part, stamp = path + ".part", path + ".sha256"
BLOCK = 1 << 20


def say(**words):
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def stamp_of():
    seen = os.stat(path)
    with open("/proc/sys/kernel/random/boot_id") as boot:
        return " ".join(map(str, (wanted, seen.st_size, seen.st_mtime_ns, seen.st_ino, boot.read().strip())))


def write_stamp():
    with open(stamp + ".new", "w") as out:
        out.write(stamp_of())
    os.replace(stamp + ".new", stamp)


def hash_of(name, count):
    digest = hashlib.sha256()
    with open(name, "rb", buffering=0) as source:
        while count > 0:
            block = source.read(min(BLOCK, count))
            if not block:
                break
            digest.update(block)
            count -= len(block)
    return digest


def present():
    try:
        if os.stat(path).st_size != size:
            return False
        with open(stamp) as kept:
            if kept.read() == stamp_of():
                return True
    except FileNotFoundError:
        pass
    if not os.path.exists(path) or hash_of(path, size).hexdigest() != wanted:
        return False
    write_stamp()
    return True


def receive(kept):
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            sys.exit(3)
        line += byte
    offset = int(line.split()[1])
    digest = kept if offset else hashlib.sha256()
    buffer = memoryview(bytearray(BLOCK))
    source = open(0, "rb", buffering=0)
    with open(part, "r+b" if offset else "wb", buffering=0) as target:
        target.seek(offset)
        while offset < size:
            count = source.readinto(buffer)
            if not count:
                sys.exit(3)
            digest.update(buffer[:count])
            at = 0
            while at < count:
                at += target.write(buffer[at:count])
            offset += count
    return digest.hexdigest()


def main():
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if present():
        return say(present=True)
    there = os.path.getsize(part) if os.path.exists(part) else 0
    if there > size:
        there = 0
    disk = os.statvfs(os.path.dirname(path))
    say(part=there, free=disk.f_bavail * disk.f_frsize)
    kept = hash_of(part, there) if there else None
    if there:
        say(prefix=kept.hexdigest())
    found = receive(kept)
    if found == wanted:
        os.replace(part, path)
        write_stamp()
    else:
        os.unlink(part)
    say(sha256=found)


try:
    main()
except OSError as error:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    if full and os.path.exists(part):
        os.unlink(part)
    say(error="no_space" if full else "failed", text=str(error))
    sys.exit(1)
`;

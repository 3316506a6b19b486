#!/bin/sh
# A machine of its own for the daemons of one test: sees this machine's programs, and writes to memory alone.
# Usage: service-machine.sh NETNS STAND-IN   (root). Prints "ready" and stays until it is killed; everything in it ends with it.
set -eu
if [ "${3:-}" != inside ]; then
  exec ip netns exec "$1" unshare --mount --pid --fork --kill-child --mount-proc --uts "$0" "$1" "$2" inside
fi
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
for folder in etc var srv home root usr/local; do
  mkdir -p "/mnt/$folder" "/mnt/.overlay/$folder"
  mount -t overlay overlay -o "lowerdir=/$folder,upperdir=/mnt/$folder,workdir=/mnt/.overlay/$folder" "/$folder"
done
# Whoever logs in gets a plain shell: what a person's own starts with can take seconds, or wait for a lock that it sees for ever.
rm -f /root/.bashrc /root/.bash_profile /root/.bash_login /root/.profile
rm -rf /var/log/journal
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system /run/sshd /run/lock
mkdir /run/dev && mount --bind /dev /run/dev && mount -t tmpfs tmpfs /dev
for node in null zero random urandom full tty fd stdin stdout stderr; do [ ! -e /run/dev/$node ] || cp -a /run/dev/$node /dev/; done
mkdir /dev/shm /dev/pts && mount -t tmpfs tmpfs /dev/shm && mount -t devpts devpts /dev/pts -o newinstance,ptmxmode=0666 && ln -s pts/ptmx /dev/ptmx
umount /run/dev
mount --bind "$2" /usr/bin/systemctl
# The journal wants to know control groups, and a network namespace has a /sys without them.
mount -t cgroup2 none /sys/fs/cgroup
hostname "$1"
ln -s /run/systemd/journal/dev-log /dev/log
/lib/systemd/systemd-journald &
while [ ! -S /run/systemd/journal/dev-log ]; do sleep 0.05; done
echo ready
exec sleep infinity

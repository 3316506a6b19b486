/**
 * Boots one machine of the lab; told what by variables, and `user:password` by standard input, which no other process
 * can read. All its mounts belong to a mount namespace that ends with the machine.
 * A machine whose TIME is "served" tells others the time of this machine, whose clock it may not set.
 * Outside systemd each machine needs a control group of its own, or the inits of all would share one tree.
 */
export const MACHINE_SCRIPT = `
umask 022
cd "$FOLDER"
exec nsenter --net="$NETNS" unshare --mount sh -euc '
if [ ! -d /run/systemd/system ]; then
  for tree in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
    [ -e "$tree/cgroup.procs" ] || continue
    mkdir -p "$tree/$MACHINE"
    echo $$ > "$tree/$MACHINE/cgroup.procs"
  done
fi
mkdir -p disk root
case "$DISK" in
  memory:*) mount -t tmpfs -o "size=\${DISK#memory:},mode=755" tmpfs disk ;;
  file:*)
    if [ ! -e disk.img ]; then
      truncate -s "\${DISK#file:}" disk.tmp
      mkfs.ext4 -q -F -m 0 -E lazy_itable_init=1,lazy_journal_init=1 disk.tmp
      mv disk.tmp disk.img
    fi
    mount -o loop disk.img disk ;;
esac
mkdir -p disk/upper disk/work
mount -t overlay overlay -o "lowerdir=$LOWER,upperdir=disk/upper,workdir=disk/work" root
if [ ! -e root/etc/bringup-lab ]; then
  echo "$HOST" > root/etc/hostname
  printf "127.0.0.1 localhost\\n%s %s.%s %s\\n" "$ADDRESS" "$HOST" "$DOMAIN" "$HOST" > root/etc/hosts
  chroot root useradd --create-home --shell /bin/bash --groups sudo "$LOGIN"
  chroot root chpasswd
  if [ "$TIME" = served ]; then
    printf "local stratum 8\\nallow\\ndriftfile /var/lib/chrony/chrony.drift\\n" > root/etc/chrony/chrony.conf
    echo "DAEMON_OPTS=-x" > root/etc/default/chrony
    mkdir -p root/etc/systemd/system/chrony.service.d root/etc/systemd/system/multi-user.target.wants
    printf "[Unit]\\nConditionCapability=\\n" > root/etc/systemd/system/chrony.service.d/lab.conf
    ln -sf /lib/systemd/system/chrony.service root/etc/systemd/system/multi-user.target.wants/chrony.service
  fi
  if [ "$SUDO" = free ]; then echo "$LOGIN ALL=(ALL) NOPASSWD: ALL" > root/etc/sudoers.d/lab; fi
  install -m 600 ssh_host_ed25519_key root/etc/ssh/
  install -m 644 ssh_host_ed25519_key.pub root/etc/ssh/
  : > root/etc/bringup-lab
fi
exec systemd-nspawn --quiet --directory=root --boot --machine="$MACHINE" --register=no \\
  --network-namespace-path="$NETNS" --console=passive "$@" < /dev/null
' "$MARK" "$@"
`;

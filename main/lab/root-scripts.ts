/**
 * `$1` build folder, `$2` package archives to reuse, `$3` packages. Leaves a Debian root file system in `$1/root`.
 * Package files are copied in and out rather than shared, because another build may use the same archives at once.
 */
export const BASE_SCRIPT = `
export ARCHIVES="$2"
mmdebstrap --mode=root --variant=apt --format=directory \\
  --skip=essential/unlink --skip=download/empty \\
  --include="$3" \\
  --dpkgopt=force-unsafe-io \\
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \\
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \\
  --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' --aptopt="$1/apt.conf" \\
  --setup-hook='mkdir -p "$1"/var/cache/apt/archives; find "$ARCHIVES" -name "*.deb" -exec cp -t "$1"/var/cache/apt/archives {} +' \\
  --customize-hook='find "$1"/var/cache/apt/archives -name "*.deb" -exec cp --no-clobber -t "$ARCHIVES" {} +' \\
  --customize-hook='chroot "$1" systemctl --quiet disable chrony.service' \\
  --customize-hook='chroot "$1" systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer' \\
  --customize-hook='rm -f "$1"/etc/ssh/ssh_host_*; : > "$1"/etc/machine-id; : > "$1"/etc/resolv.conf' \\
  bookworm "$1/root" "$1/sources.list"
chmod 755 "$1/root"
`;

/**
 * `$1` build folder, `$2` base root, `$3` package archives, then packages. Leaves an overlay layer in `$1/root`.
 * libvirt gets no cgroup controllers: on a machine with cgroup v1 a container may not write them, and a lab needs no limits.
 */
export const KVM_HOST_SCRIPT = `
build="$1" base="$2" archives="$3"; shift 3
chmod 755 "$build/root"
mkdir "$build/work" "$build/mount"
mount -t overlay overlay -o "lowerdir=$base,upperdir=$build/root,workdir=$build/work" "$build/mount"
root="$build/mount"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/var/cache/apt"
mkdir -p "$root/var/cache/apt/archives"
find "$archives" -name '*.deb' -exec cp -t "$root/var/cache/apt/archives" {} +
cp /etc/resolv.conf "$root/etc/resolv.conf"
printf '#!/bin/sh\\nexit 101\\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
export DEBIAN_FRONTEND=noninteractive
chroot "$root" apt-get update -q
chroot "$root" apt-get install -q -y --no-install-recommends -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-unsafe-io -- "$@"
find "$root/var/cache/apt/archives" -name '*.deb' -exec cp --no-clobber -t "$archives" {} +
rm -rf "$root/usr/sbin/policy-rc.d" "$root/etc/libvirt/qemu/networks/autostart" "$root"/var/lib/apt/lists/*
: > "$root/etc/resolv.conf"
printf 'cgroup_controllers = [ ]\\nsecurity_driver = "none"\\n' >> "$root/etc/libvirt/qemu.conf"
`;

#!/bin/sh
# A cloud image as a distributor makes them: Debian 12 with stock cloud-init, netplan and systemd-resolved; no ansible-runner, no DNS, no NTP.
# Ansible, Apache, Samba and plain tools are in it because installing them in an emulated machine takes more time than it proves.
# Usage (root): foreign-image.sh FOLDER ARCHIVES SOURCES     Leaves FOLDER/image.qcow2; package files are reused from ARCHIVES.
set -eu
folder=$1 sources=$3
export ARCHIVES="$2"
root=$folder/root
mkdir -m 0755 "$root"
mmdebstrap --mode=root --variant=apt --format=directory --skip=essential/unlink,download/empty \
  --include=linux-image-cloud-amd64,systemd-sysv,systemd-boot-efi,systemd-resolved,udev,dbus,libpam-systemd,openssh-server,cloud-init,cloud-guest-utils,e2fsprogs,netplan.io,sudo,python3,iproute2,netbase,ca-certificates,apache2,samba,bind9-dnsutils,ansible,curl,iputils-ping,jq,less,nano,nftables,procps,python3-jmespath,python3-netaddr,python3-requests,rsync,sshpass,tcpdump,xz-utils,zstd \
  --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --essential-hook='mkdir -p "$1"/etc/initramfs-tools/conf.d; printf "MODULES=list\nRESUME=none\nFSTYPE=ext4\n" >"$1"/etc/initramfs-tools/conf.d/test' \
  --essential-hook='printf "virtio_pci\nvirtio_blk\next4\n" >"$1"/etc/initramfs-tools/modules' \
  --setup-hook='mkdir -p "$1"/var/cache/apt/archives; find "$ARCHIVES" -name "*.deb" -exec cp -t "$1"/var/cache/apt/archives {} +' \
  --customize-hook='find "$1"/var/cache/apt/archives -name "*.deb" -exec cp --no-clobber -t "$ARCHIVES" {} +; rm -f "$1"/var/cache/apt/archives/*.deb' \
  --customize-hook='chroot "$1" systemctl --quiet enable systemd-networkd.service systemd-resolved.service ssh.service' \
  --customize-hook='chroot "$1" systemctl --quiet disable apache2 smbd nmbd samba-ad-dc apache-htcacheclean 2>/dev/null || true' \
  bookworm "$root" "$sources"
printf 'LABEL=root / ext4 defaults 0 1\n' >"$root/etc/fstab"
printf 'deb http://deb.debian.org/debian bookworm main\n' >"$root/etc/apt/sources.list"
ln -sf ../run/systemd/resolve/stub-resolv.conf "$root/etc/resolv.conf"
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/hostname"
: >"$root/etc/machine-id"

esp=$folder/esp.img rootfs=$folder/root.img disk=$folder/disk.img
truncate -s 96M "$esp"
mkfs.vfat -F 32 -n ESP "$esp" >/dev/null
mmd -i "$esp" ::EFI ::EFI/BOOT ::loader ::loader/entries
mcopy -i "$esp" "$root/usr/lib/systemd/boot/efi/systemd-bootx64.efi" ::EFI/BOOT/BOOTX64.EFI
mcopy -i "$esp" "$root"/boot/vmlinuz-* ::vmlinuz
mcopy -i "$esp" "$root"/boot/initrd.img-* ::initrd
printf 'timeout 0\ndefault debian.conf\n' | mcopy -i "$esp" - ::loader/loader.conf
printf 'title Debian\nlinux /vmlinuz\ninitrd /initrd\noptions root=LABEL=root rw console=ttyS0\n' | mcopy -i "$esp" - ::loader/entries/debian.conf
truncate -s 1800M "$rootfs"
mkfs.ext4 -q -L root -d "$root" "$rootfs"
truncate -s 1900M "$disk"
sgdisk --clear --new=1:1M:+96M --typecode=1:ef00 --new=2:0:0 --typecode=2:8304 "$disk" >/dev/null
dd if="$esp" of="$disk" bs=1M seek=1 conv=notrunc,sparse status=none
dd if="$rootfs" of="$disk" bs=1M seek=97 conv=notrunc,sparse status=none
qemu-img convert -W -m 4 -c -O qcow2 -o compression_type=zstd "$disk" "$folder/image.qcow2"

#!/bin/bash
# Builds the Debian 12 base image of the deployment VM from the package mirrors this machine's apt knows.
# Usage (root): build-debian-12.sh OUT.qcow2     Also writes OUT.contents.json, the list of what is inside.
set -euo pipefail

main() {
  if [ $# -ne 1 ] || [ "${1#-}" != "$1" ]; then fail 2 "usage: ${0##*/} OUT.qcow2"; fi
  [ "$(id -u)" -eq 0 ] || fail 2 "root is needed to install packages into a new root file system"
  require mmdebstrap:mmdebstrap mkfs.ext4:e2fsprogs mkfs.vfat:dosfstools mcopy:mtools sgdisk:gdisk qemu-img:qemu-utils python3:python3

  recipe=$(dirname "$(readlink -f "$0")")
  out=$(realpath -m "$1")
  cache=${BRINGUP_APT_CACHE:-/var/cache/bringup/apt}
  mkdir -p "$(dirname "$out")" "$cache"
  exec 9>"$cache/.lock"
  flock -n 9 || { say "waiting for another build that uses $cache"; flock 9; }

  work=$(mktemp -d "$(dirname "$out")/.build-debian-12.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  root=$work/root
  # A root file system below a 0700 directory would make the image's / unreadable to everyone but root.
  mkdir -m 0755 "$root"

  install_packages
  configure
  write_contents
  assemble_disk
  publish
}

install_packages() {
  say "installing $(package_list | wc -l) packages and what they depend on"
  local sources=$work/sources.list collections='/usr/lib/python3/dist-packages/ansible_collections' keep=() name
  debian_sources >"$sources"
  [ -s "$sources" ] || fail 1 "apt on this machine knows no Debian 12 mirror: run apt-get update, or add one to /etc/apt"
  for name in ansible/posix ansible/utils ansible/netcommon community/crypto community/general community/libvirt \
    containers/podman dellemc/enterprise_sonic dellemc/openmanage frr/frr kubernetes/core; do
    keep+=("--dpkgopt=path-include=$collections/${name%%/*}" "--dpkgopt=path-include=$collections/$name/*")
  done
  mkdir -p "$cache/archives"
  mmdebstrap --mode=root --variant=apt --format=directory \
    --skip=essential/unlink --skip=download/empty \
    --setup-hook="mkdir -p \"\$1\"/var/cache/apt/archives && find $cache/archives -name '*.deb' -exec cp -t \"\$1\"/var/cache/apt/archives {} +" \
    --customize-hook="find \"\$1\"/var/cache/apt/archives -name '*.deb' -exec cp --no-clobber -t $cache/archives {} +" \
    --aptopt='Acquire::Languages "none"' \
    --dpkgopt=force-unsafe-io \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/lintian/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt="path-exclude=$collections/*" "${keep[@]}" \
    --dpkgopt="path-exclude=$collections/*/*/tests/*" --dpkgopt="path-exclude=$collections/*/*/docs/*" \
    --include="$(package_list | paste -sd,)" \
    --essential-hook="cp -r $recipe/debian-12/etc/initramfs-tools \"\$1\"/etc/" \
    --essential-hook='chroot "$1" dpkg-divert --local --rename --add /usr/bin/py3compile && ln -s /bin/true "$1"/usr/bin/py3compile' \
    bookworm "$root" "$sources" >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; fail 1 "installing the packages failed, the last lines are above"; }
}

configure() {
  say "configuring the system"
  # Debian's own compile step insists on the collections left out above; the modules of the others are never imported on this machine.
  rm "$root/usr/bin/py3compile"
  chroot "$root" dpkg-divert --quiet --local --rename --remove /usr/bin/py3compile
  chroot "$root" python3 -m compileall -q -j 2 -x ansible_collections /usr/lib/python3/dist-packages /usr/share/python3
  cp -r "$recipe/debian-12/etc/." "$root/etc/"
  chroot "$root" systemctl --quiet enable systemd-networkd.service ssh.service
  chroot "$root" systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service \
    man-db.timer systemd-networkd-wait-online.service cloud-config.service cloud-final.service cloud-init-hotplugd.socket
  # A service no playbook has configured yet answers nothing.
  chroot "$root" systemctl --quiet disable apache2.service apache-htcacheclean.service chrony.service dnsmasq.service lldpd.service nftables.service \
    nmbd.service rsyslog.service samba-ad-dc.service smbd.service winbind.service 2>/dev/null || true
  # Where an init script lies beside a unit, systemctl enable runs update-rc.d: many seconds where the processor is emulated.
  rm -f "$root"/etc/init.d/*
  rm -rf "$root"/etc/ssh/ssh_host_* "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/cache/debconf/*-old \
    "$root"/var/log/*.log "$root"/var/log/apt "$root"/etc/resolv.conf "$root"/etc/hostname "$root"/usr/share/doc-base
  : >"$root/etc/machine-id"
}

# The package versions are what a finding about this image is traced to.
write_contents() {
  say "listing the contents"
  install -d "$root/etc/bringup"
  python3 - "$root" >"$root/etc/bringup/contents.json" <<'PYTHON'
import json, pathlib, subprocess, sys

root = pathlib.Path(sys.argv[1])
packages = subprocess.run(
    ["dpkg-query", "--admindir", root / "var/lib/dpkg", "-W", "-f", "${Package}\t${Version}\n"],
    check=True, capture_output=True, text=True,
).stdout
collections = {}
for manifest in (root / "usr/lib/python3/dist-packages/ansible_collections").glob("*/*/MANIFEST.json"):
    about = json.loads(manifest.read_text())["collection_info"]
    collections[f"{about['namespace']}.{about['name']}"] = about["version"]
print(json.dumps({
    "format": 1,
    "image": "debian-12",
    "packages": dict(line.split("\t") for line in packages.splitlines()),
    "ansible_collections": collections,
}, indent=1, sort_keys=True))
PYTHON
}

# Two partitions: an EFI system partition with the boot loader, kernel and initial RAM disk, and the root, last so that it can grow.
assemble_disk() {
  say "making the file systems"
  local esp=$work/esp.img rootfs=$work/rootfs.img disk=$work/disk.img esp_mib=96 root_mib
  root_mib=$(($(du -sm --apparent-size "$root" | cut -f1) * 115 / 100 + 256))
  truncate -s "${esp_mib}M" "$esp"
  mkfs.vfat -F 32 -n ESP "$esp" >/dev/null
  mmd -i "$esp" ::EFI ::EFI/BOOT ::loader ::loader/entries
  mcopy -i "$esp" "$root/usr/lib/systemd/boot/efi/systemd-bootx64.efi" ::EFI/BOOT/BOOTX64.EFI
  mcopy -i "$esp" "$(echo "$root"/boot/vmlinuz-*)" ::vmlinuz
  mcopy -i "$esp" "$(echo "$root"/boot/initrd.img-*)" ::initrd
  printf 'timeout 0\ndefault debian.conf\n' | mcopy -i "$esp" - ::loader/loader.conf
  printf 'title Debian 12\nlinux /vmlinuz\ninitrd /initrd\noptions root=LABEL=root rw console=ttyS0 net.ifnames=0 quiet systemd.show_status=true\n' |
    mcopy -i "$esp" - ::loader/entries/debian.conf
  truncate -s "${root_mib}M" "$rootfs"
  mkfs.ext4 -q -L root -E lazy_itable_init=1,lazy_journal_init=1 -d "$root" "$rootfs"

  truncate -s "$((esp_mib + root_mib + 2))M" "$disk"
  sgdisk --clear --new=1:1M:+${esp_mib}M --typecode=1:ef00 --new=2:0:0 --typecode=2:8304 "$disk" >/dev/null
  dd if="$esp" of="$disk" bs=1M seek=1 conv=notrunc,sparse status=none
  dd if="$rootfs" of="$disk" bs=1M seek=$((1 + esp_mib)) conv=notrunc,sparse status=none
  rm "$rootfs" "$esp"
  say "compressing the disk"
  qemu-img convert -W -m 4 -c -O qcow2 -o compression_type=zstd "$disk" "$work/out.qcow2"
}

publish() {
  mv "$root/etc/bringup/contents.json" "$out.contents.json"
  mv "$work/out.qcow2" "$out"
  say "done: $out, $(($(stat -c %s "$out") / 1048576)) MiB"
}

package_list() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$recipe/debian-12.packages"; }

# One-line sources of the Debian 12 archives this machine uses, so that a site with its own mirror needs no second setting.
debian_sources() {
  apt-get indextargets --format '$(ORIGIN) $(CODENAME) deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    sed -n 's/^Debian bookworm[a-z-]* //p' | sort -u
}

require() {
  local pair missing=()
  for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}"); done
  [ ${#missing[@]} -eq 0 ] || fail 2 "missing on this machine: apt-get install ${missing[*]}"
}

say() { printf '[%3d s] %s\n' "$SECONDS" "$*"; }
fail() { printf '%s: %s\n' "${0##*/}" "$2" >&2; exit "$1"; }

main "$@"

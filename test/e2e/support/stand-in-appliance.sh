#!/bin/sh
# A stand-in for the appliance of OpenManage Enterprise: the base image with the simulated API on port 443, an address by DHCP, and its
# setup done. It has nothing of the maker's. Usage (root): stand-in-appliance.sh FOLDER BASE NODE SIMULATOR PASSWORD
# Leaves FOLDER/image.qcow2; mounts in a namespace of its own, so that nothing stays of a run that is killed.
set -eu
folder=$1 base=$2 node=$3 simulator=$4 password=$5
disk=$folder/disk.img root=$folder/root
[ "${INSIDE:-}" = yes ] || exec env INSIDE=yes unshare --mount --propagation private sh "$0" "$@"

qemu-img convert -O raw "$base" "$disk"
mkdir "$root"
# The recipe of the base image puts the root file system behind 97 MiB.
mount -o loop,offset=$((97 << 20)) "$disk" "$root"
install -D -m 0755 "$node" "$root/usr/local/bin/node"
install -D -m 0644 "$simulator" "$root/opt/stand-in/ome-simulator.mjs"
install -D -m 0600 "$password" "$root/opt/stand-in/password"
touch "$root/etc/cloud/cloud-init.disabled"
echo stand-in-ome >"$root/etc/hostname"
printf 'This is a stand-in appliance with the simulated API of OpenManage Enterprise. It proves nothing of the real one.\n\n' >"$root/etc/issue"
cat >"$root/etc/systemd/network/10-dhcp.network" <<'TEXT'
[Match]
Name=eth0
[Network]
DHCP=ipv4
[DHCPv4]
ClientIdentifier=mac
TEXT
cat >"$root/etc/systemd/system/stand-in.service" <<'TEXT'
[Unit]
Description=Stand-in appliance: simulated OpenManage Enterprise
After=network.target
[Service]
StateDirectory=stand-in
WorkingDirectory=/var/lib/stand-in
ExecStartPre=/bin/sh -c 'test -e key.pem || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/CN=stand-in appliance" -keyout key.pem -out cert.pem'
ExecStart=/usr/local/bin/node /opt/stand-in/ome-simulator.mjs serve --listen 0.0.0.0:443 --user admin --password-file /opt/stand-in/password --cert cert.pem --key key.pem --state state --job-seconds 2
Restart=on-failure
StandardOutput=journal+console
[Install]
WantedBy=multi-user.target
TEXT
chroot "$root" systemctl --quiet enable stand-in.service
chroot "$root" systemctl --quiet disable ssh.service
umount "$root"
qemu-img convert -W -m 2 -c -O qcow2 -o compression_type=zstd "$disk" "$folder/image.qcow2"
rm "$disk"

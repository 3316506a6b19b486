#!/bin/sh
# rke2 stand-in: takes away what install.sh and the program left.
[ "$(id -u)" -eq 0 ] || { echo "$(basename "$0"): must be run as root" >&2; exit 1; }
rke2-killall.sh
systemctl disable rke2-server.service rke2-agent.service 2>/dev/null
rm -rf /etc/rancher/rke2 /etc/rancher/node /var/lib/rancher/rke2 /usr/local/share/rke2
rm -f /usr/local/lib/systemd/system/rke2-*.service /usr/local/lib/systemd/system/rke2-*.env /usr/local/bin/rke2*
systemctl daemon-reload

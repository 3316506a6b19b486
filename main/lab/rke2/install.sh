#!/bin/sh
# install.sh of the rke2 stand-in. Knows the variables that the real script takes for an installation without a network:
# INSTALL_RKE2_ARTIFACT_PATH, INSTALL_RKE2_TYPE, INSTALL_RKE2_TAR_PREFIX, INSTALL_RKE2_AGENT_IMAGES_DIR, INSTALL_RKE2_SKIP_RELOAD.
set -e
info() { echo "[INFO]  stand-in: $*"; }
fatal() { echo "[ERROR]  $*" >&2; exit 1; }

[ "$(id -u)" -eq 0 ] || fatal "You need to be root to perform this install"
type="${INSTALL_RKE2_TYPE:-${INSTALL_RKE2_EXEC:-server}}"
case "$type" in server | agent) ;; *) fatal "INSTALL_RKE2_TYPE must be server or agent, not $type" ;; esac
case "$(uname -m)" in x86_64 | amd64) ;; *) fatal "unsupported architecture $(uname -m)" ;; esac
artifacts="$INSTALL_RKE2_ARTIFACT_PATH"
[ -n "$artifacts" ] || fatal "can not download: this stand-in installs from INSTALL_RKE2_ARTIFACT_PATH alone"
prefix="${INSTALL_RKE2_TAR_PREFIX:-/usr/local}"
images="${INSTALL_RKE2_AGENT_IMAGES_DIR:-/var/lib/rancher/rke2/agent/images}"
tarball=rke2.linux-amd64.tar.gz

info "staging local checksums from $artifacts/sha256sum-amd64.txt"
wanted() { awk -v name="$1" '$2 == name { print $1 }' "$artifacts/sha256sum-amd64.txt"; }
verify() {
  seen="$(sha256sum "$artifacts/$1" | awk '{ print $1 }')"
  [ "$(wanted "$1")" = "$seen" ] || fatal "download sha256 does not match $(wanted "$1"), got $seen"
}
# As the real script: images beside the tarball only where the one archive of all images is there.
if [ -f "$artifacts/rke2-images.linux-amd64.tar.zst" ]; then
  info "verifying airgap tarball"
  verify rke2-images.linux-amd64.tar.zst
  mkdir -p "$images"
  cp -f "$artifacts/rke2-images.linux-amd64.tar.zst" "$images/"
fi
info "verifying tarball"
verify "$tarball"
info "unpacking tarball file to $prefix"
mkdir -p "$prefix"
tar xzf "$artifacts/$tarball" -C "$prefix"
[ -n "$INSTALL_RKE2_SKIP_RELOAD" ] || systemctl daemon-reload

#!/bin/bash
# Makes an archive of Debian 12 packages with all they depend on, from which a machine without a network installs them.
# Usage: build-packages.sh OUT.tar [--list FILE]     FILE names one package a line; without it the deployment VM's list.
# The archive is a flat apt repository: Release, Packages (with the SHA-256 of every package), wanted.list, *.deb.
set -euo pipefail

main() {
  recipe=$(dirname "$(readlink -f "$0")")
  out='' list=$recipe/debian-12.packages
  while [ $# -gt 0 ]; do
    case $1 in
      --list) [ $# -ge 2 ] || usage; list=$2; shift 2 ;;
      -*) usage ;;
      *) [ -z "$out" ] || usage; out=$(realpath -m "$1"); shift ;;
    esac
  done
  [ -n "$out" ] || usage
  [ -r "$list" ] || fail 2 "there is no package list $list"
  require apt-get:apt dpkg-deb:dpkg tar:tar sha256sum:coreutils
  [ -r "$keyring" ] || fail 2 "missing on this machine: apt-get install debian-archive-keyring"

  cache=${BRINGUP_APT_CACHE:-/var/cache/bringup/apt}/archives
  mkdir -p "$(dirname "$out")"
  work=$(mktemp -d "$(dirname "$out")/.build-packages.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  repository=$work/repository
  mkdir -p "$repository" "$work"/apt/{lists/partial,etc,log} "$work/debs/partial"

  resolve
  fetch
  write_index
  pack
}

# An empty record of installed packages makes apt name all of them, so that the archive suits whatever the machine has.
resolve() {
  debian_sources >"$work/apt/etc/sources.list"
  [ -s "$work/apt/etc/sources.list" ] || fail 1 "apt on this machine knows no Debian 12 mirror: run apt-get update, or add one to /etc/apt"
  : >"$work/apt/status"
  # A machine that runs has its kernel and its boot loader.
  mapfile -t wanted < <(sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' -e '/^linux-image-/d' -e '/^systemd-boot/d' "$list" | sort -u)
  [ ${#wanted[@]} -gt 0 ] || fail 2 "the list $list names no package"
  say "looking up ${#wanted[@]} packages and what they depend on"
  apt update >"$work/log" 2>&1 || explain "the lists of the mirror could not be read"
  apt install -o Acquire::ForceHash=SHA256 --print-uris "${wanted[@]}" >"$work/uris" 2>"$work/log" || explain "the packages could not be resolved"
  # 'http://mirror/pool/n/name.deb' name_version_amd64.deb 12345 SHA256:0123...
  sed -n "s/^'[^']*' \([^ ]*\.deb\) \([0-9]*\) SHA256:\([0-9a-f]*\)$/\3  \1/p" "$work/uris" | sort -k 2 >"$work/sums"
  [ -s "$work/sums" ] || fail 1 "apt named no package to fetch"
}

# Packages fetched before lie in a cache shared with build-debian-12.sh; a file with other content is fetched again.
fetch() {
  say "fetching $(wc -l <"$work/sums") packages"
  local sum name
  while read -r sum name; do
    if [ -f "$cache/$name" ] && echo "$sum  $cache/$name" | sha256sum --check --status; then cp "$cache/$name" "$work/debs/"; fi
  done <"$work/sums"
  apt install --download-only --yes "${wanted[@]}" >"$work/log" 2>&1 || explain "the packages could not be fetched"
  (cd "$work/debs" && sha256sum --check --quiet "$work/sums") >&2 || fail 1 "a package is not the one its mirror announces"
  while read -r sum name; do
    if [ -w "$cache" ] && [ ! -e "$cache/$name" ]; then cp "$work/debs/$name" "$cache/.$name.$$" && mv "$cache/.$name.$$" "$cache/$name"; fi
    mv "$work/debs/$name" "$repository/"
  done <"$work/sums"
}

write_index() {
  say "writing the index"
  local sum name
  while read -r sum name; do
    dpkg-deb -f "$repository/$name" | sed '/^$/d'
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$name" "$(stat -c %s "$repository/$name")" "$sum"
  done <"$work/sums" >"$repository/Packages"
  printf '%s\n' "${wanted[@]}" >"$repository/wanted.list"
  cat >"$repository/Release" <<END
Origin: Debian
Label: Debian 12 (bookworm)
Codename: bookworm
Architectures: amd64
Date: $(mirror_date)
SHA256:
 $(sha256sum <"$repository/Packages" | cut -d ' ' -f 1) $(stat -c %s "$repository/Packages") Packages
END
}

# The same packages give the same bytes: sorted, no owner, the mirror's time. What describes the archive comes first.
pack() {
  say "packing"
  local time
  time=$(sed -n 's/^Date: //p' "$repository/Release")
  (cd "$repository" && printf '%s\n' Release wanted.list Packages && cut -c 67- "$work/sums") >"$work/order"
  tar --create --file "$work/out.tar" --directory "$repository" --format=ustar --mtime="$time" --owner=0 --group=0 --numeric-owner \
    --mode=0644 --files-from "$work/order"
  mv "$work/out.tar" "$out"
  say "done: $out, $(wc -l <"$work/sums") packages, $(($(stat -c %s "$out") / 1048576)) MiB"
  sha256sum "$out"
}

# apt with everything of its own below $work; proxies and the like stay those of this machine.
apt() {
  apt-get -q -o Dir::State="$work/apt" -o Dir::State::status="$work/apt/status" -o Dir::State::lists="$work/apt/lists" \
    -o Dir::Etc::sourcelist="$work/apt/etc/sources.list" -o Dir::Etc::sourceparts=- -o Dir::Etc::preferences=- -o Dir::Etc::preferencesparts=- \
    -o Dir::Cache="$work/apt" -o Dir::Cache::archives="$work/debs" -o Dir::Log="$work/apt/log" -o APT::Sandbox::User= \
    -o APT::Architecture=amd64 -o APT::Architectures=amd64 -o APT::Install-Recommends=false -o Acquire::Languages=none \
    -o Acquire::Retries=3 -o APT::Update::Post-Invoke= -o APT::Update::Post-Invoke-Success= "$@"
}

# One-line sources of the Debian 12 archives this machine uses, so that a site with its own mirror needs no second setting.
debian_sources() {
  apt-get indextargets --format "\$(ORIGIN) \$(CODENAME) deb [signed-by=$keyring] \$(REPO_URI) \$(RELEASE) \$(COMPONENT)" 'Created-By: Packages' |
    sed -n 's/^Debian bookworm[a-z-]* //p' | sort -u
}

# When the mirror was last changed: the newest of its signed dates.
mirror_date() {
  local seconds
  seconds=$(sed -n 's/^Date: //p' "$work"/apt/lists/*Release | while read -r date; do date -d "$date" +%s; done | sort -n | tail -n 1)
  LC_ALL=C date -u -d "@$seconds" '+%a, %d %b %Y %H:%M:%S UTC'
}

require() {
  local pair missing=()
  for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}"); done
  [ ${#missing[@]} -eq 0 ] || fail 2 "missing on this machine: apt-get install ${missing[*]}"
}

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
usage() { fail 2 "usage: ${0##*/} OUT.tar [--list FILE]"; }
explain() { tail -n 20 "$work/log" >&2; fail 1 "$1; the last lines of apt are above"; }
say() { printf '[%3d s] %s\n' "$SECONDS" "$*"; }
fail() { printf '%s: %s\n' "${0##*/}" "$2" >&2; exit "$1"; }

main "$@"

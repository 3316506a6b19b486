#!/bin/sh
# Installs packages from an unpacked package archive (see build-packages.sh) and from nowhere else: no network is used.
# Usage (root): install-packages.sh FOLDER [--deployment-vm] [PACKAGE...]     Without PACKAGE, all of FOLDER/wanted.list.
# --deployment-vm leaves the system as a base image has it: no service of a new package runs or is enabled, no manuals. Without it
# no package is ever removed.
# What goes wrong is the last line, CODE: sentence; the exit code then is 3.
set -u
LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL DEBIAN_FRONTEND NEEDRESTART_SUSPEND PATH

# The Ansible collections that build-debian-12.sh keeps; the others are tens of thousands of files that nothing here uses.
collections='ansible/posix ansible/utils ansible/netcommon community/crypto community/general community/libvirt
containers/podman dellemc/enterprise_sonic dellemc/openmanage frr/frr kubernetes/core'

main() {
  folder=$(cd "$1" && pwd) || exit 2
  shift
  vm=no
  if [ "${1:-}" = --deployment-vm ]; then vm=yes; shift; fi
  # shellcheck disable=SC2046
  [ $# -gt 0 ] || set -- $(cat "$folder/wanted.list")

  require_system
  mkdir -p "$folder/apt/lists/partial" "$folder/apt/archives/partial"
  printf 'deb [trusted=yes] file:%s ./\n' "$folder" >"$folder/apt/sources.list"
  trap restore EXIT
  trap 'exit 1' HUP INT TERM
  [ $vm = no ] || hold_services
  # An installation that was interrupted is finished first, or apt refuses to begin.
  dpkg --configure -a >"$folder/log" 2>&1
  apt update >"$folder/log" 2>&1 || fail PACKAGES_ARCHIVE "the index of the package archive cannot be read"
  # Where a dependency was broken before, apt takes no new package until that is mended, and mends it only when asked for nothing else.
  plan "$@" || { apt --yes --no-remove --fix-broken install >"$folder/mend" 2>&1 && plan "$@"; } ||
    fail PACKAGES_INCOMPLETE "the package archive of $(field Date) does not hold what this machine needs to install $*"

  apt --yes install "$@" 2>&1 | tee "$folder/log"
  # The exit code of a pipe is that of tee, so the outcome is asked of dpkg.
  installed "$@" || fail_install
  [ $vm = no ] || settle
  echo "installed: $*"
}

# The archive's packages belong to one release of one distribution.
require_system() {
  . /etc/os-release
  [ "$ID ${VERSION_CODENAME:-}" = "$(field Origin | tr A-Z a-z) $(field Codename)" ] && command -v apt-get >/dev/null ||
    fail PACKAGES_WRONG_SYSTEM "the package archive is for $(field Label), and this machine is ${PRETTY_NAME:-$ID}"
  [ "$(dpkg --print-architecture)" = "$(field Architectures)" ] ||
    fail PACKAGES_WRONG_SYSTEM "the package archive is for $(field Architectures), and this machine is $(dpkg --print-architecture)"
}

field() { sed -n "s/^$1: //p" "$folder/Release"; }

# apt that knows this archive as its only source; the machine's own sources and lists stay as they are.
apt() {
  set -- -q -o Dir::Etc::sourcelist="$folder/apt/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::lists="$folder/apt/lists" -o Dir::Cache="$folder/apt" -o APT::Sandbox::User=root -o Acquire::Languages=none \
    -o APT::Install-Recommends=false -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef \
    -o Dpkg::Options::=--force-confold "$@"
  if [ $vm = yes ]; then
    all=/usr/lib/python3/dist-packages/ansible_collections
    kept=$(for name in $collections; do printf '%s\n' "include=$all/${name%%/*}" "include=$all/$name/*"; done)
    set -f
    for pattern in 'exclude=/usr/share/man/*' 'exclude=/usr/share/info/*' 'exclude=/usr/share/locale/*' 'exclude=/usr/share/doc/*' \
      'include=/usr/share/doc/*/copyright' "exclude=$all/*" $kept "exclude=$all/*/*/tests/*" "exclude=$all/*/*/docs/*"; do
      set -- "$@" -o "Dpkg::Options::=--path-$pattern"
    done
    set +f
    set -- "$@" -o DPkg::Path="$PATH" -o Dpkg::Options::=--force-unsafe-io
  else
    set -- "$@" --no-remove
  fi
  apt-get "$@"
}

plan() { apt --simulate install "$@" >"$folder/log" 2>&1; }

installed() {
  [ "$(dpkg-query --show --showformat '${db:Status-Abbrev}\n' "$@" 2>/dev/null | grep -c '^[ih]i')" -eq $# ]
}

fail_install() {
  grep -q -e 'No space left on device' -e 'enough free space' "$folder/log" &&
    fail PACKAGES_DISK_FULL "the disk became full while installing: $(df -h / | awk 'NR == 2 {print $4}') free of $(df -h / | awk 'NR == 2 {print $2}')"
  fail PACKAGES_INSTALL "installing from the package archive failed"
}

# Maintainer scripts ask policy-rc.d before they start a service. What else they would do about services, and Python's byte code, is left
# out by taking the place of those programs (apt hands scripts the PATH it is told): where the processor is emulated each call takes
# seconds, and compiling Ansible minutes. A playbook enables what it configures; a module is compiled at its first use.
hold_services() {
  policy=/usr/sbin/policy-rc.d
  # One that an interrupted installation left behind is ours, not the machine's.
  if [ -e $policy ] && ! grep -q '^# Bringup' $policy; then mv $policy $policy.before-bringup; fi
  printf '#!/bin/sh\n# Bringup installs packages: nothing is started meanwhile.\nexit 101\n' >$policy
  chmod 755 $policy
  mkdir -p "$folder/bin"
  for program in deb-systemd-helper deb-systemd-invoke invoke-rc.d py3compile update-rc.d; do ln -sf /bin/true "$folder/bin/$program"; done
  printf '#!/bin/sh\ncase " $* " in *" daemon-reload "*) exit 0 ;; esac\nexec /usr/bin/systemctl "$@"\n' >"$folder/bin/systemctl"
  chmod 755 "$folder/bin/systemctl"
  PATH=$folder/bin:$PATH
}

# What the places above held back, once for all packages; dpkg keeps the folders of files it leaves out.
settle() {
  /usr/bin/systemctl daemon-reload
  find /usr/lib/python3/dist-packages/ansible_collections -depth -type d -empty -delete
}

restore() {
  [ $vm = yes ] || return 0
  rm -f /usr/sbin/policy-rc.d
  if [ -e /usr/sbin/policy-rc.d.before-bringup ]; then mv /usr/sbin/policy-rc.d.before-bringup /usr/sbin/policy-rc.d; fi
}

fail() {
  tail -n 15 "$folder/log" 2>/dev/null
  echo "$1: $2"
  exit 3
}

main "$@"

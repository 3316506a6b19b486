import { bootSectorForPrintf } from './boot-sector.ts';

/** Programs the playbooks start on the KVM host. */
export const TOOLS = ['python3', 'qemu-img', 'virsh', 'xorriso', 'ssh-keygen'] as const;

/**
 * Collects all facts in one go, as `key=value` lines; needs no more than a POSIX shell, so that a missing python3 can be
 * reported. Arguments: bridge, storage folder, Bringup's folder, accelerators to prove (`kvm tcg`), libvirt domain.
 */
export const FACTS_SCRIPT = String.raw`
LC_ALL=C PATH=$PATH:/usr/sbin:/sbin; export LC_ALL PATH
bridge=$1 storage=$2 root=$3 accelerators=$4 domain=$5
say() { printf '%s=%s\n' "$1" "$(printf '%s' "$2" | tr '\n' ' ')"; }
have() { command -v "$1" >/dev/null 2>&1; }
existing() { d=$1; while [ ! -d "$d" ]; do d=$(dirname "$d"); done; echo "$d"; }
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

qemu=
for program in qemu-system-x86_64 /usr/libexec/qemu-kvm; do have "$program" && qemu=$program && break; done
printf '${bootSectorForPrintf()}' >"$work/disk"
probe() {
  # Emulation always ends, so it gets time on a busy machine; KVM that has said nothing by then does not execute.
  case $1 in kvm) limit=4 ;; *) limit=30 ;; esac
  timeout "$limit" "$qemu" -accel "$1" -machine pc -m 32 -nodefaults -display none -monitor none -serial stdio -no-reboot \
    -drive file="$work/disk",format=raw,if=ide,snapshot=on </dev/null >"$work/$1" 2>&1
  echo $? >"$work/$1.code"
}
[ -c /dev/kvm ] && say kvm_device yes
if [ -n "$qemu" ]; then
  say qemu "$qemu"
  for accelerator in $accelerators; do
    [ "$accelerator" = kvm ] && [ ! -c /dev/kvm ] && continue
    probe "$accelerator" &
  done
fi
if have virsh; then
  { timeout 10 virsh -c qemu:///system version --daemon >"$work/libvirt" 2>&1; echo $? >"$work/libvirt.code"
    [ -n "$domain" ] && timeout 10 virsh -c qemu:///system domstate "$domain" >"$work/vm" 2>/dev/null; } &
fi
if have ansible-playbook; then
  # The interpreter Ansible runs under knows its versions, also where it lives in a virtual environment of its own.
  python=$(sed -n '1s/^#! *//p' "$(command -v ansible-playbook)")
  case $python in */*) ;; *) python=python3 ;; esac
  timeout 10 $python -c '
import importlib.metadata as m
for key, name in (("ansible_core", "ansible-core"), ("ansible_runner", "ansible-runner")):
    try: print(key + "=" + m.version(name))
    except m.PackageNotFoundError: pass' >"$work/ansible" 2>/dev/null &
fi

say user "$(id -un)"
if [ -r /etc/os-release ]; then
  . /etc/os-release
  say os_id "$ID"; say os_like "$ID_LIKE"; say os_version "$VERSION_ID"; say os_name "$PRETTY_NAME"
fi
say arch "$(uname -m)"
say cpus "$(nproc)"
say cpu_model "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
say cpu_virt "$(grep -m 1 -ow -e vmx -e svm /proc/cpuinfo | head -n 1)"
say memory_total "$(awk '/^MemTotal:/ {print int($2 / 1024)}' /proc/meminfo)"
say memory_available "$(awk '/^MemAvailable:/ {print int($2 / 1024)}' /proc/meminfo)"
for pair in "storage $storage" "work $root"; do
  key=$(echo "$pair" | cut -d ' ' -f 1) at=$(existing "$(echo "$pair" | cut -d ' ' -f 2)")
  say "$key"_at "$at"
  say "$key"_device "$(df -Pk "$at" | awk 'NR == 2 {print $1 " " $6}')"
  say "$key"_free "$(df -Pk "$at" | awk 'NR == 2 {print int($4 / 1024)}')"
done
say work_used "$(du -sm "$root" 2>/dev/null | cut -f 1)"
[ -n "$domain" ] && say vm_disk "$(du -m "$storage/$domain.qcow2" 2>/dev/null | cut -f 1)"
if [ -d "/sys/class/net/$bridge/bridge" ]; then say bridge bridge
elif [ -d "/sys/class/net/$bridge" ]; then say bridge other
fi
say bridge_state "$(cat "/sys/class/net/$bridge/operstate" 2>/dev/null)"
say bridge_addresses "$(ip -o -4 address show dev "$bridge" 2>/dev/null | awk '{print $4}')"
say bridges "$(for d in /sys/class/net/*/bridge; do [ -d "$d" ] && basename "$(dirname "$d")"; done)"
for code in /usr/share/OVMF/OVMF_CODE_4M.fd /usr/share/edk2/ovmf/OVMF_CODE.fd /usr/share/OVMF/OVMF_CODE.fd; do
  [ -r "$code" ] && say firmware "$code" && break
done
for tool in ${TOOLS.join(' ')}; do have "$tool" && printf '%s ' "$tool" >>"$work/tools"; done
say tools "$(cat "$work/tools" 2>/dev/null)"
have ansible-runner && say ansible_runner_program yes
wait
# Whoever runs beside the others writes to a file of his own, told here, so that no line is torn.
cat "$work/ansible" 2>/dev/null
say vm_state "$(cat "$work/vm" 2>/dev/null)"
for key in libvirt kvm tcg; do
  [ -r "$work/$key.code" ] || continue
  say "$key"_code "$(cat "$work/$key.code")"
  say "$key"_text "$(tail -c 600 "$work/$key")"
done
say complete yes
`;

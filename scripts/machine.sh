# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# machine.sh: what guests can be emulated as: the one table of architectures, IOMMUs and
# accelerators. A new one is a row here.
# shellcheck disable=SC2034,SC2154 # used by the scripts; scratch is of lib.sh

# What kernels are built for and guests are emulated as.
machine_arch=x86_64

# machine_load ARCH: sets what emulates it (qemu), what the kernel is built as
# (kernel_arch, the target kernel_image, and its file kernel_file), and the name of the
# machine and of its console
machine_load()
{
	case $1 in
	x86_64)
		qemu='qemu-system-x86_64'
		kernel_arch=x86_64 kernel_image=bzImage kernel_file=arch/x86/boot/bzImage
		machine_name=q35 console_name=ttyS0 ;;
	*) die 2 "architecture '$1': must be x86_64" ;;
	esac
}

# ---- IOMMUs ----

iommus=(intel amd virtio)

# iommu_check MODEL [MORE]: refuse what is none, or one of MORE
iommu_check()
{
	word_in "$1" "${iommus[@]}" "${@:2}" ||
		die 2 "--iommu '$1': must be $(printf '%s\n' "${iommus[@]}" "${@:2}" | words_or)"
}

# machine_unsafe_interrupts: tell the guest's kernel to live with interrupts that are not
# remapped; adds to append
machine_unsafe_interrupts()
{
	append+=' vfio_iommu_type1.allow_unsafe_interrupts=1 iommufd.allow_unsafe_interrupts=1'
}

# machine_iommu MODEL: adds to qemu_machine and append
machine_iommu()
{
	case $1 in
	intel)
		qemu_machine+=(-device 'intel-iommu,intremap=on,aw-bits=48')
		# Kernels of distributions leave it alone unless they are told.
		append+=' intel_iommu=on' ;;
	amd)
		qemu_machine+=(-device 'amd-iommu,intremap=on')
		# It says that the IOAPIC is a device that is not there: Linux 7.3 does not
		# remap interrupts then.
		machine_unsafe_interrupts ;;
	virtio)
		qemu_machine+=(-device 'virtio-iommu-pci,addr=0x2.0')
		# It remaps no interrupts.
		machine_unsafe_interrupts ;;
	esac
}

# ---- accelerators ----

# accels: icount, tcg, kvm; auto is kvm where a guest boots with it, else icount
# What the emulated CPU is. Each iteration of "rep stosb" counts as an instruction: without
# these features a page is zeroed in 512 of 8 bytes, not in 4,096 of one.
cpu_emulated='max,phys-bits=46,erms=off,fsrm=off'
# What pins the guest's clock to an instruction a nanosecond. Left alone, the kernel measures it
# with another timer, and rounds that to 999.999 MHz in some boots, to 1000.000 in others.
clock_pinned='tsc_early_khz=1000000 tsc=reliable hpet=disable pmtmr=0'
# Calibrating the local APIC's timer is 0.2 s of rdtsc in a loop, which the emulator takes longer
# for than for all the rest of the boot. The tick is the PIT's then.
clock_quick='no_timer_check nolapic_timer'
# A KVM that is a guest itself may refuse a feature of its host.
cpus_kvm=('host,host-phys-bits=on' 'host,host-phys-bits=on,-arch-capabilities')

# machine_accel MODE: adds to qemu_machine and append
machine_accel()
{
	case $1 in
	# An IOMMU that remaps interrupts must have the I/O APIC in QEMU.
	kvm) qemu_machine+=(-machine "$machine_name,kernel-irqchip=split" -accel kvm
		-cpu "${cpu_kvm:-${cpus_kvm[0]}}" -name debug-threads=on) ;;
	*) qemu_machine+=(-machine "$machine_name") ;;
	esac
	case $1 in
	# Two boots differ in nothing: with the seed they have the same random numbers, and while it
	# records, QEMU never moves the clock on in one thread when another one has not yet counted
	# what it ran. Left alone that happens on a busy host, a few ns at a time.
	icount) qemu_machine+=(-accel tcg -cpu "$cpu_emulated"
		-icount 'shift=0,sleep=off,rr=record,rrfile=/dev/null'
		-rtc 'base=2026-01-01T00:00:00,clock=vm' -seed 1)
		append+=" $clock_pinned $clock_quick" ;;
	# CPUs take turns when one waits, pauses, or is interrupted; so no CPU can run code
	# that another one is changing, which QEMU 7.2 does not get right with a thread each.
	tcg) qemu_machine+=(-accel 'tcg,thread=single' -cpu "$cpu_emulated") ;;
	esac
	# A starved host misses the ticks by which the kernel wants to see its timer work.
	case $1 in tcg) append+=' no_timer_check' ;; esac
}

# ---- KVM ----

# kvm_refusal DEVICE: print why KVM cannot be used, or nothing
kvm_refusal()
{
	local device=$1

	if [ ! -e "$device" ]; then
		echo "there is no $device: this machine has no virtualization, or the module kvm is not loaded"
	elif [ ! -r "$device" ] || [ ! -w "$device" ]; then
		echo "$(id -un) may not open $device: that needs membership of the group $(stat -c %G "$device")"
	fi
}

# machine_ask OPTION...: start that machine, stopped, and ask what it became: prints QMP's
# answers, a line each, or what QEMU said, and then fails
machine_ask()
{
	local asked=0

	printf '{"execute":"%s"}\n' qmp_capabilities query-kvm query-status quit |
		timeout 60 "$qemu" -nodefaults -no-user-config -display none -m 64M -S -qmp stdio "$@" \
			2> "$scratch/ask" || asked=$?
	[ "$asked" -eq 0 ] || { tail -n 1 "$scratch/ask" >&2; return 1; }
}

# kvm_cpu_choose IOMMU: sets cpu_kvm to the first CPU that KVM takes, with the whole
# machine; else refusal says what QEMU said of the last
kvm_cpu_choose()
{
	local qemu_machine append=''

	for cpu_kvm in "${cpus_kvm[@]}"; do
		qemu_machine=()
		machine_iommu "$1"
		machine_accel kvm
		if machine_ask "${qemu_machine[@]}" > "$scratch/answers" 2> "$scratch/refused" &&
				grep -q '"enabled": true' "$scratch/answers"; then
			return 0
		fi
	done
	refusal=$(tail -n 1 "$scratch/refused")
	return 1
}

# cpus_allowed: print the CPUs of the host that may be used, the last first: interrupts go to the first
cpus_allowed()
{
	sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status | tr , '\n' |
		while IFS=- read -r first last; do
			seq "$first" "${last:-$first}"
		done | sort -rn
}

# cpu_thread PID CPU: print the thread that is a CPU of the guest; QEMU has it soon after it starts
cpu_thread()
{
	local tries comm

	for ((tries = 0; tries < 100; tries++)); do
		for comm in "/proc/$1/task"/*/comm; do
			[ "$(cat "$comm" 2>/dev/null)" != "CPU $2/KVM" ] || { basename "${comm%/comm}"; return; }
		done
		sleep 0.1
	done
	return 1
}

# cpus_pin PID COUNT: each CPU of the guest to a CPU of the host; sets pinned to those, or says why not
cpus_pin()
{
	local hosts cpu thread

	pinned=
	mapfile -t hosts < <(cpus_allowed)
	if [ "${#hosts[@]}" -lt "$2" ]; then
		say "CPUs are not pinned: the guest has $2, and may use ${#hosts[@]} of this machine"
		return
	fi
	for ((cpu = 0; cpu < $2; cpu++)); do
		thread=$(cpu_thread "$1" "$cpu") && taskset -pc "${hosts[cpu]}" "$thread" > /dev/null ||
			{ pinned=; say "CPUs are not pinned: CPU $cpu of the guest cannot be"; return; }
		pinned+=${pinned:+ }${hosts[cpu]}
	done
}

# machine_bar_check BAR: under KVM the BAR must fit below the end of the host's addresses
# together with the memory, on a multiple of its own size
machine_bar_check()
{
	local bits

	bits=$(sed -n 's/^address sizes[^:]*: \([0-9]*\) bits physical.*/\1/p' /proc/cpuinfo | head -n 1)
	[ -n "$bits" ] || return 0
	[ "$(numfmt --from=iec "$1")" -le $((1 << (bits - 1))) ] ||
		die 2 "--bar '$1': this CPU has $bits address bits, so that a BAR may have at most $(
			numfmt --to=iec $((1 << (bits - 1))))"
}

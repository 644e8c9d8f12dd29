// SPDX-License-Identifier: GPL-2.0-or-later
#include "lib/clock.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <x86intrin.h>

#include "lib/array.h"
#endif

#define NS_PER_S		1000000000L
#define SETTLE_NS		100000
#define PROOF_POINTS		6
#define PROOF_REPEATS		9

static uint64_t clock_read_raw_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return (uint64_t)now.tv_sec * (uint64_t)NS_PER_S + (uint64_t)now.tv_nsec;
}

/*
 * Ticks come at multiples of their period, which is the resolution of the coarse clock. Sleep until
 * one, and then a little more, while what it woke up runs. A signal ends a sleep early, and soon
 * after the run.
 */
static void clock_wait_tick(void)
{
	const struct timespec rest = { .tv_nsec = SETTLE_NS };
	struct timespec wait, period;

	clock_getres(CLOCK_MONOTONIC_COARSE, &period);
	clock_gettime(CLOCK_MONOTONIC, &wait);
	wait.tv_sec = 0;
	wait.tv_nsec = period.tv_nsec - wait.tv_nsec % period.tv_nsec;
	clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, NULL);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, NULL);
}

bool clock_slope_is_exact(const struct clock_point *points, size_t count)
{
	bool differ = false;
	size_t i;

	for (i = 1; i < count; i++) {
		if (points[i].insns - points[0].insns != points[i].ticks - points[0].ticks)
			return false;
		if (points[i].insns != points[0].insns)
			differ = true;
	}
	return differ;
}

#if defined(__x86_64__)

static uint64_t clock_read_tsc(void)
{
	return __rdtsc();
}

/* Two instructions a turn. */
static uint64_t loop_short_ticks(uint64_t turns)
{
	uint64_t start = __rdtsc();

	__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(turns) : : "cc");
	return __rdtsc() - start;
}

/* Seven a turn: no CPU takes the same time for each of these as for those above. */
static uint64_t loop_long_ticks(uint64_t turns)
{
	uint64_t start = __rdtsc();

	__asm__ volatile("1: nop\n\tnop\n\tnop\n\tnop\n\tnop\n\tdec %0\n\tjnz 1b"
			 : "+r"(turns) : : "cc");
	return __rdtsc() - start;
}

/* An interrupt can only make a run longer, so the shortest of a few is the true one. */
static uint64_t loop_least_ticks(uint64_t (*loop_ticks)(uint64_t turns), uint64_t turns)
{
	uint64_t least = UINT64_MAX, ticks;
	unsigned int i;

	for (i = 0; i < PROOF_REPEATS; i++) {
		ticks = loop_ticks(turns);
		if (ticks < least)
			least = ticks;
	}
	return least;
}

static bool loop_slope_is_exact(uint64_t (*loop_ticks)(uint64_t turns), uint64_t turn_insns)
{
	struct clock_point points[PROOF_POINTS];
	uint64_t turns;
	size_t i;

	for (i = 0; i < PROOF_POINTS; i++) {
		turns = 100 + 317 * i;
		points[i].insns = turns * turn_insns;
		points[i].ticks = loop_least_ticks(loop_ticks, turns);
	}
	return clock_slope_is_exact(points, PROOF_POINTS);
}

bool clock_counts_instructions(void)
{
	return loop_slope_is_exact(loop_short_ticks, 2) && loop_slope_is_exact(loop_long_ticks, 7);
}

const char *clock_hypervisor(void)
{
	static char signature[13];
	unsigned int eax, ebx, ecx, edx;

	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & 1u << 31))
		return "none";
	/* 0x40000000: the leaf all hypervisors put their signature into */
	__cpuid(0x40000000, eax, ebx, ecx, edx);
	memcpy(signature, &ebx, 4);
	memcpy(signature + 4, &ecx, 4);
	memcpy(signature + 8, &edx, 4);
	if (!strcmp(signature, "KVMKVMKVM"))
		return "KVM";
	if (!strcmp(signature, "TCGTCGTCGTCG"))
		return "TCG";
	return signature;
}

#else

#define clock_read_tsc	clock_read_raw_ns

bool clock_counts_instructions(void)
{
	return false;
}

const char *clock_hypervisor(void)
{
	return "unknown";
}

#endif

/*
 * Indexed by mode. icount needs a second sample only to prove the first; the noisy modes need
 * enough for a median and its interval.
 */
static const struct {
	const char *name, *hypervisor, *unit;
	unsigned int iterations;
	uint64_t (*read)(void);
	void (*wait_tick)(void);
} clock_modes[CLOCK_MODES] = {
	[CLOCK_MODE_AUTO] = { .name = "auto" },
	[CLOCK_MODE_ICOUNT] = { "icount", NULL, "insn", 2, clock_read_tsc, clock_wait_tick },
	[CLOCK_MODE_KVM] = { "kvm", "KVM", "ns", 20, clock_read_raw_ns, NULL },
	[CLOCK_MODE_TCG] = { "tcg", "TCG", "ns", 6, clock_read_raw_ns, NULL },
	[CLOCK_MODE_METAL] = { "metal", "none", "ns", 20, clock_read_raw_ns, NULL },
};

const char *clock_mode_name(enum clock_mode mode)
{
	return clock_modes[mode].name;
}

int clock_mode_parse(const char *name, enum clock_mode *mode)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(clock_modes); i++) {
		if (!strcmp(name, clock_modes[i].name)) {
			*mode = (enum clock_mode)i;
			return 0;
		}
	}
	return -EINVAL;
}

/* CLOCK_MODE_AUTO if the name says nothing. */
static enum clock_mode mode_of_hypervisor(const char *hypervisor)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(clock_modes); i++)
		if (clock_modes[i].hypervisor && !strcmp(hypervisor, clock_modes[i].hypervisor))
			return (enum clock_mode)i;
	return CLOCK_MODE_AUTO;
}

/* A mode asked for by name is right if found, or if the machine does not say what it is. */
static int mode_check(enum clock_mode wanted, enum clock_mode found, struct error *error)
{
	if (wanted == CLOCK_MODE_AUTO && found == CLOCK_MODE_AUTO)
		return error_set(error, OUTCOME_CANNOT, ENODEV,
				 "mode 'auto': hypervisor '%s' unheard of; choose kvm or metal",
				 clock_hypervisor());
	if (wanted == CLOCK_MODE_AUTO || wanted == found)
		return 0;
	if (wanted == CLOCK_MODE_ICOUNT)
		return error_set(error, OUTCOME_CANNOT, ENODEV,
				 "mode 'icount': the time stamp counter here does not count "
				 "instructions; needs QEMU with -accel tcg -icount shift=0");
	if (found == CLOCK_MODE_AUTO)
		return 0;
	return error_set(error, OUTCOME_CANNOT, ENODEV, "mode '%s': this machine is %s",
			 clock_mode_name(wanted), clock_mode_name(found));
}

int clock_init(struct clock_source *clock, enum clock_mode wanted, struct error *error)
{
	enum clock_mode found = mode_of_hypervisor(clock_hypervisor());
	int ret;

	/* Nanoseconds on purpose, in a guest that counts instructions, stay possible. */
	if ((wanted == CLOCK_MODE_AUTO || wanted == CLOCK_MODE_ICOUNT) &&
	    clock_counts_instructions())
		found = CLOCK_MODE_ICOUNT;
	ret = mode_check(wanted, found, error);
	if (ret)
		return ret;
	clock->mode = wanted == CLOCK_MODE_AUTO ? found : wanted;
	clock->unit = clock_modes[clock->mode].unit;
	clock->iterations = clock_modes[clock->mode].iterations;
	clock->read = clock_modes[clock->mode].read;
	clock->wait_tick = clock_modes[clock->mode].wait_tick;
	return 0;
}

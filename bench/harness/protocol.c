// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/protocol.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define GROWTH_MAX	10

#define WARMUP_DEFAULT		1
#define MIN_TIME_DEFAULT_NS	UINT64_C(1000000)

int protocol_time_parse(const char *text, uint64_t *ns)
{
	static const struct {
		const char *suffix;
		uint64_t ns;
	} units[] = {
		{ "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 },
	};
	char *end;
	size_t i;

	/* strtoull() would also take blanks and signs */
	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*ns = strtoull(text, &end, 10);
	if (errno)
		return -EINVAL;
	if (!*end && !*ns)
		return 0;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].suffix))
			continue;
		if (*ns > PROTOCOL_MIN_TIME_MAX_NS / units[i].ns)
			return -EINVAL;
		*ns *= units[i].ns;
		return 0;
	}
	return -EINVAL;
}

/* Everything counted is repeatable: nothing of this makes sense there. */
static int counted_init(struct protocol *protocol, const struct protocol_request *request,
			struct error *error)
{
	const char *option = request->has_seed ? "seed" : request->has_warmup ? "warmup" :
			     request->has_min_time ? "min-time" : NULL;

	*protocol = (struct protocol) { .warmup = WARMUP_DEFAULT, .repeats_max = 1 };
	if (!option)
		return 0;
	return error_set(error, OUTCOME_USE, EINVAL,
			 "option '--%s': not in icount mode, where the order is fixed and samples "
			 "are of one operation", option);
}

int protocol_init(struct protocol *protocol, const struct protocol_request *request,
		  const struct clock_source *clock, struct error *error)
{
	if (clock->mode == CLOCK_MODE_ICOUNT)
		return counted_init(protocol, request, error);
	*protocol = (struct protocol) {
		.shuffled = true,
		.seed = request->seed,
		.warmup = request->has_warmup ? request->warmup : WARMUP_DEFAULT,
		.min_time_ns = request->has_min_time ? request->min_time_ns : MIN_TIME_DEFAULT_NS,
		.repeats_max = PROTOCOL_REPEATS_MAX,
	};
	if (!protocol->min_time_ns)
		protocol->repeats_max = 1;
	if (request->has_seed || getrandom(&protocol->seed, sizeof(protocol->seed), 0) ==
				 (ssize_t)sizeof(protocol->seed))
		return 0;
	return error_set(error, OUTCOME_CANNOT, errno,
			 "option '--seed': the system has no random number: %s; give one",
			 strerror(errno));
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

unsigned int protocol_repeats(const struct protocol *protocol, unsigned int repeats,
			      uint64_t least_ns, uint64_t wall_ns)
{
	uint64_t wall_max_ns = protocol->min_time_ns * PROTOCOL_WALL_FACTOR;
	uint64_t wanted = (uint64_t)repeats * GROWTH_MAX;

	if (least_ns >= protocol->min_time_ns)
		return repeats;
	/* a little more than by the rule of three, so as not to come back for that */
	if (least_ns)
		wanted = least(wanted, repeats * protocol->min_time_ns / least_ns * 9 / 8 + 1);
	if (wall_ns)
		wanted = least(wanted, repeats * wall_max_ns / wall_ns);
	wanted = least(wanted, protocol->repeats_max);
	return wanted > repeats ? (unsigned int)wanted : repeats;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Make a program that differs shorter and simpler, as long as it still differs in the same way. */
#include "fuzz_host.h"

#include <linux/vfio.h>
#include <string.h>
#include <sys/mman.h>

#define CANDIDATES_MAX	64
#define COST_MAX	12	/* of what costs seconds: a guest that is lost 4, one out of memory 1 */
#define ROUNDS_MAX	60

struct shrinker {
	struct fuzz_guest *guests;
	const char *lookup;
	struct fuzz_program *program;
	struct fuzz_verdict *verdict;
	unsigned int cost, rounds;
	struct fuzz_program candidates[CANDIDATES_MAX];
	unsigned int count;
};

/* The result of a line: what follows "->". */
static const char *result_of(const char *line)
{
	const char *arrow = strstr(line, "-> ");

	return arrow ? arrow + 3 : line;
}

static bool results_equal(const char *a, const char *b)
{
	size_t length = strcspn(result_of(a), " ");

	return length == strcspn(result_of(b), " ") && !strncmp(result_of(a), result_of(b), length);
}

/* The same call that differs, with the same errors; at the end anything. */
static bool verdict_alike(const struct fuzz_verdict *a, const struct fuzz_verdict *b)
{
	if (!a->differ || !b->differ || strcmp(a->what, b->what))
		return false;
	return !strncmp(a->what, "end", 3) || !strcmp(a->what, "fault") ||
	       (results_equal(a->stock, b->stock) && results_equal(a->subject, b->subject));
}

static unsigned int answer_cost(const struct fuzz_answer *answer)
{
	if (answer->lost)
		return 4;
	return strstr(answer->text, "ended signal") || strstr(answer->text, "ended late");
}

/* Run the candidates; the first that is as good becomes the program. */
static bool candidates_try(struct shrinker *shrinker)
{
	static struct fuzz_answer stock[CANDIDATES_MAX], subject[CANDIDATES_MAX];
	unsigned int count = shrinker->count, i;
	struct fuzz_verdict verdict;
	bool better = false;

	shrinker->count = 0;
	if (!count || shrinker->cost >= COST_MAX || shrinker->rounds++ >= ROUNDS_MAX)
		return false;
	fuzz_guests_run(shrinker->guests, shrinker->lookup, false, shrinker->candidates, count,
			stock, subject);
	for (i = 0; i < count; i++) {
		shrinker->cost += answer_cost(&subject[i]);
		fuzz_compare(shrinker->lookup, &stock[i], &subject[i], &verdict);
		if (better || !verdict_alike(&verdict, shrinker->verdict))
			continue;
		*shrinker->program = shrinker->candidates[i];
		*shrinker->verdict = verdict;
		better = true;
	}
	fuzz_answers_free(stock, count);
	fuzz_answers_free(subject, count);
	return better;
}

static void candidate_add(struct shrinker *shrinker, const struct fuzz_program *program)
{
	if (shrinker->count < CANDIDATES_MAX)
		shrinker->candidates[shrinker->count++] = *program;
}

/* Without @length calls from @first on. */
static void candidate_cut(struct shrinker *shrinker, unsigned int first, unsigned int length)
{
	struct fuzz_program program = *shrinker->program;

	memmove(&program.calls[first], &program.calls[first + length],
		(program.count - first - length) * sizeof(program.calls[0]));
	program.count -= length;
	candidate_add(shrinker, &program);
}

static void shrink_calls(struct shrinker *shrinker)
{
	unsigned int length, first;

	for (length = shrinker->program->count / 2; length; length /= 2) {
		do {
			for (first = 0; first + length <= shrinker->program->count &&
			     shrinker->program->count > length; first += length)
				candidate_cut(shrinker, first, length);
		} while (candidates_try(shrinker));
	}
}

/* Simpler values for an argument, the simplest first; ends where the present one would be. */
static unsigned int values_simpler(const struct fuzz_call *call, unsigned int arg,
				   uint64_t values[8])
{
	uint64_t value = call->args[arg], list[8] = { 0 };
	unsigned int count = 0, used = 0, i;

	switch (fuzz_ops[call->op].args[arg].type) {
	case FUZZ_T_KIND:
		list[count++] = FUZZ_BAR_A;
		list[count++] = FUZZ_RAM;
		break;
	case FUZZ_T_PAGES:
		list[count++] = 1;
		list[count++] = 2;
		list[count++] = 4;
		list[count++] = value / 2;
		list[count++] = value - 1;
		break;
	case FUZZ_T_PROT:
		list[count++] = PROT_READ | PROT_WRITE;
		break;
	case FUZZ_T_IOVA:
		list[count++] = UINT64_C(1) << 32;
		list[count++] = UINT64_C(1) << 46;
		break;
	case FUZZ_T_BYTES:
		list[count++] = FUZZ_PAGE;
		list[count++] = 2 * FUZZ_PAGE;
		if (value <= FUZZ_ARENA_PAGES * FUZZ_PAGE) {
			list[count++] = value / 2 & ~(FUZZ_PAGE - 1);
			list[count++] = value - FUZZ_PAGE;
		}
		break;
	case FUZZ_T_FLAGS:
		list[count++] = call->op == FUZZ_MAP ?
				VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE : 0;
		break;
	case FUZZ_T_AT:
	case FUZZ_T_VADDR:
	case FUZZ_T_NONE:
		break;
	default:
		list[count++] = 0;
		list[count++] = 1;
	}
	for (i = 0; i < count && list[i] != value; i++)
		values[used++] = list[i];
	return used;
}

static void shrink_args(struct shrinker *shrinker)
{
	unsigned int call, arg, count, i;
	uint64_t values[8];

	for (call = 0; call < shrinker->program->count; call++) {
		for (arg = 0; arg < fuzz_op_args(shrinker->program->calls[call].op); arg++) {
			count = values_simpler(&shrinker->program->calls[call], arg, values);
			for (i = 0; i < count; i++) {
				struct fuzz_program program = *shrinker->program;

				program.calls[call].args[arg] = values[i];
				candidate_add(shrinker, &program);
			}
			candidates_try(shrinker);
		}
	}
}

void fuzz_shrink(struct fuzz_guest guests[2], const char *lookup, struct fuzz_program *program,
		 struct fuzz_verdict *verdict)
{
	static struct shrinker shrinker;

	shrinker.guests = guests;
	shrinker.lookup = lookup;
	shrinker.program = program;
	shrinker.verdict = verdict;
	shrinker.cost = shrinker.rounds = shrinker.count = 0;
	shrink_calls(&shrinker);
	shrink_args(&shrinker);
	shrink_calls(&shrinker);
}

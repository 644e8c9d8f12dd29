// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_host OPTION... -- COMMAND... -- COMMAND...
 *
 * Run random programs on two guests, which the COMMANDs boot: the first with the untouched kernel,
 * the second with the one under test, with each of its lookups in turn. What they do has to be the
 * same, but for listed differences. A program that differs is shrunk and printed. Ends with 0, or 1
 * if any differed.
 *
 *   --shared FILE       memory that host and guest share; twice, in the order of the guests
 *   --differences FILE  what may differ
 *   --kernel NAME       the kernel base, for that list
 *   --iommu NAME        for what is printed
 *   --fixed FILE        programs that are run first
 *   --seed N            where the random numbers begin (1)
 *   --programs N        random programs for each lookup (100)
 *   --seconds N         instead: as many as fit into that time
 *   --failures N        give up after so many that differ (3)
 *   --lookup NAME       this lookup only
 *   --one N             the program of this seed only; says all of what it did
 */
#include "fuzz_host.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH		25
#define LOOKUPS_MAX	16
#define FIXED_MAX	256

struct settings {
	const char *differences, *kernel, *iommu, *fixed, *lookup;
	uint64_t seed, one;
	unsigned long programs, seconds, failures;
	bool has_one;
};

struct tally {
	const char *lookup;
	unsigned long programs, calls, listed, differ;
};

struct fuzzer {
	struct settings settings;
	struct fuzz_guest guests[2];
	char names[1024];
	struct tally tallies[LOOKUPS_MAX];
	unsigned int lookups;
	unsigned long differ;
	time_t start_s, deadline_s;
};

static struct fuzzer fuzzer;

static time_t now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void guests_stop(void)
{
	fuzz_guest_stop(&fuzzer.guests[0]);
	fuzz_guest_stop(&fuzzer.guests[1]);
}

void fuzz_die(int status, const char *format, ...)
{
	static bool dying;
	va_list arguments;

	fputs("barmap: fuzz: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	if (!dying) {
		dying = true;
		guests_stop();
	}
	exit(status);
}

/* ---- what is printed ---- */

static void program_print(const struct fuzz_program *program)
{
	char line[FUZZ_LINE_BYTES];
	unsigned int i;

	for (i = 0; i < program->count; i++) {
		fuzz_call_list(&program->calls[i], line);
		printf("    %s\n", line);
	}
	printf("  as a fixed program:\n    program %#" PRIx64 "\n", program->seed);
	for (i = 0; i < program->count; i++) {
		fuzz_call_format(&program->calls[i], line);
		printf("    %s\n", line);
	}
}

static void answer_print(const char *name, const char *text)
{
	printf("  %s:\n", name);
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		printf("    %.*s\n", (int)strcspn(text, "\n"), text);
}

/* All that both kernels say of the program. */
static void program_explain(const char *lookup, const struct fuzz_program *program)
{
	struct fuzz_answer stock = { 0 }, subject = { 0 };

	fuzz_guests_run(fuzzer.guests, lookup, true, program, 1, &stock, &subject);
	answer_print("untouched", stock.text);
	answer_print(lookup, subject.text);
	fuzz_answers_free(&stock, 1);
	fuzz_answers_free(&subject, 1);
}

static void difference_report(struct tally *tally, const struct fuzz_program *original,
			      const struct fuzz_verdict *found)
{
	struct fuzz_program program = *original;
	struct fuzz_verdict verdict = *found;
	long found_s = (long)(now_s() - fuzzer.start_s);

	fuzz_shrink(fuzzer.guests, tally->lookup, &program, &verdict);
	printf("DIFFERENCE iommu=%s lookup=%s seed=%#" PRIx64 " what=%s after=%lus calls=%u shrunk=%u\n",
	       fuzzer.settings.iommu, tally->lookup, original->seed, verdict.what, found_s,
	       original->count, program.count);
	program_print(&program);
	printf("  untouched: %s\n  %s: %s\n", verdict.stock, tally->lookup, verdict.subject);
	if (strcmp(verdict.what, "lost"))
		program_explain(tally->lookup, &program);
	fflush(stdout);
}

/* ---- runs ---- */

static bool run_over(void)
{
	if (fuzzer.differ >= fuzzer.settings.failures)
		return true;
	return fuzzer.deadline_s && now_s() >= fuzzer.deadline_s;
}

/* With one lookup; @stock are the answers of the untouched kernel, if it gave them before. */
static void lookup_run(struct tally *tally, const struct fuzz_program *programs,
		       unsigned int count, struct fuzz_answer *stock)
{
	struct fuzz_answer subject[BATCH] = { 0 };
	struct fuzz_verdict verdict;
	unsigned int i;

	fuzz_guests_run(fuzzer.guests, tally->lookup, false, programs, count, stock, subject);
	for (i = 0; i < count; i++) {
		fuzz_compare(tally->lookup, &stock[i], &subject[i], &verdict);
		tally->programs++;
		tally->calls += verdict.calls;
		tally->listed += !!verdict.listed;
		if (!verdict.differ)
			continue;
		tally->differ++;
		fuzzer.differ++;
		if (fuzzer.differ <= fuzzer.settings.failures)
			difference_report(tally, &programs[i], &verdict);
	}
	fuzz_answers_free(subject, count);
}

/* With every lookup: the untouched kernel runs them once. */
static void programs_run(const struct fuzz_program *programs, unsigned int count)
{
	struct fuzz_answer stock[BATCH] = { 0 };
	unsigned int lookup;

	for (lookup = 0; lookup < fuzzer.lookups && !run_over(); lookup++)
		lookup_run(&fuzzer.tallies[lookup], programs, count, stock);
	fuzz_answers_free(stock, count);
}

static void fixed_parse(const char *path, const char *line, struct fuzz_program *programs,
			unsigned int *count)
{
	struct fuzz_program *program;

	if (!strncmp(line, "program ", 8)) {
		if (*count == FIXED_MAX)
			fuzz_die(99, "'%s': more than %d programs", path, FIXED_MAX);
		program = &programs[(*count)++];
		memset(program, 0, sizeof(*program));
		program->seed = strtoull(line + 8, NULL, 0);
		return;
	}
	program = *count ? &programs[*count - 1] : NULL;
	if (!program || program->count == FUZZ_CALLS_MAX ||
	    fuzz_call_parse(line, &program->calls[program->count]))
		fuzz_die(99, "'%s': must be a call: %s", path, line);
	program->count++;
}

static unsigned int fixed_read(const char *path, struct fuzz_program *programs)
{
	FILE *file = fopen(path, "re");
	unsigned int count = 0;
	char line[512], *text;

	if (!file)
		fuzz_die(2, "'%s': %s", path, strerror(errno));
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		text = line + strspn(line, " \t");
		if (*text && *text != '#')
			fixed_parse(path, text, programs, &count);
	}
	fclose(file);
	return count;
}

static void fixed_run(void)
{
	static struct fuzz_program programs[FIXED_MAX];
	unsigned int count = fixed_read(fuzzer.settings.fixed, programs), i;

	for (i = 0; i < count && !run_over(); i += BATCH)
		programs_run(programs + i, count - i < BATCH ? count - i : BATCH);
}

static void random_run(void)
{
	static struct fuzz_program programs[BATCH];
	uint64_t state = fuzzer.settings.seed * UINT64_C(0x100000001b3);
	unsigned int i, count;
	unsigned long done;

	for (done = 0; fuzzer.deadline_s || done < fuzzer.settings.programs; done += count) {
		if (run_over())
			return;
		count = BATCH;
		if (!fuzzer.deadline_s && fuzzer.settings.programs - done < BATCH)
			count = (unsigned int)(fuzzer.settings.programs - done);
		for (i = 0; i < count; i++)
			fuzz_generate(fuzz_random(&state), &programs[i]);
		programs_run(programs, count);
	}
}

static void one_run(void)
{
	struct fuzz_program program;
	unsigned int lookup;

	fuzz_generate(fuzzer.settings.one, &program);
	program_print(&program);
	for (lookup = 0; lookup < fuzzer.lookups; lookup++)
		program_explain(fuzzer.tallies[lookup].lookup, &program);
	programs_run(&program, 1);
}

static void summary_print(void)
{
	unsigned long programs = 0, calls = 0;
	unsigned int i;

	for (i = 0; i < fuzzer.lookups; i++) {
		const struct tally *tally = &fuzzer.tallies[i];

		printf("%s %s: %lu programs, %lu calls compared, %lu ended by a listed difference, "
		       "%lu differ\n", fuzzer.settings.iommu, tally->lookup, tally->programs,
		       tally->calls, tally->listed, tally->differ);
		programs += tally->programs;
		calls += tally->calls;
	}
	fuzz_differences_print();
	printf("%s: %lu programs, %lu calls, %lu differ, %ld s, seed %" PRIu64 "\n",
	       fuzzer.settings.iommu, programs, calls, fuzzer.differ,
	       (long)(now_s() - fuzzer.start_s), fuzzer.settings.seed);
}

/* ---- the beginning ---- */

/* The lookups of the second guest; "-" where it has no choice. */
static void lookups_take(void)
{
	char *rest = fuzzer.names, *name;

	memcpy(fuzzer.names, fuzzer.guests[1].shared->lookups, sizeof(fuzzer.names) - 1);
	while ((name = strsep(&rest, " \n"))) {
		if (!*name || fuzzer.lookups == LOOKUPS_MAX)
			continue;
		if (!fuzzer.settings.lookup || !strcmp(fuzzer.settings.lookup, name))
			fuzzer.tallies[fuzzer.lookups++].lookup = name;
	}
	if (!fuzzer.lookups && fuzzer.settings.lookup)
		fuzz_die(2, "--lookup '%s': must be one of: %s", fuzzer.settings.lookup,
			 fuzzer.guests[1].shared->lookups);
	if (!fuzzer.lookups)
		fuzzer.tallies[fuzzer.lookups++].lookup = "-";
}

static uint64_t number(const char *option, const char *text)
{
	uint64_t value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-')
		fuzz_die(2, "--%s '%s': must be a number", option, text);
	return value;
}

static void options_take(int argc, char **argv)
{
	static const struct option options[] = {
		{ "shared", required_argument, NULL, 'm' },
		{ "differences", required_argument, NULL, 'd' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "iommu", required_argument, NULL, 'i' },
		{ "fixed", required_argument, NULL, 'f' },
		{ "seed", required_argument, NULL, 's' },
		{ "programs", required_argument, NULL, 'p' },
		{ "seconds", required_argument, NULL, 't' },
		{ "failures", required_argument, NULL, 'e' },
		{ "lookup", required_argument, NULL, 'l' },
		{ "one", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	struct settings *settings = &fuzzer.settings;
	unsigned int shared = 0;
	int option, index;

	while ((option = getopt_long(argc, argv, "+", options, &index)) != -1) {
		switch (option) {
		case 'm':
			if (shared < 2)
				fuzzer.guests[shared++].shared_path = optarg;
			break;
		case 'd': settings->differences = optarg; break;
		case 'k': settings->kernel = optarg; break;
		case 'i': settings->iommu = optarg; break;
		case 'f': settings->fixed = optarg; break;
		case 'l': settings->lookup = optarg; break;
		case 's': settings->seed = number("seed", optarg); break;
		case 'p': settings->programs = number("programs", optarg); break;
		case 't': settings->seconds = number("seconds", optarg); break;
		case 'e': settings->failures = number("failures", optarg); break;
		case 'o':
			settings->one = number("one", optarg);
			settings->has_one = true;
			break;
		default:
			exit(2);
		}
	}
	if (shared != 2 || !settings->differences || !settings->kernel)
		fuzz_die(2, "needs --shared twice, --differences and --kernel");
}

/* The two commands, each behind "--"; getopt_long() stopped behind the first of these. */
static void commands_take(int argc, char **argv)
{
	int i;

	fuzzer.guests[0].command = &argv[optind];
	for (i = optind; i < argc; i++) {
		if (strcmp(argv[i], "--"))
			continue;
		argv[i] = NULL;
		fuzzer.guests[1].command = &argv[i + 1];
		break;
	}
	if (!fuzzer.guests[1].command || !fuzzer.guests[0].command[0] || !fuzzer.guests[1].command[0])
		fuzz_die(2, "needs -- COMMAND -- COMMAND");
}

int main(int argc, char **argv)
{
	struct settings *settings = &fuzzer.settings;

	*settings = (struct settings){ .iommu = "iommu", .seed = 1, .programs = 100, .failures = 3 };
	fuzzer.guests[0].name = "untouched";
	fuzzer.guests[1].name = "patched";
	setvbuf(stdout, NULL, _IOLBF, 0);
	options_take(argc, argv);
	commands_take(argc, argv);
	fuzzer.start_s = now_s();
	fuzz_guests_start(fuzzer.guests);
	fuzzer.start_s = now_s();
	if (settings->seconds)
		fuzzer.deadline_s = fuzzer.start_s + (time_t)settings->seconds;
	lookups_take();
	fuzz_differences_read(settings->differences, settings->kernel,
			      fuzzer.guests[1].shared->parameters);
	if (settings->has_one) {
		one_run();
	} else {
		if (settings->fixed)
			fixed_run();
		random_run();
	}
	guests_stop();
	summary_print();
	return fuzzer.differ ? 1 : 0;
}

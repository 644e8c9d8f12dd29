// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NAME [SECONDS [SEED]] FILE...: gives each file to the target, and then changed ones for so long. The
 * seed says which: the same seed, the same changes. What crashes is left in the file fuzz.crash.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

#define INPUT_BYTES_MAX	65536
#define FILES_MAX	256
#define CHANGES_MAX	8

struct input {
	uint8_t data[INPUT_BYTES_MAX];
	size_t bytes;
};

static struct input current;

static uint64_t random_state;

static uint64_t random_below(uint64_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % limit;
}

static void crashed(int signal_number)
{
	int fd = open("fuzz.crash", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, current.data, current.bytes) < 0)
		_exit(99);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

static int input_read(struct input *input, const char *path)
{
	FILE *file = fopen(path, "re");

	if (!file) {
		fprintf(stderr, "fuzz '%s': cannot be read\n", path);
		return -1;
	}
	input->bytes = fread(input->data, 1, sizeof(input->data), file);
	fclose(file);
	return 0;
}

/* Replaces @gone bytes at @at by the @bytes at @with; nothing where there is no room. */
static void piece_replace(size_t at, size_t gone, const void *with, size_t bytes)
{
	if (current.bytes - gone + bytes > INPUT_BYTES_MAX)
		return;
	memmove(current.data + at + bytes, current.data + at + gone, current.bytes - at - gone);
	memmove(current.data + at, with, bytes);
	current.bytes += bytes - gone;
}

/* One change: a byte, a number at an edge, a piece left out, a piece of another input. */
static void change(const struct input *inputs, size_t count)
{
	static const char *const edges[] = {
		"0", "-1", "1", "9007199254740992", "9007199254740993", "18446744073709551615",
		"18446744073709551616", "1e308", "\"", "\\", "\n", "null", "[]", "{}", "\xff", "",
	};
	const struct input *other = &inputs[random_below(count)];
	size_t at = random_below(current.bytes + 1), left = current.bytes - at, from;
	uint8_t byte = (uint8_t)random_below(256);
	const char *edge = edges[random_below(sizeof(edges) / sizeof(edges[0]))];

	switch (random_below(4)) {
	case 0:
		piece_replace(at, left > 0, &byte, 1);
		break;
	case 1:
		piece_replace(at, random_below(left < 20 ? left + 1 : 20), edge, strlen(edge));
		break;
	case 2:
		piece_replace(at, random_below(left + 1), "", 0);
		break;
	default:
		from = random_below(other->bytes + 1);
		piece_replace(at, 0, other->data + from, random_below(other->bytes - from + 1));
	}
}

static unsigned long inputs_change(const struct input *inputs, size_t count, unsigned int seconds)
{
	time_t end = time(NULL) + seconds;
	unsigned long tries = 0;
	size_t changes;

	for (; time(NULL) < end; tries++) {
		current = inputs[random_below(count)];
		for (changes = 1 + random_below(CHANGES_MAX); changes; changes--)
			change(inputs, count);
		LLVMFuzzerTestOneInput(current.data, current.bytes);
	}
	return tries;
}

static int is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

int main(int argc, char **argv)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM };
	struct input *inputs = calloc(FILES_MAX, sizeof(*inputs));
	unsigned long seconds = 0, seed = 1;
	size_t count = 0, i;
	int word = 1;

	if (word < argc && is_number(argv[word]))
		seconds = strtoul(argv[word++], NULL, 10);
	if (word < argc && is_number(argv[word]))
		seed = strtoul(argv[word++], NULL, 10);
	random_state = seed * 0x9e3779b97f4a7c15 + 1;
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], crashed);
	for (; inputs && word < argc && count < FILES_MAX; word++)
		if (input_read(&inputs[count++], argv[word]))
			return 2;
	if (!inputs || !count) {
		fprintf(stderr, "fuzz: needs [SECONDS [SEED]] FILE...\n");
		return 2;
	}
	alarm(seconds + 60);	/* what never ends is a crash too */
	for (i = 0; i < count; i++) {
		current = inputs[i];
		LLVMFuzzerTestOneInput(current.data, current.bytes);
	}
	printf("%zu files, %lu changed ones\n", count, inputs_change(inputs, count, seconds));
	free(inputs);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What two kernels said of a program, and which differences are meant to be. */
#include "fuzz_host.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MAX	32

struct entry {
	char kernel[32], lookups[96], parameter[48], call[96], tags[8], stock[64], subject[64];
	char text[512];		/* the line as it stands */
	bool reasoned, applies;
	unsigned long met;
};

static struct entry entries[ENTRIES_MAX];
static unsigned int entries_count;

/* Whether one of the patterns in @list, separated by commas, is @name. */
static bool list_matches(const char *list, const char *name)
{
	char patterns[256], *rest = patterns, *pattern;

	snprintf(patterns, sizeof(patterns), "%s", list);
	while ((pattern = strsep(&rest, ","))) {
		if (!fnmatch(pattern, name, 0))
			return true;
	}
	return false;
}

static bool word_in(const char *words, const char *word)
{
	size_t length = strlen(word);
	const char *at = words;

	while ((at = strstr(at, word))) {
		if ((at == words || at[-1] == ' ') && (!at[length] || at[length] == ' '))
			return true;
		at += length;
	}
	return false;
}

static void entry_take(const char *path, const char *line, const char *kernel,
		       const char *parameters)
{
	struct entry *entry = &entries[entries_count];
	int end = 0;

	if (entries_count == ENTRIES_MAX)
		fuzz_die(99, "'%s': more than %d entries", path, ENTRIES_MAX);
	memset(entry, 0, sizeof(*entry));
	if (sscanf(line, "%31s %95s %47s %95s %7s %63s %63s%n", entry->kernel, entry->lookups,
		   entry->parameter, entry->call, entry->tags, entry->stock, entry->subject,
		   &end) != 7 || line[end + (int)strspn(line + end, " ")])
		fuzz_die(99, "'%s': must be KERNEL LOOKUPS PARAMETER CALL TAGS STOCK SUBJECT: %s",
			 path, line);
	snprintf(entry->text, sizeof(entry->text), "%s", line);
	entry->applies = list_matches(entry->kernel, kernel) &&
			 (!strcmp(entry->parameter, "*") || word_in(parameters, entry->parameter));
	entries_count++;
}

void fuzz_differences_read(const char *path, const char *kernel, const char *parameters)
{
	FILE *file = fopen(path, "re");
	unsigned int i;
	char line[512];

	if (!file)
		fuzz_die(2, "'%s': %s", path, strerror(errno));
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!line[0] || line[0] == '#')
			continue;
		if (!isspace((unsigned char)line[0]))
			entry_take(path, line, kernel, parameters);
		else if (entries_count)
			entries[entries_count - 1].reasoned = true;
	}
	fclose(file);
	for (i = 0; i < entries_count; i++) {
		if (!entries[i].reasoned)
			fuzz_die(99, "'%s': no reason for: %s", path, entries[i].text);
	}
}

void fuzz_differences_print(void)
{
	unsigned int i;

	for (i = 0; i < entries_count; i++) {
		if (entries[i].applies)
			printf("listed, met %lu times: %s\n", entries[i].met, entries[i].text);
	}
}

/* ---- lines ---- */

/* A line of an answer: "3 map tags=PM -> EFAULT size=0 dma0=12ab". */
struct line {
	char call[32], tags[8], result[64];
	char state[FUZZ_TEXT_MAX];	/* dma0=, dma1= and table= of it */
	char rest[FUZZ_TEXT_MAX];	/* other than those */
};

static void append(char *text, size_t bytes, const char *word)
{
	size_t used = strlen(text);

	snprintf(text + used, bytes - used, " %s", word);
}

static void line_parse(const char *text, struct line *line)
{
	char copy[FUZZ_TEXT_MAX], *rest = copy, *word;
	unsigned int position = 0;
	bool behind = false;

	memset(line, 0, sizeof(*line));
	snprintf(copy, sizeof(copy), "%s", text);
	while ((word = strsep(&rest, " "))) {
		if (!strcmp(word, "->")) {
			behind = true;
			position = 0;
			continue;
		}
		if (!behind && !strncmp(word, "tags=", 5))
			snprintf(line->tags, sizeof(line->tags), "%s", word + 5);
		else if (!behind && (position == 1 || !isdigit((unsigned char)word[0])))
			snprintf(line->call, sizeof(line->call), "%s", word);
		else if (behind && !position && strcmp(line->call, "end"))
			snprintf(line->result, sizeof(line->result), "%s", word);
		else if (behind && (!strncmp(word, "dma", 3) || !strncmp(word, "table=", 6)))
			append(line->state, sizeof(line->state), word);
		else if (behind)
			append(line->rest, sizeof(line->rest), word);
		position++;
	}
}

/* What @entry allows: an errno for another, or with the words "state" that the rest differs. */
static bool entry_allows(const struct entry *entry, const char *lookup, const struct line *stock,
			 const struct line *subject, bool of_state)
{
	const char *tag;

	if (!entry->applies || !list_matches(entry->lookups, lookup) ||
	    !list_matches(entry->call, stock->call) || strcmp(stock->tags, subject->tags))
		return false;
	for (tag = entry->tags; *tag && *tag != '*'; tag++) {
		if (!strchr(stock->tags, *tag))
			return false;
	}
	if (of_state)
		return !strcmp(entry->stock, "state");
	if (!strcmp(entry->stock, "*") && !strcmp(entry->subject, "*"))
		return true;
	return strcmp(stock->result, subject->result) && list_matches(entry->stock, stock->result) &&
	       list_matches(entry->subject, subject->result);
}

static struct entry *entry_find(const char *lookup, const struct line *stock,
				const struct line *subject, bool of_state)
{
	unsigned int i;

	for (i = 0; i < entries_count; i++) {
		if (entry_allows(&entries[i], lookup, stock, subject, of_state))
			return &entries[i];
	}
	return NULL;
}

/* Only of a verbose answer: what the state is. */
static bool line_is_detail(const char *line)
{
	return line[0] == ' ' || !strncmp(line, "log ", 4) || !strncmp(line, "program ", 8);
}

static char *next_line(char **rest)
{
	char *line;

	while ((line = strsep(rest, "\n"))) {
		if (*line && !line_is_detail(line))
			return line;
	}
	return NULL;
}

static void verdict_set(struct fuzz_verdict *verdict, const char *what, const char *stock,
			const char *subject)
{
	verdict->differ = true;
	snprintf(verdict->what, sizeof(verdict->what), "%s", what);
	snprintf(verdict->stock, sizeof(verdict->stock), "%s", stock ? stock : "(nothing)");
	snprintf(verdict->subject, sizeof(verdict->subject), "%s", subject ? subject : "(nothing)");
}

/*
 * Returns whether the comparison goes on. A state that may differ may differ from then on, and so
 * may what depends on it; after a call that may fail otherwise nothing can be compared.
 */
static bool line_compare(const char *lookup, const char *stock_text, const char *subject_text,
			 bool *state_differs, struct fuzz_verdict *verdict)
{
	struct line stock, subject;
	struct entry *entry;
	bool state;

	line_parse(stock_text, &stock);
	line_parse(subject_text, &subject);
	state = strcmp(stock.state, subject.state);
	if (!strcmp(stock.call, subject.call) && !strcmp(stock.result, subject.result) &&
	    !strcmp(stock.rest, subject.rest) && (!state || *state_differs))
		return true;
	entry = entry_find(lookup, &stock, &subject, false);
	if (entry) {
		entry->met++;
		verdict->listed = entry->text;
		return false;
	}
	if (!strcmp(stock.result, subject.result) && !strcmp(stock.rest, subject.rest)) {
		entry = entry_find(lookup, &stock, &subject, true);
		if (entry) {
			entry->met++;
			*state_differs = true;
			return true;
		}
	}
	verdict_set(verdict, stock.call, stock_text, subject_text);
	return false;
}

/* ---- faults ---- */

static const char *fault_of(const char *text)
{
	const char *fault = strstr(text, "\nfault ");

	return fault ? fault + 7 : NULL;
}

/* What makes a fault the same as another: where it was, or how it begins. */
static void fault_key(const char *fault, char key[FUZZ_TEXT_MAX])
{
	const char *at = strstr(fault, " at ");
	size_t line = strcspn(fault, "\n");

	if (at && at < fault + line)
		snprintf(key, FUZZ_TEXT_MAX, "%.*s", (int)strcspn(at, "+\n"), at);
	else
		snprintf(key, FUZZ_TEXT_MAX, "%.*s", line < 14 ? (int)line : 14, fault);
}

/* The untouched kernel has faults of its own: then the other one may have the same, or none. */
static void faults_compare(const char *stock, const char *subject, struct fuzz_verdict *verdict)
{
	const char *fault = fault_of(subject), *known = fault_of(stock);
	char key[FUZZ_TEXT_MAX], known_key[FUZZ_TEXT_MAX], first[FUZZ_TEXT_MAX];

	if (!fault)
		return;
	fault_key(fault, key);
	if (known) {
		fault_key(known, known_key);
		if (!strcmp(key, known_key))
			return;
	}
	snprintf(first, sizeof(first), "%.*s", (int)strcspn(fault, "\n"), fault);
	verdict_set(verdict, "fault", NULL, first);
}

/* ---- answers ---- */

/* Behind a listed difference only what must be so at the end of any program. */
static bool end_compare(const char *stock, const char *subject, struct fuzz_verdict *verdict)
{
	const char *left;
	bool same = true;

	if (!strncmp(stock, "ended ", 6))
		same = !strcmp(stock, subject) || !strcmp(subject, "ended 0 pinned=0");
	if (!strncmp(subject, "end ", 4) && strncmp(stock, "end ", 4))
		same = false;
	else if (!strncmp(subject, "end ", 4)) {
		for (left = subject; same && (left = strstr(left, " left")); left++)
			same = !strncmp(left + 6, "=0,0", 4) || strstr(stock, left);
		same = same && strstr(subject, " locked=0");
	}
	if (!same)
		verdict_set(verdict, "end", stock, subject);
	return same;
}

static void answers_compare(const char *lookup, char *stock, char *subject,
			    struct fuzz_verdict *verdict)
{
	char *one, *other;
	bool state_differs = false;

	for (;;) {
		one = next_line(&stock);
		other = next_line(&subject);
		if (one && !strncmp(one, "fault ", 6))
			one = NULL;
		if (other && !strncmp(other, "fault ", 6))
			other = NULL;
		if (!one && !other)
			return;
		if (!one || !other) {
			verdict_set(verdict, one ? "less" : "more", one, other);
			return;
		}
		if (verdict->listed) {
			if (!end_compare(one, other, verdict))
				return;
			continue;
		}
		if (line_compare(lookup, one, other, &state_differs, verdict))
			verdict->calls++;
		else if (verdict->differ)
			return;
	}
}

void fuzz_compare(const char *lookup, const struct fuzz_answer *stock,
		  const struct fuzz_answer *subject, struct fuzz_verdict *verdict)
{
	char *texts[2] = { strdup(stock->text), strdup(subject->text) };

	memset(verdict, 0, sizeof(*verdict));
	if (!stock->lost && !subject->lost)
		answers_compare(lookup, texts[0], texts[1], verdict);
	if (!verdict->differ)
		faults_compare(stock->text, subject->text, verdict);
	if (subject->lost && !stock->lost)
		verdict_set(verdict, "lost", NULL, "the guest died or hung");
	free(texts[0]);
	free(texts[1]);
}

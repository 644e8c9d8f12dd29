/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_MODEL_SHARDS_H
#define BARMAP_ANALYSIS_MODEL_SHARDS_H

#include <stdio.h>

#include "lib/error.h"
#include "record/format.h"

/*
 * shards: the record of a whole run from those of its shards (barmap run --shard). Counted samples of a
 * shard are the same whoever takes them. What is written has the form of one run of all cases, byte for
 * byte: the cases in the order of the plan, and the places of the samples counted through. Of the env
 * line it has what is the same in all shards; argv without the shard, the time of the first; and of
 * the lab what is the same. A few samples differ from those of one boot, for a case then comes after
 * others than in its shard (tests/guest/shard.test says how many).
 */

/**
 * struct shards - the records, in order of the shards
 * @count: how many, as each of them says
 * @files: their lines
 */
struct shards {
	size_t count;
	struct shard_file {
		const char *path;
		json_t **lines;
		size_t lines_count;
		size_t next;		/* the first line that is not written yet */
		uint64_t samples;	/* in the lines before it */
	} *files;
};

/*
 * Reads @count files, in any order. Refuses what is no sound record, records that are not the shards
 * of one run, or not all of them, and samples that are timed. Returns 0, or -errno with @error set and
 * nothing to clean up. Paths are borrowed.
 */
int shards_read(struct shards *shards, char *const *paths, size_t count, struct error *error);
void shards_cleanup(struct shards *shards);

/* Writes the record of the whole. Returns 0, or -errno with @error set. Once for each struct shards. */
int shards_write(struct shards *shards, FILE *out, struct error *error);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "analysis/command/commands.h"
#include "analysis/model/shards.h"
#include "lib/options.h"
#include "lib/outfile.h"

/* What the user asked for. */
struct request {
	struct option_arguments files;
	const char *output;
};

static const struct option_row join_rows[] = {
	OPTION_ROW("o,output", "FILE", OPTION_TEXT, request, output,
		   "Where the record goes; must not exist (required)"),
	OPTION_END,
};

static const struct options join_options = {
	.name = "barmap join",
	.summary = "One record from those of all shards of a run (barmap run --shard), in the form of one "
		   "run of all cases. Only counted samples (icount) can be joined.",
	.rows = join_rows,
	.arguments = "FILE...",
	.arguments_offset = offsetof(struct request, files),
};

static int join(const struct request *request, struct error *error)
{
	struct shards shards;
	struct outfile file;
	int err;

	if (!request->output)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "option '--output': required; see barmap join --help");
	if (!request->files.count)
		return error_set(error, OUTCOME_USE, EINVAL, "join: needs the records of all shards");
	err = shards_read(&shards, request->files.list, request->files.count, error);
	if (err)
		return err;
	err = outfile_open(&file, false, error, "%s", request->output);
	if (!err) {
		err = shards_write(&shards, file.stream, error);
		if (err)
			outfile_abandon(&file);
		else
			err = outfile_commit(&file, error);
	}
	shards_cleanup(&shards);
	return err;
}

int command_join(int argc, char **argv, struct error *error)
{
	struct request request = { .files.list = calloc(argc, sizeof(char *)) };
	int err;

	if (!request.files.list)
		return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
	err = options_parse(&join_options, argc, argv, &request, error);
	if (!err)
		err = join(&request, error);
	free(request.files.list);
	return err;
}

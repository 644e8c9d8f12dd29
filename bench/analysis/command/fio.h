/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BARMAP_ANALYSIS_COMMAND_FIO_H
#define BARMAP_ANALYSIS_COMMAND_FIO_H

/*
 * fio: what a run of fio with the engine vfio-dma left: its JSON output, and beside that the logs of
 * write_lat_log, which hold the latency of every I/O. The percentiles in the JSON are rounded to
 * 0.8 % and serve no purpose here.
 */

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

/**
 * struct fio_run - a file of JSON output
 * @path: borrowed
 * @json: the whole, owned
 * @version: of fio, borrowed from @json
 */
struct fio_run {
	const char *path;
	json_t *json;
	const char *version;
};

/**
 * struct fio_job - one job of a run; strings borrowed from the run
 * @name: letters, digits and "_./+-"
 * @variant: what the engine checked the kernel to use
 * @tables: "warm" or "cold"
 * @map_bytes: bytes that one I/O maps
 * @va_offset_bytes: distance of the virtual address from a 1 GiB boundary
 * @iova_align_bytes: what the IOVA of every I/O is a multiple of, 1 GiB at most
 * @empty: the I/Os did nothing
 * @log: path of its log of completion latencies
 */
struct fio_job {
	const char *name;
	const char *variant;
	const char *tables;
	uint64_t map_bytes;
	uint64_t va_offset_bytes;
	uint64_t iova_align_bytes;
	bool empty;
	char log[PATH_MAX];
};

/* Reads JSON output; what fio said before it is skipped. Returns 0, or -errno with @error set. */
int fio_run_read(struct fio_run *run, const char *path, struct error *error);
void fio_run_cleanup(struct fio_run *run);

/* How many jobs there are, those of other engines included. */
size_t fio_run_jobs(const struct fio_run *run);

/*
 * Describes job @index. Returns 1; 0 for a job of another engine; -errno with @error set for one
 * that failed, or that does not tell what a record must hold.
 */
int fio_run_job(const struct fio_run *run, size_t index, struct fio_job *job,
		struct error *error);

/* Takes one I/O: "map", "unmap" or "touch", and its latency. Returns 0, or -errno with @error set. */
typedef int (*fio_take)(void *data, const char *op, uint64_t latency_ns, struct error *error);

/* Hands out every line of the log of @job. Returns 0, or -errno with @error set. */
int fio_log_read(const struct fio_job *job, fio_take take, void *data, struct error *error);

#endif

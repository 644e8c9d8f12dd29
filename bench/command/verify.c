// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "lib/glob.h"
#include "lib/interrupt.h"
#include "lib/backend.h"
#include "lib/variant.h"
#include "lib/options.h"
#include "verify/verify.h"

#define PAGES_DEFAULT	64
#define PAGES_LEAST	28	/* so that each shape gets the pages that matter */
#define PAGES_MOST	4096

struct verify_options {
	const char *device, *dma, *variants, *shapes;
	int pages;	/* 0: not asked for */
};

static const struct option_row verify_rows[] = {
	OPTION_ROW("device", "ADDR", OPTION_TEXT, verify_options, device, "The PCI device whose BAR is mapped: with --dma "
	    "QEMU's ivshmem-plain, else any (required)"),
	OPTION_ROW("dma", "ADDR", OPTION_TEXT, verify_options, dma, "The PCI device that does DMA: QEMU's edu (default: none, "
	    "the IOMMU's tables are proof)"),
	OPTION_ROW("variant", "GLOB[,GLOB]", OPTION_TEXT, verify_options, variants, "Only these variants (default: all)"),
	OPTION_ROW("shape", "GLOB[,GLOB]", OPTION_TEXT, verify_options, shapes, "Only these shapes of mapping (default: all)"),
	OPTION_NUMBER_ROW("pages", "N", verify_options, pages, PAGES_LEAST, PAGES_MOST,
			  "Pages to move in and out with each (default: 64)"),
	OPTION_END,
};

static const struct options verify_options_spec = {
	.name = "barmap verify",
	.summary = "Prove, by DMA and by the IOMMU's tables, that every variant maps the right "
		   "memory.",
	.rows = verify_rows,
};

static int verify_options_parse(struct verify_options *options, int argc, char **argv,
				struct error *error)
{
	int ret;

	memset(options, 0, sizeof(*options));
	ret = options_parse(&verify_options_spec, argc, argv, options, error);
	if (ret)
		return ret;
	if (!options->device)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "option '--device': required; see barmap verify --help");
	if (options->pages && !options->dma)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "option '--pages': needs --dma, which moves them");
	if (!options->pages)
		options->pages = PAGES_DEFAULT;
	return 0;
}

static struct variant_set verify_variants;

static void verify_variants_restore(void)
{
	variant_restore(&verify_variants);
}

/* What was proved, and by what. */
static void verify_print(const struct verify *verify, const char *name,
			 const struct verify_count *count)
{
	const struct verify_leaves *leaves = &count->leaves;

	printf("verify %s: ", name);
	if (verify->has_dma)
		printf("%" PRIu64 " pages in, %" PRIu64 " out, ", count->in, count->out);
	if (verify->has_tables)
		printf("IOMMU tables: %" PRIu64 " leaves of 4K, %" PRIu64 " of 2M, %" PRIu64
		       " of 1G, %" PRIu64 " KiB exact: ok\n", leaves->count[IOTABLE_4K],
		       leaves->count[IOTABLE_2M], leaves->count[IOTABLE_1G],
		       leaves->bytes / 1024);
	else
		printf("no tables to read: ok\n");
	fflush(stdout);
}

static int verify_one(struct verify *verify, size_t index, unsigned int pages,
		      struct error *error)
{
	const char *name = verify_variants.names[index];
	struct verify_count count;
	int ret;

	ret = variant_select(&verify_variants, index);
	if (ret)
		return error_set(error, OUTCOME_CANNOT, -ret,
				 "parameter '%s': cannot select %s: %s", verify_variants.path, name,
				 strerror(-ret));
	ret = verify_variant(verify, name, pages, &count, error);
	if (ret)
		return ret;
	verify_print(verify, name, &count);
	return 0;
}

static int verify_choose_shapes(const char *patterns, bool *chosen, struct error *error)
{
	const char *names[VERIFY_SHAPES_MAX] = { NULL };
	size_t i;

	for (i = 0; i < verify_shapes_count; i++)
		names[i] = verify_shapes[i].name;
	return glob_choose("shape", patterns, names, verify_shapes_count, chosen, error);
}

/* The chosen variants of @backend, which has the devices open meanwhile. */
static int verify_backend(const struct backend *backend, const struct verify_options *options,
			  const bool *chosen, const bool *shapes, struct error *error)
{
	struct verify verify;
	int ret;
	size_t i;

	ret = verify_open(&verify, backend, options->device, options->dma, error);
	if (ret)
		return ret;
	memcpy(verify.shapes, shapes, sizeof(verify.shapes));
	for (i = 0; i < verify_variants.count && !ret; i++)
		if (chosen[i] && backend_find(verify_variants.names[i]) == backend)
			ret = verify_one(&verify, i, options->pages, error);
	verify_close(&verify);
	return ret;
}

static bool verify_has_backend(const struct backend *backend, const bool *chosen)
{
	size_t i;

	for (i = 0; i < verify_variants.count; i++)
		if (chosen[i] && backend_find(verify_variants.names[i]) == backend)
			return true;
	return false;
}

static int verify_all(const struct verify_options *options, const bool *chosen,
		      struct error *error)
{
	bool shapes[VERIFY_SHAPES_MAX];
	int ret;
	size_t i;

	ret = verify_choose_shapes(options->shapes, shapes, error);
	for (i = 0; backends[i] && !ret; i++)
		if (!backends[i]->within && verify_has_backend(backends[i], chosen))
			ret = verify_backend(backends[i], options, chosen, shapes, error);
	return ret;
}

/* All but those that work within another: the floor knows no shapes. */
static int verify_variants_read(const char *device, struct error *error)
{
	struct backend_absence absence;
	size_t i;
	int ret;

	ret = backend_variants_read(&verify_variants, device, &absence, error);
	for (i = 1; backends[i] && !ret; i++)
		if (backends[i]->within && !absence.errors[i].text[0]) {
			verify_variants.count--;
			verify_variants.added--;
		} else if (!backends[i]->within && absence.errors[i].text[0]) {
			fprintf(stderr, "barmap: note: %s is left out: %s\n", backends[i]->variant,
				absence.errors[i].text);
		}
	return ret;
}

static int verify_choose(const struct verify_options *options, bool *chosen, struct error *error)
{
	const char *names[VARIANTS_MAX] = { NULL };
	struct pci_device pci;
	size_t i;
	int ret;

	ret = verify_variants_read(options->device, error);
	if (ret)
		return ret;
	interrupt_add_undo(verify_variants_restore);
	for (i = 0; i < verify_variants.count; i++)
		names[i] = verify_variants.names[i];
	ret = glob_choose("variant", options->variants, names, verify_variants.count, chosen,
			  error);
	if (!ret)
		ret = pci_device_read(&pci, options->device, error);
	if (!ret && options->dma)
		ret = pci_device_read(&pci, options->dma, error);
	return ret;
}

int cmd_verify(int argc, char **argv, struct error *error)
{
	struct verify_options options;
	bool chosen[VARIANTS_MAX];
	int ret;

	ret = verify_options_parse(&options, argc, argv, error);
	if (ret)
		return ret;
	interrupt_install(false);
	ret = verify_choose(&options, chosen, error);
	if (!ret)
		ret = verify_all(&options, chosen, error);
	interrupt_die_if_pending();
	return ret;
}

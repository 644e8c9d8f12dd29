// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vfio-dma: an engine for fio in which one I/O DMA-maps, unmaps or touches device memory. Built
 * against the source of one version of fio and of no use to another: fio's own check, of a number,
 * misses most changes of its structures. fio is GPL-2.0 only, so that is what the whole is; of
 * barmap only lib/ is in it.
 *
 *	TRIM	VFIO_IOMMU_MAP_DMA of map_size bytes of the BAR
 *	WRITE	VFIO_IOMMU_UNMAP_DMA of them
 *	READ	the CPU reads 4 bytes every touch_stride
 *
 * so that rw=trimwrite maps and unmaps in turns and fio keeps both apart. fio's offset divided by
 * its block size is the number of the mapping; the BAR is used again from its start when it ends.
 * Whatever one I/O needs done before it - unmap what is to be mapped, map what is to be unmapped,
 * new page tables - is done in prep(), before fio reads its clock.
 */
#include "config-host.h"
#include "barmap-version.h"
#include "fio.h"
#include "optgroup.h"

#include "session.h"

#include "lib/bar.h"
#include "lib/clock.h"
#include "lib/size.h"
#include "lib/variant.h"

enum tables {
	TABLES_WARM,
	TABLES_COLD,
};

struct engine_options {
	void *pad;			/* fio takes an offset of 0 for none */
	char *device;
	char *container;
	char *variant;
	int bar;
	unsigned long long map_bytes;
	unsigned long long iova;
	unsigned long long va_offset_bytes;
	unsigned long long touch_stride_bytes;
	unsigned int tables;
	unsigned int settle;
	unsigned int empty;
};

/* One job. */
struct engine {
	struct session *session;
	struct clock_source clock;
};

#define OPTION(option, text, kind, member)				\
	.name = option,							\
	.lname = option,						\
	.type = kind,							\
	.off1 = offsetof(struct engine_options, member),		\
	.help = text,							\
	.category = FIO_OPT_C_ENGINE,					\
	.group = FIO_OPT_G_INVALID

static struct fio_option engine_option_table[] = {
	{ OPTION("device", "PCI address of the device; bound to vfio-pci", FIO_OPT_STR_STORE,
		 device) },
	{ OPTION("container", "Devices with the same name here share a VFIO container",
		 FIO_OPT_STR_STORE, container) },
	{ OPTION("variant", "Fail unless the kernel looks pfns up in this way",
		 FIO_OPT_STR_STORE, variant) },
	{ OPTION("bar", "Number of the BAR; -1: the largest", FIO_OPT_INT, bar),
	  .def = "-1", .minval = -1, .maxval = 5 },
	{ OPTION("map_size", "Bytes that one I/O maps, unmaps or touches", FIO_OPT_STR_VAL,
		 map_bytes), .def = "2M" },
	{ OPTION("iova_base", "IOVA of the BAR's start; 0: find room", FIO_OPT_STR_VAL, iova),
	  .def = "0" },
	{ OPTION("va_offset", "Distance of the BAR's virtual address from a multiple of 1 GiB",
		 FIO_OPT_STR_VAL, va_offset_bytes), .def = "0" },
	{ OPTION("touch_stride", "Distance of the reads of one READ", FIO_OPT_STR_VAL,
		 touch_stride_bytes), .def = "4K" },
	{ OPTION("tables", "The process' page tables of the BAR", FIO_OPT_STR, tables),
	  .def = "warm",
	  .posval = {
		{ .ival = "warm", .oval = TABLES_WARM, .help = "populated before the first I/O" },
		{ .ival = "cold", .oval = TABLES_COLD, .help = "new for each map and touch" },
	  } },
	{ OPTION("settle", "Start each map in the same state, as barmap run does", FIO_OPT_BOOL,
		 settle), .def = "0" },
	{ OPTION("empty", "Do nothing: what fio itself costs", FIO_OPT_BOOL, empty), .def = "0" },
	{ .name = NULL },
};

/* Returns 0 or -errno with @error filled. */
static int variant_check(const char *wanted, struct error *error)
{
	struct variant_set variants;
	int ret;

	if (!wanted)
		return 0;
	ret = variant_set_read(&variants, VARIANT_PARAMETER, error);
	if (ret || !strcmp(variants.names[variants.current], wanted))
		return ret;
	return error_set(error, OUTCOME_USE, EINVAL, "variant '%s': the kernel uses %s; as root: "
			 "echo %s >" VARIANT_PARAMETER, wanted, variants.names[variants.current],
			 wanted);
}

static int options_check(const struct engine_options *options, struct error *error)
{
	if (!options->device)
		return error_set(error, OUTCOME_USE, EINVAL, "option 'device': required");
	if (options->va_offset_bytes % SZ_4K || options->va_offset_bytes >= SZ_1G)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "va_offset '%llu': must be a multiple of 4K below 1G",
				 options->va_offset_bytes);
	if (options->iova % SZ_4K)
		return error_set(error, OUTCOME_USE, EINVAL,
				 "iova_base '%llu': must be a multiple of 4K", options->iova);
	if (!options->touch_stride_bytes || options->touch_stride_bytes % sizeof(uint32_t))
		return error_set(error, OUTCOME_USE, EINVAL,
				 "touch_stride '%llu': must be a multiple of 4",
				 options->touch_stride_bytes);
	return variant_check(options->variant, error);
}

static int engine_open(struct engine *engine, const struct engine_options *options,
		       struct error *error)
{
	const struct session_request request = {
		.device = options->device,
		.container = options->container,
		.bar = options->bar,
		.map_bytes = options->map_bytes,
		.iova = options->iova,
		.va_offset_bytes = options->va_offset_bytes,
	};
	int ret;

	ret = options_check(options, error);
	if (!ret && options->settle)
		ret = clock_init(&engine->clock, CLOCK_MODE_AUTO, error);
	if (!ret)
		ret = session_open(&engine->session, &request, error);
	if (ret)
		return ret;
	if (options->tables == TABLES_WARM && !options->empty)
		ret = session_warm(engine->session);
	if (!ret)
		return 0;
	session_close(engine->session);
	return error_set(error, OUTCOME_FAILED, -ret,
			 "device '%s': populating the page tables: %s", options->device,
			 strerror(-ret));
}

/* fio's file: a block for each mapping, and two at least, as trimwrite goes from one to another. */
static void engine_add_file(struct thread_data *td, const struct session *session)
{
	uint64_t blocks = session->slots > 1 ? session->slots : 2;

	if (!td->files_index) {
		add_file(td, td->io_ops->name, 0, 0);
		td->o.nr_files = td->o.nr_files ? td->o.nr_files : 1;
		td->o.open_files++;
	}
	td->files[0]->filetype = FIO_TYPE_BLOCK;
	td->files[0]->real_file_size = td->o.size ? td->o.size : blocks * td_min_bs(td);
}

/* Called for one job after the other, before the first of them starts. */
static int engine_setup(struct thread_data *td)
{
	struct engine *engine = calloc(1, sizeof(*engine));
	struct error error;

	if (!engine)
		return 1;
	/* a device is one process' own, and so is what it maps */
	td->o.use_thread = 1;
	if (engine_open(engine, td->eo, &error)) {
		log_err("%s: %s: %s\n", td->io_ops->name, td->o.name, error.text);
		free(engine);
		return 1;
	}
	engine_add_file(td, engine->session);
	td->io_ops_data = engine;
	return 0;
}

static void engine_cleanup(struct thread_data *td)
{
	struct engine *engine = td->io_ops_data;

	if (!engine)
		return;
	session_close(engine->session);
	free(engine);
}

static uint64_t io_u_slot(const struct engine *engine, const struct io_u *io_u)
{
	return io_u->offset / io_u->buflen % engine->session->slots;
}

/* Bring the slot into the state that @ddir changes. */
static int prep_slot(struct session *session, uint64_t slot, enum fio_ddir ddir)
{
	if (ddir == DDIR_TRIM && session->mapped[slot])
		return session_unmap(session, slot);
	if (ddir == DDIR_WRITE && !session->mapped[slot])
		return session_map(session, slot);
	return 0;
}

static int prep_run(const struct engine *engine, const struct engine_options *options,
		    uint64_t slot, enum fio_ddir ddir)
{
	int ret;

	ret = prep_slot(engine->session, slot, ddir);
	if (!ret && options->tables == TABLES_COLD && ddir != DDIR_WRITE)
		ret = session_cool(engine->session);
	if (ret || !options->settle)
		return ret;
	if (engine->clock.wait_tick)
		engine->clock.wait_tick();
	return ddir == DDIR_TRIM ? session_fill_free_lists(engine->session) : 0;
}

static int engine_prep(struct thread_data *td, struct io_u *io_u)
{
	const struct engine_options *options = td->eo;
	const struct engine *engine = td->io_ops_data;
	int ret = 0;

	if (!options->empty && ddir_rw(io_u->ddir))
		ret = prep_run(engine, options, io_u_slot(engine, io_u), io_u->ddir);
	if (ret)
		td_verror(td, -ret, "vfio-dma: preparing an I/O");
	return ret;
}

static enum fio_q_status engine_queue(struct thread_data *td, struct io_u *io_u)
{
	const struct engine_options *options = td->eo;
	const struct engine *engine = td->io_ops_data;
	uint64_t slot = io_u_slot(engine, io_u);
	int ret = 0;

	fio_ro_check(td, io_u);
	if (options->empty)
		return FIO_Q_COMPLETED;
	if (io_u->ddir == DDIR_TRIM)
		ret = session_map(engine->session, slot);
	else if (io_u->ddir == DDIR_WRITE)
		ret = session_unmap(engine->session, slot);
	else if (io_u->ddir == DDIR_READ)
		session_touch(engine->session, slot, options->touch_stride_bytes);
	if (ret) {
		io_u->error = -ret;
		td_verror(td, -ret, io_u->ddir == DDIR_TRIM ? "vfio-dma: map" : "vfio-dma: unmap");
	}
	return FIO_Q_COMPLETED;
}

static int engine_open_file(struct thread_data *td, struct fio_file *f)
{
	(void)td;
	(void)f;
	return 0;
}

static int engine_init(struct thread_data *td)
{
	return td->io_ops_data ? 0 : 1;
}

/* fio finds it by this name. */
struct ioengine_ops ioengine = {
	.name			= "vfio-dma",
	.version		= FIO_IOOPS_VERSION,
	.flags			= FIO_SYNCIO | FIO_DISKLESSIO | FIO_NOEXTEND,
	.setup			= engine_setup,
	.init			= engine_init,
	.prep			= engine_prep,
	.queue			= engine_queue,
	.cleanup		= engine_cleanup,
	.open_file		= engine_open_file,
	.close_file		= engine_open_file,
	.options		= engine_option_table,
	.option_struct_size	= sizeof(struct engine_options),
};

/* In the program that loads this. */
extern const char fio_version_string[] __attribute__((weak));

/* Runs when fio loads this, before fio looks at any of it. */
static void __attribute__((constructor)) engine_check_version(void)
{
	const char *version = fio_version_string;

	if (version && !strcmp(version, FIO_SOURCE_VERSION))
		return;
	fprintf(stderr, "vfio-dma: built for %s, but this is %s; build it for the fio that you use\n",
		FIO_SOURCE_VERSION, version ? version : "not fio");
	ioengine.version = -1;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random programs. Most numbers come from the edges of something: of pages, leaves, vmas, mappings,
 * apertures, and of 64 bits. What a program does depends on what it did before, as far as one can
 * tell without running it.
 */
#include "fuzz_host.h"

#include <linux/vfio.h>
#include <string.h>
#include <sys/mman.h>

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define RW		(PROT_READ | PROT_WRITE)
#define DMA_RW		(VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE)
#define AREAS_MAX	16
#define MAPS_MAX	16

struct area {
	enum fuzz_kind kind;
	uint64_t at, pages, from;
};

struct mapping {
	unsigned int container;
	uint64_t iova, bytes;
};

struct generator {
	struct fuzz_program *program;
	uint64_t random;
	struct area areas[AREAS_MAX];
	unsigned int areas_count;
	struct mapping maps[MAPS_MAX];
	unsigned int maps_count;
	bool open[FUZZ_DEVICES];
	bool separate;		/* devices get domains of their own */
	unsigned int home;	/* the container that has the first device */
};

uint64_t fuzz_random(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t below(struct generator *generator, uint64_t limit)
{
	return limit ? fuzz_random(&generator->random) % limit : 0;
}

static bool chance(struct generator *generator, unsigned int percent)
{
	return below(generator, 100) < percent;
}

/* One of @values. */
static uint64_t one_of(struct generator *generator, const uint64_t *values, size_t count)
{
	return values[below(generator, count)];
}

#define ONE_OF(generator, ...) \
	one_of(generator, (const uint64_t[]){ __VA_ARGS__ }, \
	       COUNT(((const uint64_t[]){ __VA_ARGS__ })))

static void emit(struct generator *generator, enum fuzz_op op, uint64_t a, uint64_t b, uint64_t c,
		 uint64_t d, uint64_t e)
{
	struct fuzz_program *program = generator->program;

	if (program->count == FUZZ_CALLS_MAX)
		return;
	program->calls[program->count++] = (struct fuzz_call){ op, { a, b, c, d, e, 0 } };
}

/* Mostly the one where there is something. */
static unsigned int choose_container(struct generator *generator)
{
	return chance(generator, 6) ? !generator->home : generator->home;
}

/* ---- the address space ---- */

static uint64_t choose_pages(struct generator *generator)
{
	if (chance(generator, 70))
		return ONE_OF(generator, 1, 1, 2, 2, 3, 4, 5, 8, 16, 31, 64);
	return ONE_OF(generator, 511, 512, 513, 512, 1023, 1024, 1025, 100);
}

static const struct area *choose_area(struct generator *generator)
{
	static const struct area none = { FUZZ_NONE, 512, 4, 0 };

	if (!generator->areas_count)
		return &none;
	/* The later ones more often: the earlier may be gone. */
	if (chance(generator, 50))
		return &generator->areas[generator->areas_count - 1];
	return &generator->areas[below(generator, generator->areas_count)];
}

/* Next to another area, as a rule; or at a border of a leaf, or close to it. */
static uint64_t choose_at(struct generator *generator, uint64_t pages)
{
	const struct area *area = choose_area(generator);
	uint64_t at = FUZZ_LEAF_PAGES * (1 + below(generator, 8));

	if (generator->areas_count && chance(generator, 60)) {
		at = area->at + area->pages;
		if (chance(generator, 20) && area->at >= pages)
			at = area->at - pages;
		else if (chance(generator, 15))
			at = area->at + area->pages / 2;
	} else if (chance(generator, 40)) {
		at += ONE_OF(generator, 1, 2, (uint64_t)-1, (uint64_t)-2, 256);
	}
	return at > FUZZ_ARENA_PAGES - pages ? FUZZ_ARENA_PAGES - pages : at;
}

static uint64_t kind_bytes(enum fuzz_kind kind)
{
	switch (kind) {
	case FUZZ_BAR_A:
		return UINT64_C(64) << 20;
	case FUZZ_BAR_MSIX:
		return 16384;
	default:
		return UINT64_C(16) << 20;
	}
}

static enum fuzz_kind choose_kind(struct generator *generator)
{
	enum fuzz_kind kind = (enum fuzz_kind)
		ONE_OF(generator, FUZZ_BAR_A, FUZZ_BAR_A, FUZZ_BAR_A, FUZZ_BAR_A, FUZZ_BAR_B,
		       FUZZ_BAR_B, FUZZ_BAR_NVME, FUZZ_BAR_MSIX, FUZZ_RAM, FUZZ_RAM, FUZZ_RAM,
		       FUZZ_RAM_UNTOUCHED, FUZZ_RAM_SHARED, FUZZ_HUGETLB, FUZZ_THP, FUZZ_SYSFS,
		       FUZZ_SYSFS, FUZZ_SYSFS_PRIVATE);

	if ((kind == FUZZ_BAR_B && !generator->open[FUZZ_B]) ||
	    ((kind == FUZZ_BAR_NVME || kind == FUZZ_BAR_MSIX) && !generator->open[FUZZ_NVME]))
		return generator->open[FUZZ_A] ? FUZZ_BAR_A : FUZZ_SYSFS;
	return kind;
}

static void area_add(struct generator *generator, struct area area)
{
	if (generator->areas_count == AREAS_MAX) {
		memmove(generator->areas, generator->areas + 1,
			sizeof(generator->areas) - sizeof(generator->areas[0]));
		generator->areas_count--;
	}
	generator->areas[generator->areas_count++] = area;
}

/* From where in the object: continuing the area before, or not. */
static uint64_t choose_from(struct generator *generator, enum fuzz_kind kind, uint64_t at,
			    uint64_t pages)
{
	uint64_t limit = kind_bytes(kind) / FUZZ_PAGE;
	unsigned int i;

	for (i = generator->areas_count; i-- > 0;) {
		const struct area *area = &generator->areas[i];

		if (area->kind == kind && area->at + area->pages == at && chance(generator, 50))
			return area->from + area->pages;
	}
	if (chance(generator, 15))
		return limit - pages + ONE_OF(generator, 0, 0, 1);
	return ONE_OF(generator, 0, 0, 0, 1, 2, 511, 512, 513, 1024);
}

static void make_mmap(struct generator *generator)
{
	struct area area = { .kind = choose_kind(generator), .pages = choose_pages(generator) };
	uint64_t prot = chance(generator, 80) ? RW :
			ONE_OF(generator, PROT_READ, PROT_READ, PROT_WRITE, PROT_NONE);

	if (area.kind == FUZZ_BAR_MSIX)
		area.pages = 1 + below(generator, 4);
	area.at = choose_at(generator, area.pages);
	if (area.kind == FUZZ_HUGETLB) {
		area.pages = FUZZ_LEAF_PAGES * (1 + below(generator, 2));
		area.at &= ~(FUZZ_LEAF_PAGES - 1);
	}
	area.from = choose_from(generator, area.kind, area.at, area.pages);
	if (area.kind < FUZZ_SYSFS)
		area.from = 0;
	emit(generator, FUZZ_MMAP, area.kind, area.at, area.pages, area.from, prot);
	area_add(generator, area);
}

/* Some pages of an area, or of it and what is next to it. */
static void choose_part(struct generator *generator, uint64_t *at, uint64_t *pages)
{
	const struct area *area = choose_area(generator);
	uint64_t first = 0;

	if (chance(generator, 60))
		first = ONE_OF(generator, 1, area->pages / 2, area->pages - 1, 2, 511, 512) %
			area->pages;
	*at = area->at + first;
	*pages = ONE_OF(generator, 1, 1, area->pages - first, area->pages - first,
			(area->pages - first) / 2, area->pages - first + 1);
	if (!*pages)
		*pages = 1;
	if (*at > FUZZ_ARENA_PAGES - 1)
		*at = FUZZ_ARENA_PAGES - 1;
	if (*pages > FUZZ_ARENA_PAGES - *at)
		*pages = FUZZ_ARENA_PAGES - *at;
}

static void make_vma_change(struct generator *generator, enum fuzz_op op)
{
	uint64_t at, pages, extra = 0;

	choose_part(generator, &at, &pages);
	if (op == FUZZ_MPROTECT)
		extra = ONE_OF(generator, PROT_READ, PROT_READ, PROT_NONE, RW, RW, PROT_WRITE);
	if (op == FUZZ_MREMAP) {
		extra = choose_at(generator, pages);
		area_add(generator, (struct area){ choose_area(generator)->kind, extra, pages, 0 });
	}
	emit(generator, op, at, pages, extra, 0, 0);
}

/* ---- DMA ---- */

static const uint64_t page_edges[] = {
	0, 0, 0, 0, 0, 0, FUZZ_PAGE, (uint64_t)-FUZZ_PAGE, 2 * FUZZ_PAGE,
};

#define LEAF	(FUZZ_LEAF_PAGES * FUZZ_PAGE)
#define BIT(n)	(UINT64_C(1) << (n))

static uint64_t choose_huge(struct generator *generator)
{
	return ONE_OF(generator, BIT(43), BIT(43), BIT(44), BIT(46), BIT(47), BIT(48), BIT(63),
		      BIT(31), BIT(32), BIT(39), BIT(30)) +
	       ONE_OF(generator, 0, 0, FUZZ_PAGE, (uint64_t)-FUZZ_PAGE);
}

/* Far beyond what any address has; where the sum with one of these is 2^64, or near. */
static uint64_t choose_monster(struct generator *generator, uint64_t base)
{
	return 0 - base + one_of(generator, page_edges, COUNT(page_edges));
}

static uint64_t choose_iova(struct generator *generator, uint64_t bytes, uint64_t vaddr)
{
	const struct mapping *map = generator->maps_count ?
		&generator->maps[below(generator, generator->maps_count)] : NULL;
	uint64_t iova = BIT(32) + LEAF * below(generator, 64), edge;

	edge = one_of(generator, page_edges, COUNT(page_edges));
	switch (below(generator, 20)) {
	case 0:
		return edge;
	case 1:
		return choose_huge(generator);
	case 2:
		return 0 - bytes + edge;	/* ends at the top, or next to it */
	case 3:
		return BIT(48) - bytes + edge;	/* at the end of an aperture */
	case 4:
		return ONE_OF(generator, BIT(47), BIT(39), BIT(46)) - bytes + edge;
	case 5:
		return ONE_OF(generator, UINT64_C(0xfee00000), UINT64_C(0xfef00000),
			      UINT64_C(0xfd00000000), BIT(40)) - (chance(generator, 50) ? bytes : 0) +
		       edge;
	case 6:
	case 7:
		return map ? map->iova + map->bytes + edge : iova;
	case 8:
		return map ? map->iova - bytes + edge : iova;
	case 9:
		return map ? map->iova + edge : iova;
	case 10:	/* as the CPU has it: leaves fit; or not */
		return BIT(33) + vaddr % BIT(30) + edge;
	case 11:
		return iova + below(generator, 512) * FUZZ_PAGE;
	default:
		return iova + edge;
	}
}

/* The sum of sizes up to 2^64 is what matters: an IOVA that does not fail before. */
static uint64_t choose_iova_monster(struct generator *generator, uint64_t bytes, uint64_t vaddr)
{
	switch (below(generator, 6)) {
	case 0:
		return choose_iova(generator, bytes, vaddr);
	case 1:
		return 0 - bytes;
	case 2:
		return BIT(46);
	case 3:
		return ONE_OF(generator, BIT(40), BIT(41), BIT(43), BIT(45));
	default:
		return ONE_OF(generator, BIT(46), BIT(40), vaddr & ~(LEAF - 1)) + LEAF *
		       below(generator, 4);
	}
}

static uint64_t choose_flags(struct generator *generator)
{
	uint64_t flags = chance(generator, 75) ? DMA_RW :
			 ONE_OF(generator, VFIO_DMA_MAP_FLAG_READ, VFIO_DMA_MAP_FLAG_READ,
				VFIO_DMA_MAP_FLAG_WRITE, VFIO_DMA_MAP_FLAG_WRITE, 0,
				VFIO_DMA_MAP_FLAG_VADDR, DMA_RW | 8);

	if (chance(generator, 4))
		flags |= FUZZ_MAP_BY_CHILD;
	return flags;
}

/* How much of an area, or of it and those behind, from @first on. */
static uint64_t choose_size(struct generator *generator, const struct area *area, uint64_t first)
{
	uint64_t rest = (area->pages - first) * FUZZ_PAGE;
	const struct area *other;

	switch (below(generator, 10)) {
	case 0:
		return FUZZ_PAGE * (1 + below(generator, 4));
	case 1:
		return rest + FUZZ_PAGE;
	case 2:
		return rest > FUZZ_PAGE ? rest - FUZZ_PAGE : rest;
	case 3:
	case 4:		/* to the end of another one, or near */
		other = choose_area(generator);
		if (other->at + other->pages > area->at + first)
			return (other->at + other->pages - area->at - first) * FUZZ_PAGE;
		return rest;
	case 5:
		return LEAF + one_of(generator, page_edges, COUNT(page_edges));
	default:
		return rest;
	}
}

static void map_add(struct generator *generator, struct mapping map)
{
	if (generator->maps_count == MAPS_MAX) {
		memmove(generator->maps, generator->maps + 1,
			sizeof(generator->maps) - sizeof(generator->maps[0]));
		generator->maps_count--;
	}
	generator->maps[generator->maps_count++] = map;
}

static void make_map_of(struct generator *generator, const struct area *area)
{
	struct mapping map = { .container = choose_container(generator) };
	uint64_t first = 0, vaddr;
	bool monster = chance(generator, 12);

	if (chance(generator, 35))
		first = ONE_OF(generator, 1, 2, area->pages / 2, area->pages - 1, 511, 512) % area->pages;
	vaddr = FUZZ_ARENA + (area->at + first) * FUZZ_PAGE;
	if (chance(generator, 3))
		vaddr += ONE_OF(generator, 1, 2048, (uint64_t)-FUZZ_PAGE);
	map.bytes = choose_size(generator, area, first);
	if (monster && chance(generator, 70))
		map.bytes = choose_monster(generator, vaddr);
	else if (monster)
		map.bytes = choose_huge(generator);
	if (chance(generator, 2))
		map.bytes = ONE_OF(generator, 0, 1, 4095, map.bytes + 1);
	map.iova = monster ? choose_iova_monster(generator, map.bytes, vaddr) :
		   choose_iova(generator, map.bytes, vaddr);
	if (!monster && chance(generator, 2))
		map.bytes = choose_monster(generator, map.iova);
	emit(generator, FUZZ_MAP, map.container, map.iova, vaddr, map.bytes,
	     choose_flags(generator));
	map_add(generator, map);
}

static void make_map(struct generator *generator)
{
	make_map_of(generator, choose_area(generator));
}

static bool kind_is_of(enum fuzz_kind kind, enum fuzz_device device)
{
	switch (kind) {
	case FUZZ_BAR_A:
		return device == FUZZ_A;
	case FUZZ_BAR_B:
		return device == FUZZ_B;
	case FUZZ_BAR_NVME:
	case FUZZ_BAR_MSIX:
		return device == FUZZ_NVME;
	default:
		return false;
	}
}

/* Something has become of @device: map its memory, if there is some in the arena. */
static void make_map_of_device(struct generator *generator, enum fuzz_device device)
{
	unsigned int i;

	for (i = generator->areas_count; i-- > 0;) {
		if (kind_is_of(generator->areas[i].kind, device) && chance(generator, 75)) {
			make_map_of(generator, &generator->areas[i]);
			return;
		}
	}
	make_map(generator);
}

/* One of the mappings, or a part, or more than it. */
static struct mapping choose_mapping(struct generator *generator)
{
	struct mapping map = { generator->home, BIT(32), LEAF };

	if (generator->maps_count)
		map = generator->maps[below(generator, generator->maps_count)];
	switch (below(generator, 10)) {
	case 0:
		map.bytes = FUZZ_PAGE;
		break;
	case 1:
		map.iova += one_of(generator, page_edges, COUNT(page_edges));
		break;
	case 2:
		map.bytes += one_of(generator, page_edges, COUNT(page_edges));
		break;
	case 3:
		map.iova = 0;
		map.bytes = ONE_OF(generator, BIT(63), 0 - FUZZ_PAGE, BIT(40), 0);
		break;
	case 4:
		map.bytes = choose_monster(generator, map.iova);
		break;
	}
	return map;
}

static void make_unmap(struct generator *generator)
{
	struct mapping map = choose_mapping(generator);
	uint64_t flags = chance(generator, 70) ? 0 :
			 ONE_OF(generator, VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP,
				VFIO_DMA_UNMAP_FLAG_GET_DIRTY_BITMAP, VFIO_DMA_UNMAP_FLAG_ALL,
				VFIO_DMA_UNMAP_FLAG_VADDR, VFIO_DMA_UNMAP_FLAG_ALL | 4, 8);

	if (flags & VFIO_DMA_UNMAP_FLAG_ALL)
		map.iova = map.bytes = 0;
	emit(generator, FUZZ_UNMAP, map.container, map.iova, map.bytes, flags, 0);
}

/* Take the addresses of a mapping away, and give it others, or the same. */
static void make_vaddr_update(struct generator *generator)
{
	struct mapping map = choose_mapping(generator);
	const struct area *area = choose_area(generator);

	emit(generator, FUZZ_UNMAP, map.container, map.iova, map.bytes, VFIO_DMA_UNMAP_FLAG_VADDR, 0);
	if (chance(generator, 30))
		make_map(generator);
	emit(generator, FUZZ_MAP, map.container, map.iova, FUZZ_ARENA + area->at * FUZZ_PAGE,
	     map.bytes, VFIO_DMA_MAP_FLAG_VADDR);
}

static void make_dirty(struct generator *generator)
{
	struct mapping map = choose_mapping(generator);

	emit(generator, FUZZ_DIRTY, map.container,
	     ONE_OF(generator, FUZZ_DIRTY_START, FUZZ_DIRTY_START, FUZZ_DIRTY_GET, FUZZ_DIRTY_GET,
		    FUZZ_DIRTY_STOP), map.iova, map.bytes, 0);
}

/* ---- devices ---- */

static void make_open(struct generator *generator)
{
	enum fuzz_device device = (enum fuzz_device)
		ONE_OF(generator, FUZZ_A, FUZZ_B, FUZZ_B, FUZZ_EDU, FUZZ_EDU, FUZZ_EMULATED,
		       FUZZ_EMULATED);

	emit(generator, FUZZ_OPEN, device, chance(generator, 25) ? !generator->home : generator->home,
	     0, 0, 0);
	generator->open[device] = true;
}

/* Mostly the one that is open for sure, or the one that can do more. */
static enum fuzz_device choose_device(struct generator *generator)
{
	enum fuzz_device device = (enum fuzz_device)
		ONE_OF(generator, FUZZ_A, FUZZ_A, FUZZ_B, FUZZ_NVME, FUZZ_NVME, FUZZ_EDU);

	return generator->open[device] ? device : FUZZ_A;
}

static void make_device_change(struct generator *generator)
{
	enum fuzz_device device = choose_device(generator);

	switch (below(generator, 12)) {
	case 0:
	case 1:
	case 2:
		emit(generator, FUZZ_DECODE, device, 0, 0, 0, 0);
		if (chance(generator, 40))
			make_map_of_device(generator, device);
		if (chance(generator, 70))
			emit(generator, FUZZ_DECODE, device, 1, 0, 0, 0);
		break;
	case 3:
		emit(generator, FUZZ_DECODE, device, below(generator, 2), 0, 0, 0);
		break;
	case 4:
		if (!generator->open[FUZZ_NVME])
			break;
		emit(generator, FUZZ_POWER, FUZZ_NVME, 3, 0, 0, 0);
		if (chance(generator, 50))
			make_map_of_device(generator, FUZZ_NVME);
		emit(generator, FUZZ_POWER, FUZZ_NVME, 0, 0, 0, 0);
		break;
	case 5:
		emit(generator, FUZZ_LOW_POWER, device, chance(generator, 70), 0, 0, 0);
		if (chance(generator, 50))
			make_map_of_device(generator, device);
		break;
	case 6:
		emit(generator, FUZZ_RESET, device, 0, 0, 0, 0);
		break;
	case 7:
		emit(generator, FUZZ_HOT_RESET, device, 0, 0, 0, 0);
		break;
	case 8:
		emit(generator, FUZZ_JOIN, ONE_OF(generator, FUZZ_EDU, FUZZ_B),
		     chance(generator, 20), 0, 0, 0);
		break;
	case 9:
		emit(generator, FUZZ_LEAVE, ONE_OF(generator, FUZZ_EDU, FUZZ_B), 0, 0, 0, 0);
		break;
	case 10:
		emit(generator, FUZZ_CONTAINER_CLOSE, chance(generator, 50), 0, 0, 0, 0);
		break;
	default:
		emit(generator, FUZZ_CLOSE, device, 0, 0, 0, 0);
		generator->open[device] = false;
		break;
	}
}

/* Only the emulated device pins. */
static void make_pin(struct generator *generator)
{
	struct mapping map = choose_mapping(generator);
	uint64_t page = below(generator, map.bytes / FUZZ_PAGE < 1024 ? map.bytes / FUZZ_PAGE : 4);
	uint64_t iova = map.iova + page * FUZZ_PAGE;

	switch (below(generator, 5)) {
	case 0:
		emit(generator, FUZZ_UNPIN, iova, ONE_OF(generator, 1, 2, 64), 0, 0, 0);
		break;
	case 1:
		emit(generator, FUZZ_WORD, iova, below(generator, 2), 0, 0, 0);
		break;
	default:
		emit(generator, FUZZ_PIN, iova, ONE_OF(generator, 1, 1, 2, 3, 8),
		     below(generator, 2), 0, 0);
	}
}

static void make_setting(struct generator *generator)
{
	switch (below(generator, 3)) {
	case 0:
		emit(generator, FUZZ_SMALL, below(generator, 2), 0, 0, 0, 0);
		break;
	case 1:
		emit(generator, FUZZ_INFO, choose_container(generator), 0, 0, 0, 0);
		break;
	default:
		emit(generator, FUZZ_TABLE, choose_container(generator), 0, 0, 0, 0);
	}
}

/* ---- programs ---- */

/* Several kinds of memory side by side, and all of it in one mapping. */
static void make_row(struct generator *generator)
{
	uint64_t start = FUZZ_LEAF_PAGES * (1 + below(generator, 8)) + ONE_OF(generator, 0, 0, 1, 511);
	uint64_t at = start, parts = 2 + below(generator, 3);
	struct mapping map = { .container = generator->home };

	for (; parts; parts--) {
		struct area area = { .kind = choose_kind(generator), .at = at };

		area.pages = ONE_OF(generator, 1, 1, 2, 3, 4, 16);
		if (area.kind == FUZZ_HUGETLB)
			area.kind = FUZZ_RAM;
		if (area.kind == FUZZ_BAR_MSIX)
			area.pages = 1;
		if (area.kind >= FUZZ_SYSFS)
			area.from = choose_from(generator, area.kind, at, area.pages);
		emit(generator, FUZZ_MMAP, area.kind, at, area.pages, area.from, RW);
		area_add(generator, area);
		at += area.pages;
	}
	map.bytes = (at - start) * FUZZ_PAGE;
	map.iova = BIT(32) + LEAF * below(generator, 64) + ONE_OF(generator, 0, FUZZ_PAGE);
	emit(generator, FUZZ_MAP, map.container, map.iova, FUZZ_ARENA + start * FUZZ_PAGE, map.bytes,
	     DMA_RW);
	map_add(generator, map);
}

static void make_head(struct generator *generator)
{
	generator->home = chance(generator, 10);
	generator->separate = chance(generator, 35);
	if (generator->separate)
		emit(generator, FUZZ_SEPARATE, 1, 0, 0, 0, 0);
	if (chance(generator, 10))
		emit(generator, FUZZ_SMALL, 1, 0, 0, 0, 0);
	if (chance(generator, 10))
		emit(generator, FUZZ_LIMIT, ONE_OF(generator, 0, 1, 2, 4, 511, 512, 513), 0, 0, 0, 0);
	if (chance(generator, 8))
		emit(generator, FUZZ_ENTRIES, 1 + below(generator, 3), 0, 0, 0, 0);
	if (chance(generator, 20)) {
		emit(generator, FUZZ_OPEN, FUZZ_EMULATED, generator->home, 0, 0, 0);
		generator->open[FUZZ_EMULATED] = true;
	}
	/* A BAR to map need not be of a device of the container. */
	if (chance(generator, 95)) {
		emit(generator, FUZZ_OPEN, FUZZ_A, choose_container(generator), 0, 0, 0);
		generator->open[FUZZ_A] = true;
	}
	/* Its resets take a hundred times as long as all the rest. */
	if (chance(generator, 5)) {
		emit(generator, FUZZ_OPEN, FUZZ_NVME, choose_container(generator), 0, 0, 0);
		generator->open[FUZZ_NVME] = true;
	}
	if (chance(generator, 25))
		make_row(generator);
	make_mmap(generator);
	if (chance(generator, 60))
		make_mmap(generator);
	if (chance(generator, 30))
		make_mmap(generator);
}

static void make_step(struct generator *generator)
{
	uint64_t lot = below(generator, 100);

	if (lot < 30)
		make_map(generator);
	else if (lot < 43)
		make_unmap(generator);
	else if (lot < 55)
		make_mmap(generator);
	else if (lot < 59)
		make_vma_change(generator, FUZZ_MUNMAP);
	else if (lot < 65)
		make_vma_change(generator, FUZZ_MPROTECT);
	else if (lot < 68)
		make_vma_change(generator, FUZZ_MREMAP);
	else if (lot < 71)
		make_vma_change(generator, chance(generator, 70) ? FUZZ_READ : FUZZ_WRITE);
	else if (lot < 77)
		make_open(generator);
	else if (lot < 84)
		make_device_change(generator);
	else if (lot < 89)
		make_dirty(generator);
	else if (lot < 91)
		make_vaddr_update(generator);
	else if (lot < 96 && generator->open[FUZZ_EMULATED])
		make_pin(generator);
	else
		make_setting(generator);
}

void fuzz_generate(uint64_t seed, struct fuzz_program *program)
{
	struct generator generator = { .program = program, .random = seed };
	uint64_t steps;

	memset(program, 0, sizeof(*program));
	program->seed = seed;
	make_head(&generator);
	make_map(&generator);
	for (steps = 3 + below(&generator, 14); steps; steps--)
		make_step(&generator);
	/* A domain that comes now gets all mappings that there are. */
	if (generator.separate && !generator.open[FUZZ_EDU] && chance(&generator, 60))
		emit(&generator, FUZZ_OPEN, FUZZ_EDU, generator.home, 0, 0, 0);
}

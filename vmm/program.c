// SPDX-License-Identifier: GPL-2.0-or-later
#include "program.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_program(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISREG(status.st_mode) && !access(path, X_OK);
}

/* As execvp() searches. Returns 0 or -errno. */
static int program_find(const char *name, char path[PATH_MAX])
{
	const char *from = getenv("PATH"), *end;

	if (strchr(name, '/')) {
		snprintf(path, PATH_MAX, "%s", name);
		return is_program(path) ? 0 : access(path, F_OK) ? -ENOENT : -EACCES;
	}
	for (from = from ? from : "/bin:/usr/bin"; ; from = end + 1) {
		end = strchrnul(from, ':');
		snprintf(path, PATH_MAX, "%.*s/%s", (int)(end - from), end > from ? from : ".", name);
		if (is_program(path))
			return 0;
		if (!*end)
			return -ENOENT;
	}
}

/* Whether a dynamic linker starts it. */
static bool has_interpreter(int fd, const Elf64_Ehdr *head)
{
	Elf64_Phdr part;
	off_t at;
	int i;

	for (i = 0; i < head->e_phnum; i++) {
		at = (off_t)head->e_phoff + i * (off_t)head->e_phentsize;
		if (pread(fd, &part, sizeof(part), at) != sizeof(part))
			return false;
		if (part.p_type == PT_INTERP)
			return true;
	}
	return false;
}

/* Why the library cannot be loaded; NULL: it can, or nothing is known. */
static const char *obstacle_find(int fd)
{
	struct stat status;
	Elf64_Ehdr head;

	if (!fstat(fd, &status) && status.st_mode & (S_ISUID | S_ISGID))
		return "it is a set-user-ID or set-group-ID program";
	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) || memcmp(head.e_ident, ELFMAG, SELFMAG))
		return NULL;
	if (head.e_ident[EI_CLASS] != ELFCLASS64)
		return "it is not a 64-bit program";
	return has_interpreter(fd, &head) ? NULL : "it is a static program";
}

int program_check(const char *name, struct error *error)
{
	const char *obstacle;
	char path[PATH_MAX];
	int fd, ret;

	ret = program_find(name, path);
	if (ret)
		return error_set(error, OUTCOME_USE, -ret, "monitor '%s': %s", name, strerror(-ret));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)	/* it may be run, not read */
		return 0;
	obstacle = obstacle_find(fd);
	close(fd);
	if (!obstacle)
		return 0;
	return error_set(error, OUTCOME_CANNOT, ENOEXEC, "monitor '%s': cannot be traced: %s", path,
			 obstacle);
}

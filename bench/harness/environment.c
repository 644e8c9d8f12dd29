// SPDX-License-Identifier: GPL-2.0-or-later
#include "harness/environment.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/file.h"

#define VULNERABILITIES	"/sys/devices/system/cpu/vulnerabilities"

static void file_read_or(const char *path, const char *otherwise, char *text, size_t bytes)
{
	if (file_read(path, text, bytes))
		snprintf(text, bytes, "%s", otherwise);
}

static void kernel_collect(struct environment *environment)
{
	struct utsname name;

	uname(&name);
	snprintf(environment->kernel_release, sizeof(environment->kernel_release), "%s",
		 name.release);
	snprintf(environment->kernel_version, sizeof(environment->kernel_version), "%s",
		 name.version);
	file_read_or("/proc/cmdline", "unknown", environment->kernel_cmdline,
		     sizeof(environment->kernel_cmdline));
}

static void cpu_collect(struct environment *environment)
{
	char line[256];
	FILE *file;

	strcpy(environment->cpu, "unknown");
	file = fopen("/proc/cpuinfo", "re");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "model name : %127[^\n]", environment->cpu) == 1)
			break;
	fclose(file);
}

static int is_vulnerability(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static size_t mitigation_append(struct environment *environment, size_t used, const char *name)
{
	char path[PATH_MAX], state[256];
	size_t room = sizeof(environment->mitigations) - used;
	int written;

	snprintf(path, sizeof(path), VULNERABILITIES "/%s", name);
	file_read_or(path, "unknown", state, sizeof(state));
	written = snprintf(environment->mitigations + used, room, "%s%s: %s", used ? "; " : "",
			   name, state);
	return (size_t)written < room ? used + (size_t)written : used + room - 1;
}

static void mitigations_collect(struct environment *environment)
{
	struct dirent **entries;
	size_t used = 0;
	int count, i;

	strcpy(environment->mitigations, "unknown");
	count = scandir(VULNERABILITIES, &entries, is_vulnerability, alphasort);
	if (count < 0)
		return;
	for (i = 0; i < count; i++) {
		used = mitigation_append(environment, used, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

static void time_collect(struct environment *environment)
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(environment->time, sizeof(environment->time), "%Y-%m-%dT%H:%M:%SZ", &utc);
}

void environment_collect(struct environment *environment)
{
	struct sysinfo info;

	kernel_collect(environment);
	cpu_collect(environment);
	environment->hypervisor = clock_hypervisor();
	environment->cpus = sysconf(_SC_NPROCESSORS_ONLN);
	environment->page_bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	file_read_or("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "none",
		     environment->governor, sizeof(environment->governor));
	mitigations_collect(environment);
	file_read_or("/proc/sys/kernel/random/boot_id", "", environment->boot_id,
		     sizeof(environment->boot_id));
	environment->memory_bytes = 0;
	if (!sysinfo(&info))
		environment->memory_bytes = (uint64_t)info.totalram * info.mem_unit;
	time_collect(environment);
}

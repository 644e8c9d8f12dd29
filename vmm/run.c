// SPDX-License-Identifier: GPL-2.0-or-later
#include "run.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S	UINT64_C(1000000000)

const char *const run_align_names[AREA_ALIGNS + 1] = {
	[AREA_ALIGN_KEEP] = "monitor",
	[AREA_ALIGN_1G] = "1G",
	[AREA_ALIGN_4K_OFF] = "4K-off",
};

static volatile sig_atomic_t monitor_pid;

int run_init(struct run *run, struct error *error)
{
	void *area = MAP_FAILED;

	memset(run, 0, sizeof(*run));
	run->area_fd = memfd_create("barmap-vmm-trace", MFD_CLOEXEC);
	if (run->area_fd >= 0 && !ftruncate(run->area_fd, sizeof(*run->area)))
		area = mmap(NULL, sizeof(*run->area), PROT_READ | PROT_WRITE, MAP_SHARED, run->area_fd, 0);
	if (area == MAP_FAILED)
		return error_set(error, OUTCOME_BROKEN, errno, "memory for the trace: %s", strerror(errno));
	run->area = area;
	return 0;
}

void run_cleanup(struct run *run)
{
	munmap(run->area, sizeof(*run->area));
	close(run->area_fd);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* ---- start ---- */

static void environment_set(const struct run *run, const char *library, enum area_align align)
{
	const char *before = getenv("LD_PRELOAD");
	char text[2 * PATH_MAX];

	snprintf(text, sizeof(text), "%s%s%s", library, before && *before ? ":" : "",
		 before ? before : "");
	setenv("LD_PRELOAD", text, 1);
	snprintf(text, sizeof(text), "/proc/%d/fd/%d", (int)getpid(), run->area_fd);
	setenv(AREA_ENV, text, 1);
	snprintf(text, sizeof(text), "%d", (int)align);
	setenv(AREA_ALIGN_ENV, text, 1);
}

static void signal_pass_on(int number)
{
	if (monitor_pid)
		kill((pid_t)monitor_pid, number);
}

/* The terminal sends its signals to the monitor as well, which decides what to do about them. */
static void signals_install(void)
{
	struct sigaction pass = { .sa_handler = signal_pass_on, .sa_flags = SA_RESTART };

	sigaction(SIGTERM, &pass, NULL);
	sigaction(SIGHUP, &pass, NULL);
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
}

/* The monitor has the signals as this program found them. */
static int monitor_start(char **argv, pid_t *pid)
{
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int err;

	posix_spawnattr_init(&attributes);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGINT);
	sigaddset(&defaults, SIGQUIT);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	err = posix_spawnp(pid, argv[0], NULL, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	return -err;
}

/* ---- end ---- */

static int status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The process that made the calls is gone. It may have had no time to say that it ends. */
static void owner_ended(struct run *run, uint64_t now)
{
	uint64_t exit_ns = run->area->exit_ns;

	run->has_teardown = exit_ns && exit_ns <= now;
	if (run->has_teardown)
		run->teardown_ns = now - exit_ns;
}

/*
 * A monitor may leave a process that goes on in the background, and that makes the calls: it becomes a
 * child of this one. Until it has made one, any that is left may be it.
 */
static void monitor_wait(struct run *run, pid_t monitor, uint64_t start_ns)
{
	bool monitor_gone = false, owner_gone = false;
	uint64_t now;
	pid_t pid;
	int status;

	while (!monitor_gone || !owner_gone) {
		pid = waitpid(-1, &status, 0);
		now = now_ns();
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			break;
		if (pid == run->area->owner) {
			owner_ended(run, now);
			owner_gone = true;
		}
		if (pid == monitor) {
			run->status = status_of(status);
			monitor_gone = true;
			monitor_pid = run->area->owner;
		}
		run->whole_ns = now - start_ns;
	}
}

int run_monitor(struct run *run, const char *library, enum area_align align, char **argv,
		struct error *error)
{
	uint64_t start_ns;
	pid_t pid;
	int ret;

	environment_set(run, library, align);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signals_install();
	start_ns = now_ns();
	ret = monitor_start(argv, &pid);
	if (ret)
		return error_set(error, OUTCOME_USE, -ret, "monitor '%s': %s", argv[0], strerror(-ret));
	monitor_pid = pid;
	monitor_wait(run, pid, start_ns);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "run.h"

#include <errno.h>
#include <fcntl.h>
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

#define ALIGN_NAME(number, name) [number] = name,
const char *const run_align_names[AREA_ALIGNS] = { RUN_ALIGNS(ALIGN_NAME) };

static volatile sig_atomic_t monitor_pid;
static volatile sig_atomic_t told_to_end;	/* and there was nobody to pass that on to */

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

/* LD_PRELOAD takes a path as far as a space or a colon: a descriptor then stands for such a file. */
static void library_name(const char *library, char name[PATH_MAX])
{
	int fd = -1;

	if (strpbrk(library, " :"))
		fd = open(library, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		snprintf(name, PATH_MAX, "%s", library);
	else
		snprintf(name, PATH_MAX, "/proc/%d/fd/%d", (int)getpid(), fd);
}

static void environment_set(const struct run *run, const char *library, enum area_align align)
{
	const char *before = getenv("LD_PRELOAD");
	char text[2 * PATH_MAX], name[PATH_MAX];

	library_name(library, name);
	snprintf(text, sizeof(text), "%s%s%s", name, before && *before ? ":" : "",
		 before ? before : "");
	setenv("LD_PRELOAD", text, 1);
	snprintf(text, sizeof(text), "/proc/%d/fd/%d", (int)getpid(), run->area_fd);
	setenv(AREA_ENV, text, 1);
	snprintf(text, sizeof(text), "%d", (int)align);
	setenv(AREA_ALIGN_ENV, text, 1);
}

/* Those of the terminal are not passed on: see signals_install(). */
static void signal_pass_on(int number)
{
	int passed = number == SIGINT || number == SIGQUIT ? 0 : number;
	int err = errno;

	if (!monitor_pid || kill((pid_t)monitor_pid, passed))
		told_to_end = 1;
	errno = err;
}

/*
 * The terminal sends its signals to the monitor as well, which decides what to do about them. Without
 * SA_RESTART in @flags they interrupt waitpid().
 */
static void signals_install(int flags, void (*of_terminal)(int))
{
	struct sigaction pass = { .sa_handler = signal_pass_on, .sa_flags = flags };
	struct sigaction terminal = { .sa_handler = of_terminal, .sa_flags = flags };

	sigaction(SIGTERM, &pass, NULL);
	sigaction(SIGHUP, &pass, NULL);
	sigaction(SIGINT, &terminal, NULL);
	sigaction(SIGQUIT, &terminal, NULL);
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

/* The process that made the calls is gone. It may have had no time to say that it ends; others may have. */
static void owner_ended(struct run *run, uint64_t now)
{
	uint64_t exit_ns = run->area->exit_ns;

	run->has_teardown = run->area->exit_pid == run->area->owner && exit_ns <= now;
	if (run->has_teardown)
		run->teardown_ns = now - exit_ns;
}

/* The status is known. From here on a signal may be what ends the wait for who makes the calls. */
static void monitor_ended(struct run *run, int status)
{
	run->status = status_of(status);
	monitor_pid = run->area->owner;
	told_to_end = 0;
	signals_install(0, signal_pass_on);
}

/*
 * A monitor may leave a process that goes on in the background, and that makes the calls: it becomes a
 * child of this one. Until it has made one, any that is left may be it, and may never end: a signal
 * ends the wait where there is nobody to pass it on to.
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
		if (pid < 0 && errno == EINTR && !(monitor_gone && told_to_end))
			continue;
		if (pid < 0)
			break;
		if (pid == run->area->owner) {
			owner_ended(run, now);
			owner_gone = true;
		}
		if (pid == monitor) {
			monitor_ended(run, status);
			monitor_gone = true;
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
	signals_install(SA_RESTART, SIG_IGN);
	start_ns = now_ns();
	ret = monitor_start(argv, &pid);
	if (ret)
		return error_set(error, OUTCOME_USE, -ret, "monitor '%s': %s", argv[0], strerror(-ret));
	monitor_pid = pid;
	monitor_wait(run, pid, start_ns);
	signals_install(SA_RESTART, SIG_IGN);
	return 0;
}

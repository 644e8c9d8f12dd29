// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz SHARED
 *
 * Run the programs that the host writes into the memory of the PCI device SHARED, and answer there
 * what each did, as fuzz.h says. Never ends by itself: the host ends the guest.
 *
 * Each program runs in a process of its own and has LIMIT_S. One that cannot be ended then, or
 * makes the kernel die in other ways, leaves a guest that is no longer of use; it says so if it
 * still can.
 */
#include "fuzz_guest.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/file.h"

#define PARAMETERS	"/sys/module/vfio_iommu_type1/parameters"
#define LIMIT_S		20	/* on a busy machine */
#define KILL_S		10
#define PAUSE_LEAST_NS	1000000
#define PAUSE_MOST_NS	(16 * PAUSE_LEAST_NS)
#define HUGE_PAGES	12
#define OUTPUT		"/tmp/fuzz-output"

/* Of the log, what tells that the kernel is not well. The host has its own list for crashes. */
static const char *const faults[] = {
	"WARNING:", "BUG:", "Oops", "Bad page", "Out of memory", "UBSAN:", "KASAN:", "refcount_t:",
	"general protection", "unable to handle", "DMA PTE for vPFN", "INFO: task",
	"rcu: INFO", "soft lockup", "possible recursive", "inconsistent lock", "kmemleak:",
};

struct session {
	struct fuzz_shared *shared;
	struct fuzz_machine machine;
	char lookup[64];
	bool verbose;
	int log_fd;
	sigset_t child_ended;
};

static void session_broken(const char *what, int err)
{
	fprintf(stderr, "barmap: fuzz: %s: %s\n", what, strerror(err));
	exit(OUTCOME_BROKEN);
}

/* ---- the answer ---- */

static void answer_add(struct fuzz_shared *shared, const char *text, size_t bytes)
{
	uint32_t used = shared->answer_bytes;

	if (bytes > FUZZ_TEXT_BYTES - used)
		bytes = FUZZ_TEXT_BYTES - used;
	memcpy(shared->answer_text + used, text, bytes);
	shared->answer_bytes = used + (uint32_t)bytes;
}

static void answer_print(struct fuzz_shared *shared, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void answer_print(struct fuzz_shared *shared, const char *format, ...)
{
	va_list arguments;
	char text[512];
	int bytes;

	va_start(arguments, format);
	bytes = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	answer_add(shared, text, (size_t)bytes < sizeof(text) ? (size_t)bytes : sizeof(text) - 1);
}

static void answer_file(struct fuzz_shared *shared, const char *path)
{
	static char text[1 << 20];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t bytes;

	while (fd >= 0 && (bytes = read(fd, text, sizeof(text))) > 0)
		answer_add(shared, text, (size_t)bytes);
	if (fd >= 0)
		close(fd);
}

/* ---- the kernel's state between programs ---- */

static void parameter_set(const char *name, const char *value)
{
	char path[160];

	snprintf(path, sizeof(path), PARAMETERS "/%s", name);
	file_write(path, value);
}

/* Every program starts from here. */
static void parameters_reset(const struct session *session)
{
	parameter_set("dma_entry_limit", "65535");
	parameter_set("separate_domains", "0");
	parameter_set("disable_hugepages", "0");
	if (strcmp(session->lookup, "-"))
		parameter_set("pfn_lookup", session->lookup);
}

/* How many pages are pinned, of all that ever were. */
static int64_t pinned_pages(void)
{
	static char text[16384];
	const char *acquired, *released;

	file_write("/proc/sys/vm/stat_refresh", "1");
	if (file_read("/proc/vmstat", text, sizeof(text)))
		return 0;
	acquired = strstr(text, "nr_foll_pin_acquired ");
	released = strstr(text, "nr_foll_pin_released ");
	if (!acquired || !released)
		return 0;
	return strtoll(acquired + 21, NULL, 10) - strtoll(released + 21, NULL, 10);
}

/* What the kernel complained of since; its first words. */
static void answer_faults(struct session *session)
{
	char record[2048], *text, *end;
	ssize_t bytes;
	size_t i;

	while ((bytes = read(session->log_fd, record, sizeof(record) - 1)) > 0 ||
	       (bytes < 0 && errno == EPIPE)) {
		if (bytes < 0)
			continue;
		record[bytes] = '\0';
		text = strchr(record, ';');
		if (!text)
			continue;
		end = strchr(text, '\n');
		if (end)
			*end = '\0';
		for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
			if (strstr(text, faults[i])) {
				answer_print(session->shared, "fault %.200s\n", text + 1);
				break;
			}
		}
		if (session->verbose)
			answer_print(session->shared, "log %.300s\n", text + 1);
	}
}

/* ---- one program ---- */

static void program_child(const struct session *session, const struct fuzz_program *program)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	sigprocmask(SIG_UNBLOCK, &session->child_ended, NULL);
	file_write("/proc/self/oom_score_adj", "1000");
	if (!freopen(OUTPUT, "w", stdout))
		_exit(OUTCOME_BROKEN);
	fuzz_run(&session->machine, program, session->verbose);
	_exit(0);
}

static bool child_wait(const struct session *session, time_t seconds)
{
	const struct timespec limit = { .tv_sec = seconds };

	return sigtimedwait(&session->child_ended, NULL, &limit) > 0;
}

/* Returns how it ended, in a word; NULL if it did not. */
static const char *program_wait(const struct session *session, pid_t pid)
{
	static char word[32];
	bool late = !child_wait(session, LIMIT_S);
	int status;

	if (late) {
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL);
		if (!child_wait(session, KILL_S))
			return NULL;
	}
	if (waitpid(pid, &status, 0) != pid)
		return "lost";
	if (late)
		return "late";
	if (WIFSIGNALED(status))
		snprintf(word, sizeof(word), "signal-%d", WTERMSIG(status));
	else
		snprintf(word, sizeof(word), "%d", WEXITSTATUS(status));
	return word;
}

static long huge_pages(const char *which)
{
	char path[80], text[32];

	snprintf(path, sizeof(path), "/sys/kernel/mm/hugepages/hugepages-2048kB/%s", which);
	return file_read(path, text, sizeof(text)) ? 0 : strtol(text, NULL, 10);
}

/*
 * Each program finds as many free huge pages as the first one: the untouched kernel never unpins
 * some of those that are mapped up to 2^64, and what needs huge pages would fail there alone.
 */
static void huge_pages_refill(struct fuzz_shared *shared)
{
	long lacking = HUGE_PAGES - huge_pages("free_hugepages");
	char text[32];

	if (lacking <= 0)
		return;
	snprintf(text, sizeof(text), "%ld", huge_pages("nr_hugepages") + lacking);
	file_write("/proc/sys/vm/nr_hugepages", text);
	shared->worn = huge_pages("free_hugepages") < HUGE_PAGES;
}

static void program_run(struct session *session, const struct fuzz_program *program)
{
	struct fuzz_shared *shared = session->shared;
	int64_t pinned = pinned_pages();
	const char *how = "lost";
	pid_t pid;

	shared->programs++;
	huge_pages_refill(shared);
	parameters_reset(session);
	file_write("/sys/kernel/debug/clear_warn_once", "1");
	answer_print(shared, "program %#" PRIx64 "\n", program->seed);
	unlink(OUTPUT);
	fflush(stdout);
	pid = fork();
	if (!pid)
		program_child(session, program);
	if (pid > 0)
		how = program_wait(session, pid);
	answer_file(shared, OUTPUT);
	if (how)
		answer_print(shared, "ended %s pinned=%" PRId64 "\n", how, pinned_pages() - pinned);
	else
		answer_print(shared, "ended never\n");
	answer_faults(session);
	if (!how)
		shared->stuck = 1;
}

/* ---- requests ---- */

/* Take one line; @program grows until the next line is none of its calls. */
static int line_take(struct session *session, const char *line, struct fuzz_program *program)
{
	bool is_call = strncmp(line, "lookup ", 7) && strncmp(line, "verbose ", 8) &&
		       strncmp(line, "program ", 8) && strcmp(line, "end");

	if (is_call) {
		if (program->count == FUZZ_CALLS_MAX)
			return -E2BIG;
		return fuzz_call_parse(line, &program->calls[program->count++]);
	}
	if (program->count)
		program_run(session, program);
	program->count = 0;
	if (!strncmp(line, "lookup ", 7))
		snprintf(session->lookup, sizeof(session->lookup), "%s", line + 7);
	else if (!strncmp(line, "verbose ", 8))
		session->verbose = line[8] == '1';
	else if (!strncmp(line, "program ", 8))
		program->seed = strtoull(line + 8, NULL, 0);
	return 0;
}

static void request_run(struct session *session)
{
	struct fuzz_program program = { 0 };
	static char text[FUZZ_TEXT_BYTES];
	uint32_t bytes = session->shared->request_bytes;
	char *line, *rest = text;

	if (bytes >= sizeof(text))
		session_broken("a request", E2BIG);
	memcpy(text, session->shared->request_text, bytes);
	text[bytes] = '\0';
	while ((line = strsep(&rest, "\n")) && !session->shared->stuck) {
		if (*line && line_take(session, line, &program))
			session_broken(line, EINVAL);
	}
}

/* ---- the beginning ---- */

/* The names in a parameter's file, without the brackets; the names of all parameters. */
static void describe_kernel(struct fuzz_shared *shared)
{
	char lookups[sizeof(shared->lookups)] = "", *from, *to;
	FILE *list;
	size_t bytes;

	file_read(PARAMETERS "/pfn_lookup", lookups, sizeof(lookups));
	for (from = to = lookups; *from; from++) {
		if (*from != '[' && *from != ']')
			*to++ = *from;
	}
	*to = '\0';
	memcpy(shared->lookups, lookups, sizeof(lookups));
	list = popen("echo $(ls " PARAMETERS ")", "r");
	if (!list)
		session_broken(PARAMETERS, errno);
	bytes = fread(lookups, 1, sizeof(lookups) - 1, list);
	pclose(list);
	lookups[bytes ? bytes - 1 : 0] = '\0';
	memcpy(shared->parameters, lookups, sizeof(lookups));
}

static void session_begin(struct session *session, const char *address)
{
	char path[128];
	int fd;

	fuzz_machine_read(&session->machine);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/enable", address);
	file_write(path, "1");
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource2", address);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		session_broken(path, errno);
	session->shared = mmap(NULL, sizeof(*session->shared), PROT_READ | PROT_WRITE, MAP_SHARED,
			       fd, 0);
	if (session->shared == MAP_FAILED)
		session_broken(path, errno);
	session->log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (session->log_fd < 0 || lseek(session->log_fd, 0, SEEK_END) < 0)
		session_broken("/dev/kmsg", errno);
	/* What is complained of goes into the answers; what kills the kernel is still shown. */
	file_write("/proc/sys/kernel/printk", "1");
	file_write("/proc/self/oom_score_adj", "-1000");
	strcpy(session->lookup, "-");
	sigemptyset(&session->child_ended);
	sigaddset(&session->child_ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &session->child_ended, NULL);
}

int main(int argc, char **argv)
{
	struct timespec pause = { .tv_nsec = PAUSE_LEAST_NS };
	static struct session session;
	struct fuzz_shared *shared;

	if (argc != 2) {
		fprintf(stderr, "barmap: fuzz: needs SHARED, a PCI address\n");
		return OUTCOME_USE;
	}
	session_begin(&session, argv[1]);
	shared = session.shared;
	describe_kernel(shared);
	shared->answer = shared->request;
	__sync_synchronize();
	shared->magic = FUZZ_MAGIC;
	for (;;) {
		if (shared->request == shared->answer || shared->stuck) {
			nanosleep(&pause, NULL);
			/* The other guest runs programs the while, and wants the CPU. */
			if (pause.tv_nsec < PAUSE_MOST_NS)
				pause.tv_nsec *= 2;
			continue;
		}
		__sync_synchronize();
		pause.tv_nsec = PAUSE_LEAST_NS;
		shared->answer_bytes = 0;
		request_run(&session);
		__sync_synchronize();
		shared->answer = shared->request;
	}
}

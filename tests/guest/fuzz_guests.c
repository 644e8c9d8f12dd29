// SPDX-License-Identifier: GPL-2.0-or-later
/* Two guests that run programs side by side. */
#include "fuzz_host.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define BOOT_LIMIT_S	300	/* on a busy machine */
#define STALL_LIMIT_S	60	/* no further program begun: it may hang */
#define HANG_LIMIT_S	30	/* nor in so many more, and not for want of a CPU: it hangs */
#define STOP_LIMIT_S	20

static time_t now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void pause_short(void)
{
	const struct timespec pause = { .tv_nsec = 5000000 };

	nanosleep(&pause, NULL);
}

/* ---- a guest that hangs, and one that a busy machine keeps waiting ---- */

/*
 * How long the thread of @guest that waited most for a CPU has waited for it, ns: the second number
 * of /proc/PID/task/TID/schedstat. 0 where the host's kernel does not say.
 */
static uint64_t guest_wait_ns(const struct fuzz_guest *guest)
{
	uint64_t wait_ns = 0;
	char command[4096 + 200];
	FILE *output;

	snprintf(command, sizeof(command), "for pid in $(pgrep -f 'mem-path=%s'); do "
		 "cat /proc/$pid/task/*/schedstat; done 2>/dev/null | cut -d' ' -f2 | sort -n | "
		 "tail -n 1", guest->shared_path);
	output = popen(command, "re");
	if (output && fscanf(output, "%" SCNu64, &wait_ns) != 1)
		wait_ns = 0;
	if (output)
		pclose(output);
	return wait_ns;
}

/* ---- a guest's life ---- */

static void shared_make(struct fuzz_guest *guest)
{
	int fd = open(guest->shared_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, FUZZ_SHARED_BYTES))
		fuzz_die(99, "'%s': %s", guest->shared_path, strerror(errno));
	if (guest->shared)
		munmap(guest->shared, FUZZ_SHARED_BYTES);
	guest->shared = mmap(NULL, FUZZ_SHARED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (guest->shared == MAP_FAILED)
		fuzz_die(99, "'%s': %s", guest->shared_path, strerror(errno));
}

static bool guest_runs(struct fuzz_guest *guest)
{
	int status;

	if (guest->pid && waitpid(guest->pid, &status, WNOHANG) == guest->pid)
		guest->pid = 0;
	return guest->pid;
}

static void guest_boot(struct fuzz_guest *guest)
{
	shared_make(guest);
	guest->boots++;
	guest->pid = fork();
	if (guest->pid < 0)
		fuzz_die(99, "fork: %s", strerror(errno));
	if (guest->pid)
		return;
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	execvp(guest->command[0], guest->command);
	_exit(127);
}

static void guest_wait_ready(struct fuzz_guest *guest)
{
	time_t limit = now_s() + BOOT_LIMIT_S;

	while (guest->shared->magic != FUZZ_MAGIC) {
		if (!guest_runs(guest))
			fuzz_die(99, "guest %s: did not come up", guest->name);
		if (now_s() >= limit) {
			fuzz_guest_stop(guest);
			fuzz_die(99, "guest %s: not up after %d s", guest->name, BOOT_LIMIT_S);
		}
		pause_short();
	}
}

static void guest_start(struct fuzz_guest *guest)
{
	if (guest->shared->worn)
		fuzz_guest_stop(guest);
	if (!guest_runs(guest))
		guest_boot(guest);
	guest_wait_ready(guest);
}

void fuzz_guests_start(struct fuzz_guest guests[2])
{
	guest_boot(&guests[0]);
	guest_boot(&guests[1]);
	guest_wait_ready(&guests[0]);
	guest_wait_ready(&guests[1]);
}

void fuzz_guest_stop(struct fuzz_guest *guest)
{
	time_t limit = now_s() + STOP_LIMIT_S;
	pid_t pid = guest->pid;

	if (!guest_runs(guest))
		return;
	kill(-pid, SIGTERM);
	kill(pid, SIGTERM);
	while (guest_runs(guest)) {
		if (now_s() >= limit)
			kill(-pid, SIGKILL);
		pause_short();
	}
}

/* ---- requests ---- */

/* What is to be run on a guest: programs from @next on. */
struct job {
	struct fuzz_guest *guest;
	const char *lookup;
	bool verbose;
	const struct fuzz_program *programs;
	unsigned int next, sent, count;
	struct fuzz_answer *answers;
	uint32_t begun;		/* programs, when it was last looked at */
	time_t changed_s;	/* when it had begun one */
	time_t suspected_s;	/* when that was too long ago, or 0 */
	uint64_t suspected_wait_ns;
};

static size_t program_write(char *to, const struct fuzz_program *program)
{
	char line[FUZZ_LINE_BYTES];
	size_t used;
	unsigned int i;

	used = (size_t)sprintf(to, "program %#" PRIx64 "\n", program->seed);
	for (i = 0; i < program->count; i++) {
		fuzz_call_format(&program->calls[i], line);
		used += (size_t)sprintf(to + used, "%s\n", line);
	}
	return used;
}

/* The guest was seen to go on. */
static void job_goes_on(struct job *job)
{
	job->begun = job->guest->shared->programs;
	job->changed_s = now_s();
	job->suspected_s = 0;
}

/* As many programs as there is room for. */
static void job_send(struct job *job)
{
	struct fuzz_shared *shared;
	size_t used;
	unsigned int i;

	guest_start(job->guest);
	shared = job->guest->shared;
	used = (size_t)sprintf(shared->request_text, "lookup %s\nverbose %d\n", job->lookup,
			       job->verbose);
	for (i = job->next; i < job->count && used < FUZZ_TEXT_BYTES / 2; i++)
		used += program_write(shared->request_text + used, &job->programs[i]);
	used += (size_t)sprintf(shared->request_text + used, "end\n");
	job->sent = i;
	job_goes_on(job);
	shared->request_bytes = (uint32_t)used;
	__sync_synchronize();
	shared->request++;
}

/* Cut the text into the answers of the programs. Returns how many began. */
static unsigned int answers_take(struct job *job)
{
	const struct fuzz_shared *shared = job->guest->shared;
	char *text = strndup(shared->answer_text, shared->answer_bytes), *at, *next;
	unsigned int index = job->next;

	for (at = text; at && *at && index < job->sent; at = next) {
		next = strstr(at, "\nprogram ");
		if (next)
			*next++ = '\0';
		job->answers[index].text = strdup(at);
		job->answers[index].lost = false;
		index++;
	}
	free(text);
	return index - job->next;
}

/* The guest died or hung: with the last program that it began. */
static void job_lost(struct job *job)
{
	unsigned int began = answers_take(job);
	struct fuzz_answer *answer;

	fuzz_guest_stop(job->guest);
	if (!began) {
		job->answers[job->next].text = strdup("");
		began = 1;
	}
	job->next += began;
	answer = &job->answers[job->next - 1];
	answer->lost = true;
	fprintf(stderr, "barmap: fuzz: guest %s died or hung with program %#" PRIx64 "\n",
		job->guest->name, job->programs[job->next - 1].seed);
}

/* Whether it had time enough to go on, and did not: no thread waited for a CPU half of the time. */
static bool job_hangs(struct job *job)
{
	time_t now = now_s(), suspected_s = job->suspected_s;
	uint64_t wait_ns, waited_s;

	if (now - job->changed_s <= STALL_LIMIT_S || now - suspected_s <= HANG_LIMIT_S)
		return false;
	wait_ns = guest_wait_ns(job->guest);
	waited_s = (wait_ns - job->suspected_wait_ns) / 1000000000;
	job->suspected_s = now;
	job->suspected_wait_ns = wait_ns;
	return suspected_s && waited_s < (uint64_t)(now - suspected_s) / 2;
}

/* Whether there is more to wait for. */
static bool job_poll(struct job *job)
{
	struct fuzz_shared *shared;

	if (job->next == job->count)
		return false;
	if (job->next == job->sent) {
		job_send(job);
		return true;
	}
	shared = job->guest->shared;
	if (shared->stuck) {
		job_lost(job);
	} else if (shared->answer == shared->request) {
		__sync_synchronize();
		job->next += answers_take(job);
		if (job->next != job->sent)
			fuzz_die(99, "guest %s: answered %u of %u programs", job->guest->name, job->next,
				 job->sent);
	} else if (shared->programs != job->begun) {
		job_goes_on(job);
	} else if (!guest_runs(job->guest) || job_hangs(job)) {
		job_lost(job);
	}
	if (job->next > job->sent || shared->stuck)
		job->sent = job->next;
	if (!job->guest->pid)
		job->sent = job->next;
	return job->next < job->count;
}

void fuzz_guests_run(struct fuzz_guest guests[2], const char *lookup, bool verbose,
		     const struct fuzz_program *programs, unsigned int count,
		     struct fuzz_answer *stock, struct fuzz_answer *subject)
{
	struct job jobs[2];
	unsigned int i;
	bool more = true;

	for (i = 0; i < 2; i++) {
		jobs[i] = (struct job){
			.guest = &guests[i],
			.lookup = i ? lookup : "-",
			.verbose = verbose,
			.programs = programs,
			.count = count,
			.answers = i ? subject : stock,
		};
	}
	if (stock[0].text)
		jobs[0].next = jobs[0].sent = count;
	while (more) {
		more = job_poll(&jobs[0]);
		more = job_poll(&jobs[1]) || more;
		if (more)
			pause_short();
	}
}

void fuzz_answers_free(struct fuzz_answer *answers, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		free(answers[i].text);
		answers[i].text = NULL;
	}
}

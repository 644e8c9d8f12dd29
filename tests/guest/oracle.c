// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * oracle MEMORY DMA POWER PLAIN PHYSICAL FIRST SECOND [PATTERN]
 *
 * Put the running kernel into every situation whose name matches the shell pattern PATTERN, and
 * print a line for each: its name, the errno of the call that it is about ("0" for success), and
 * what else could be seen. The devices are those of struct cast. Ends with 0, or with 99 if a
 * situation could not be set up.
 */
#include "oracle.h"

#include <errno.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/file.h"

#define PARAMETERS	"/sys/module/vfio_iommu_type1/parameters"
#define LIMIT_S		60	/* for one situation, of a clock that may count instructions */

static const struct situation *const families[] = {
	device_situations, access_situations, vma_situations, kind_situations,
	request_situations, unmap_situations, container_situations, revoke_situations,
	virtual_situations, edge_situations, NULL,
};

/* A parameter of type1, set for a while. */
struct parameter {
	char path[128];
	char before[32];
	bool set;
};

/*
 * A kernel without the parameter has the situation all the same: what only the patched kernel can
 * be told to do must have no effect that the untouched one has not.
 */
static int parameter_set(struct parameter *parameter, const char *name, const char *value)
{
	int ret;

	parameter->set = false;
	if (!name)
		return 0;
	snprintf(parameter->path, sizeof(parameter->path), PARAMETERS "/%s", name);
	ret = file_read(parameter->path, parameter->before, sizeof(parameter->before));
	if (ret)
		return ret == -ENOENT ? 0 : ret;
	parameter->set = true;
	return file_write(parameter->path, value);
}

static int parameter_restore(const struct parameter *parameter)
{
	return parameter->set ? file_write(parameter->path, parameter->before) : 0;
}

/* The process of one situation. */
static void situation_run(const struct situation *situation, const struct cast *cast)
{
	struct scene scene;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	scene_init(&scene, cast, situation->name);
	situation->run(&scene, &situation->plan);
	printf("%s %s%s\n", situation->name, errno_name(scene.result), scene.effect);
	exit(fflush(stdout) ? OUTCOME_BROKEN : OUTCOME_OK);
}

/* Wait for @pid, for LIMIT_S at most. Returns its outcome. */
static enum outcome situation_wait(pid_t pid, const sigset_t *child_ended)
{
	const struct timespec limit = { .tv_sec = LIMIT_S };
	const struct timespec now = { .tv_sec = 0 };
	bool ended;
	int status;

	ended = sigtimedwait(child_ended, NULL, &limit) > 0;
	if (!ended) {
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL);
	}
	if (waitpid(pid, &status, 0) != pid)
		return OUTCOME_BROKEN;
	/* The signal of a process that was ended must not pass for the next one's. */
	if (!ended)
		sigtimedwait(child_ended, NULL, &now);
	return WIFEXITED(status) ? (enum outcome)WEXITSTATUS(status) : OUTCOME_BROKEN;
}

static enum outcome situation_start(const struct situation *situation, const struct cast *cast,
				    const sigset_t *child_ended)
{
	struct parameter parameter;
	enum outcome outcome = OUTCOME_BROKEN;
	pid_t pid;

	fflush(stdout);
	if (!parameter_set(&parameter, situation->parameter, situation->value)) {
		pid = fork();
		if (!pid)
			situation_run(situation, cast);
		if (pid > 0)
			outcome = situation_wait(pid, child_ended);
	}
	if (parameter_restore(&parameter))
		outcome = OUTCOME_BROKEN;
	if (outcome != OUTCOME_OK)
		printf("%s broken\n", situation->name);
	return outcome;
}

int main(int argc, char **argv)
{
	const struct situation *const *family;
	const struct situation *situation;
	enum outcome outcome = OUTCOME_OK;
	sigset_t child_ended;
	struct cast cast;

	if (argc < 8 || argc > 9) {
		fprintf(stderr, "barmap: oracle: needs MEMORY DMA POWER PLAIN PHYSICAL FIRST SECOND [PATTERN]\n");
		return OUTCOME_USE;
	}
	cast = (struct cast){ argv[1], argv[2], argv[3], argv[4], argv[5], argv[6], argv[7] };
	sigemptyset(&child_ended);
	sigaddset(&child_ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child_ended, NULL);
	for (family = families; *family; family++) {
		for (situation = *family; situation->name; situation++) {
			if (argc == 9 && fnmatch(argv[8], situation->name, 0))
				continue;
			if (situation_start(situation, &cast, &child_ended) != OUTCOME_OK)
				outcome = OUTCOME_BROKEN;
		}
	}
	return fflush(stdout) ? OUTCOME_BROKEN : (int)outcome;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/plot/figures.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/plot/index.h"
#include "lib/array.h"

#define LIST "figures.tsv"
#define DRAW "plots/draw"
#define INSTALLED "../../share/barmap/"	/* seen from where this program is installed */
#define FIGURE_BYTES_MAX (16L * 1024 * 1024)

static int no_memory(struct error *error)
{
	return error_set(error, OUTCOME_BROKEN, ENOMEM, "out of memory");
}

/* Beside this program first, so that a build tree draws with its own. */
static const char *draw_path(char path[PATH_MAX])
{
	static const char *const places[] = { "", INSTALLED };
	char self[PATH_MAX];
	const char *directory;
	ssize_t length;
	size_t i;

	length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length > 0) {
		self[length] = '\0';
		directory = dirname(self);
		for (i = 0; i < ARRAY_SIZE(places); i++)
			if (snprintf(path, PATH_MAX, "%s/%s" DRAW, directory, places[i]) < PATH_MAX &&
			    !access(path, X_OK))
				return path;
	}
	snprintf(path, PATH_MAX, "%s/" DRAW, PKGDATADIR);
	return path;
}

static void draw_exec(const char *path, const char *directory, const char *format,
		      const sigset_t *mask)
{
	sigprocmask(SIG_SETMASK, mask, NULL);
	execl(path, path, directory, format, (char *)NULL);
	fprintf(stderr, "barmap: plots '%s': %s\n", path, strerror(errno));
	_exit(OUTCOME_CANNOT);
}

/* What draw has to say it says itself, on standard error. */
static int draw_run(const char *directory, const char *format, const sigset_t *mask,
		    struct error *error)
{
	char path[PATH_MAX];
	int status;
	pid_t pid;

	draw_path(path);
	pid = fork();
	if (pid < 0)
		return error_set(error, OUTCOME_BROKEN, errno, "fork: %s", strerror(errno));
	if (!pid)
		draw_exec(path, directory, format, mask);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return error_set(error, OUTCOME_BROKEN, errno, "waitpid: %s",
					 strerror(errno));
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == OUTCOME_CANNOT)
		return error_set(error, OUTCOME_CANNOT, ENOENT, "report: no plots without that");
	return error_set(error, OUTCOME_FAILED, EIO, "report: the plots were not drawn by '%s'",
			 path);
}

static void directory_remove(const char *directory)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *entries = opendir(directory);

	while (entries && (entry = readdir(entries)))
		if (entry->d_name[0] != '.' &&
		    snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name) < PATH_MAX)
			unlink(path);
	if (entries)
		closedir(entries);
	rmdir(directory);
}

/* Splits @line at its tabs. */
static int figure_parse(struct figure *figure, char *line)
{
	char *file = strsep(&line, "\t"), *script = strsep(&line, "\t");

	if (!script || !line || !*file || strchr(file, '/'))
		return -EBADMSG;
	*figure = (struct figure){ strdup(file), strdup(script), strdup(line) };
	return figure->file && figure->script && figure->text ? 0 : -ENOMEM;
}

static int list_add(struct figures *figures, char *line)
{
	struct figure *grown;

	grown = reallocarray(figures->list, figures->count + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	figures->list = grown;
	memset(&grown[figures->count], 0, sizeof(*grown));
	return figure_parse(&grown[figures->count++], line);
}

static char *file_read(const char *directory, const char *name, const char *ending,
		       struct error *error)
{
	char path[PATH_MAX], *text;
	struct stat status;
	size_t bytes;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s%s", directory, name, ending);
	file = fopen(path, "re");
	if (!file || fstat(fileno(file), &status) || status.st_size > FIGURE_BYTES_MAX) {
		error_set(error, OUTCOME_USE, EINVAL, "plots '%s': %s", path,
			  file ? "is no plot" : strerror(errno));
		if (file)
			fclose(file);
		return NULL;
	}
	text = calloc(1, status.st_size + 1);
	bytes = text ? fread(text, 1, status.st_size, file) : 0;
	fclose(file);
	if (text && bytes == (size_t)status.st_size)
		return text;
	free(text);
	error_set(error, OUTCOME_USE, EIO, "plots '%s': cannot be read", path);
	return NULL;
}

static int list_read(struct figures *figures, struct error *error)
{
	char *text, *rest, *line;
	int err = 0;

	text = file_read(figures->directory, LIST, "", error);
	if (!text)
		return -EINVAL;
	for (rest = text; !err && (line = strsep(&rest, "\n"));)
		if (*line)
			err = list_add(figures, line);
	free(text);
	if (err == -ENOMEM)
		return no_memory(error);
	return err ? error_set(error, OUTCOME_USE, -err, "plots '%s/" LIST "': line %zu is not "
			       "FILE, SCRIPT, TEXT with tabs between", figures->directory,
			       figures->count) : 0;
}

int figures_open(struct figures *figures, const char *directory, struct error *error)
{
	int err;

	memset(figures, 0, sizeof(*figures));
	if (snprintf(figures->directory, PATH_MAX, "%s", directory) >= PATH_MAX)
		return error_set(error, OUTCOME_USE, ENAMETOOLONG, "plots: name too long");
	err = list_read(figures, error);
	if (err)
		figures_cleanup(figures);
	return err;
}

static int temporary_make(char directory[PATH_MAX], struct error *error)
{
	const char *parent = getenv("TMPDIR");

	snprintf(directory, PATH_MAX, "%.4000s/barmap-plots-XXXXXX", parent ? parent : "/tmp");
	if (mkdtemp(directory))
		return 0;
	return error_set(error, OUTCOME_CANNOT, errno, "temporary folder '%s': %s", directory,
			 strerror(errno));
}

int figures_draw(struct figures *figures, const struct set *set, const char *format,
		 struct error *error)
{
	sigset_t held;
	int err;

	memset(figures, 0, sizeof(*figures));
	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigaddset(&held, SIGPIPE);
	sigprocmask(SIG_BLOCK, &held, &figures->mask);
	err = temporary_make(figures->directory, error);
	if (err) {
		sigprocmask(SIG_SETMASK, &figures->mask, NULL);
		return err;
	}
	figures->drawn = true;
	err = plotdata_write(set, figures->directory, error);
	if (!err)
		err = draw_run(figures->directory, format, &figures->mask, error);
	if (!err)
		err = list_read(figures, error);
	if (err)
		figures_cleanup(figures);
	return err;
}

char *figures_read(const struct figures *figures, const struct figure *figure, const char *ending,
		   struct error *error)
{
	return file_read(figures->directory, figure->file, ending, error);
}

void figures_cleanup(struct figures *figures)
{
	size_t i;

	for (i = 0; i < figures->count; i++) {
		free(figures->list[i].file);
		free(figures->list[i].script);
		free(figures->list[i].text);
	}
	free(figures->list);
	if (figures->drawn) {
		directory_remove(figures->directory);
		sigprocmask(SIG_SETMASK, &figures->mask, NULL);
	}
	memset(figures, 0, sizeof(*figures));
}

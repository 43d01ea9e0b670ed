// Preloaded into the program under test: counts what it does to files below a folder, and spoils one of these operations.
//
//   FAULT_ROOT    the folder
//   FAULT_LOG     where each operation is noted, a line each: NAME PATH (below the folder; the process's number as PID)
//   FAULT_AT      the operation that is spoilt: NAME PATH COUNT, the COUNT-th (from 1) of its kind
//   FAULT_ACTION  kill: the process is killed before it; tear: when half of a write is done; short: a write does half;
//                 stall: it takes 2 seconds; ENOSPC, EIO, EROFS: it fails
//   FAULT_LASTS   set: every operation after it fails too (a disk that stays full)
//
// libuv and the addon call the C library for all of these; its own system calls (copy_file_range) go through syscall().
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static char root[PATH_MAX];
static size_t root_length;
static char target[PATH_MAX + 64];
static int target_count;
static const char *action = "";
static bool lasts;
static bool is_spoiling;
static int log_descriptor = -1;
static int seen;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("FAULT_ROOT");
  if (folder == NULL || realpath(folder, root) == NULL) return;
  root_length = strlen(root);
  const char *log = getenv("FAULT_LOG");
  // Directly: nothing below may run before all of this is known.
  if (log != NULL) log_descriptor = (int)syscall(SYS_open, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const char *at = getenv("FAULT_AT");
  if (at != NULL) {
    snprintf(target, sizeof target, "%s", at);
    char *space = strrchr(target, ' ');
    if (space != NULL) {
      target_count = atoi(space + 1);
      *space = '\0';
    }
  }
  if (getenv("FAULT_ACTION") != NULL) action = getenv("FAULT_ACTION");
  lasts = getenv("FAULT_LASTS") != NULL;
}

// What follows the folder in an absolute path; NULL where it lies elsewhere.
static const char *below(const char *path) {
  if (strncmp(path, root, root_length) != 0) return NULL;
  if (path[root_length] == '\0') return ".";
  return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

// A path without the number of this process, which differs from run to run.
static void normalise(const char *path, char *result, size_t size) {
  char number[32];
  snprintf(number, sizeof number, ".%d", (int)getpid());
  const char *found = strstr(path, number);
  if (found == NULL) snprintf(result, size, "%s", path);
  else snprintf(result, size, "%.*s.PID%s", (int)(found - path), path, found + strlen(number));
}

__attribute__((noreturn)) static void die(void) {
  syscall(SYS_kill, (int)getpid(), SIGKILL);
  for (;;) pause();
}

enum verdict { PASS, FAIL, HALF, TEAR };

static int error_number(void) {
  if (strcmp(action, "EIO") == 0) return EIO;
  if (strcmp(action, "EROFS") == 0) return EROFS;
  return ENOSPC;
}

static enum verdict judge(const char *name, const char *path, bool is_write) {
  if (root_length == 0) return PASS;
  const char *inside = below(path);
  if (inside == NULL) return PASS;
  char normal[PATH_MAX], line[PATH_MAX + 64];
  normalise(inside, normal, sizeof normal);
  const int length = snprintf(line, sizeof line, "%s %s\n", name, normal);
  pthread_mutex_lock(&mutex);
  if (log_descriptor >= 0) (void)!syscall(SYS_write, log_descriptor, line, (size_t)length);
  line[length - 1] = '\0';
  const bool is_target = target_count > 0 && strcmp(line, target) == 0 && ++seen == target_count;
  // What takes no room and changes nothing goes on on a full disk.
  const bool fails_later = is_spoiling && lasts && strncmp(name, "unlink", 6) != 0 && strcmp(name, "rmdir") != 0;
  is_spoiling = is_spoiling || is_target;
  pthread_mutex_unlock(&mutex);
  if (fails_later) {
    errno = error_number();
    return FAIL;
  }
  if (!is_target) return PASS;
  if (strcmp(action, "kill") == 0) die();
  if (strcmp(action, "stall") == 0) {
    struct timespec pause_time = {2, 0};
    while (nanosleep(&pause_time, &pause_time) != 0) continue;
    return PASS;
  }
  if (strcmp(action, "tear") == 0) return is_write ? TEAR : PASS;
  if (strcmp(action, "short") == 0) return is_write ? HALF : PASS;
  errno = error_number();
  return FAIL;
}

static enum verdict judge_at(const char *name, int folder, const char *path) {
  if (root_length == 0) return PASS;
  char absolute[PATH_MAX];
  if (path[0] == '/') return judge(name, path, false);
  if (folder == AT_FDCWD) {
    if (getcwd(absolute, sizeof absolute) == NULL) return PASS;
  } else {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    const ssize_t length = readlink(link, absolute, sizeof absolute - 1);
    if (length < 0) return PASS;
    absolute[length] = '\0';
  }
  const size_t length = strlen(absolute);
  snprintf(absolute + length, sizeof absolute - length, "/%s", path);
  return judge(name, absolute, false);
}

static enum verdict judge_descriptor(const char *name, int descriptor, bool is_write) {
  if (root_length == 0) return PASS;
  const int before = errno;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  errno = before;
  if (length < 0) return PASS;
  path[length] = '\0';
  return judge(name, path, is_write);
}

static bool makes(int flags) { return (flags & (O_CREAT | O_TRUNC)) != 0; }

#define MODE_OF(flags, mode)                                \
  mode_t mode = 0;                                          \
  if (((flags) & (O_CREAT | __O_TMPFILE)) != 0) {           \
    va_list list;                                           \
    va_start(list, flags);                                  \
    mode = va_arg(list, mode_t);                            \
    va_end(list);                                           \
  }

int open(const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  if (makes(flags) && judge_at("open", AT_FDCWD, path) == FAIL) return -1;
  return REAL(open)(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  if (makes(flags) && judge_at("open", AT_FDCWD, path) == FAIL) return -1;
  return REAL(open64)(path, flags, mode);
}
int openat(int folder, const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  if (makes(flags) && judge_at("open", folder, path) == FAIL) return -1;
  return REAL(openat)(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
  MODE_OF(flags, mode)
  if (makes(flags) && judge_at("open", folder, path) == FAIL) return -1;
  return REAL(openat64)(folder, path, flags, mode);
}
FILE *fopen(const char *path, const char *mode) {
  if (mode[0] != 'r' && judge_at("open", AT_FDCWD, path) == FAIL) return NULL;
  return REAL(fopen)(path, mode);
}
FILE *fopen64(const char *path, const char *mode) {
  if (mode[0] != 'r' && judge_at("open", AT_FDCWD, path) == FAIL) return NULL;
  return REAL(fopen64)(path, mode);
}

// Of a write: `call(bytes)` writes that many at most.
#define WRITE(descriptor, count, call)                        \
  size_t bytes = (count);                                     \
  switch (judge_descriptor("write", descriptor, true)) {      \
    case FAIL: return -1;                                     \
    case HALF: bytes = (bytes + 1) / 2; return (call);        \
    case TEAR: bytes = bytes / 2; (void)!(call); die();       \
    default: return (call);                                   \
  }

ssize_t write(int descriptor, const void *data, size_t count) {
  WRITE(descriptor, count, REAL(write)(descriptor, data, bytes))
}
ssize_t pwrite(int descriptor, const void *data, size_t count, off_t offset) {
  WRITE(descriptor, count, REAL(pwrite)(descriptor, data, bytes, offset))
}
ssize_t pwrite64(int descriptor, const void *data, size_t count, off64_t offset) {
  WRITE(descriptor, count, REAL(pwrite64)(descriptor, data, bytes, offset))
}
ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  struct iovec first = count > 0 ? parts[0] : (struct iovec){0};
  switch (judge_descriptor("write", descriptor, true)) {
    case FAIL: return -1;
    case HALF: return REAL(write)(descriptor, first.iov_base, (first.iov_len + 1) / 2);
    case TEAR: (void)!REAL(write)(descriptor, first.iov_base, first.iov_len / 2); die(); return -1;
    default: return REAL(writev)(descriptor, parts, count);
  }
}
ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) {
  if (judge_descriptor("write", descriptor, false) == FAIL) return -1;
  return REAL(pwritev)(descriptor, parts, count, offset);
}
ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off64_t offset) {
  if (judge_descriptor("write", descriptor, false) == FAIL) return -1;
  return REAL(pwritev64)(descriptor, parts, count, offset);
}
ssize_t sendfile(int to, int from, off_t *offset, size_t count) {
  WRITE(to, count, REAL(sendfile)(to, from, offset, bytes))
}
ssize_t sendfile64(int to, int from, off64_t *offset, size_t count) {
  WRITE(to, count, REAL(sendfile64)(to, from, offset, bytes))
}
ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t count, unsigned flags) {
  WRITE(to, count, REAL(copy_file_range)(from, from_offset, to, to_offset, bytes, flags))
}
long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long a[6];
  for (int i = 0; i < 6; ++i) a[i] = va_arg(list, long);
  va_end(list);
  if (number == SYS_copy_file_range) {
    WRITE((int)a[2], (size_t)a[4], REAL(syscall)(number, a[0], a[1], a[2], a[3], bytes, a[5]))
  }
  return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int fsync(int descriptor) { return judge_descriptor("fsync", descriptor, false) == FAIL ? -1 : REAL(fsync)(descriptor); }
int fdatasync(int descriptor) {
  return judge_descriptor("fsync", descriptor, false) == FAIL ? -1 : REAL(fdatasync)(descriptor);
}
int ftruncate(int descriptor, off_t size) {
  return judge_descriptor("truncate", descriptor, false) == FAIL ? -1 : REAL(ftruncate)(descriptor, size);
}
int ftruncate64(int descriptor, off64_t size) {
  return judge_descriptor("truncate", descriptor, false) == FAIL ? -1 : REAL(ftruncate64)(descriptor, size);
}
int rename(const char *from, const char *to) {
  return judge_at("rename", AT_FDCWD, from) == FAIL ? -1 : REAL(rename)(from, to);
}
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  return judge_at("rename", from_folder, from) == FAIL ? -1 : REAL(renameat)(from_folder, from, to_folder, to);
}
int link(const char *from, const char *to) { return judge_at("link", AT_FDCWD, to) == FAIL ? -1 : REAL(link)(from, to); }
int symlink(const char *content, const char *path) {
  return judge_at("symlink", AT_FDCWD, path) == FAIL ? -1 : REAL(symlink)(content, path);
}
int unlink(const char *path) { return judge_at("unlink", AT_FDCWD, path) == FAIL ? -1 : REAL(unlink)(path); }
int unlinkat(int folder, const char *path, int flags) {
  return judge_at("unlink", folder, path) == FAIL ? -1 : REAL(unlinkat)(folder, path, flags);
}
int remove(const char *path) { return judge_at("unlink", AT_FDCWD, path) == FAIL ? -1 : REAL(remove)(path); }
int rmdir(const char *path) { return judge_at("rmdir", AT_FDCWD, path) == FAIL ? -1 : REAL(rmdir)(path); }
int mkdir(const char *path, mode_t mode) {
  return judge_at("mkdir", AT_FDCWD, path) == FAIL ? -1 : REAL(mkdir)(path, mode);
}
int mkdirat(int folder, const char *path, mode_t mode) {
  return judge_at("mkdir", folder, path) == FAIL ? -1 : REAL(mkdirat)(folder, path, mode);
}

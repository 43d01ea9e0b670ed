// Preloaded into the program under test: the clock of the day jumps back and forth by days. The monotonic one does not, as
// no administrator and no time server can set it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <time.h>

static atomic_long calls;

static time_t jump(void) {
  static const time_t days[] = {0, 3, -2, 400, -400};
  return days[calls++ / 7 % 5] * 24 * 60 * 60;
}

int clock_gettime(clockid_t clock, struct timespec *result) {
  static int (*real)(clockid_t, struct timespec *);
  if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
  const int status = real(clock, result);
  if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) result->tv_sec += jump();
  return status;
}

int gettimeofday(struct timeval *restrict result, void *restrict zone) {
  static int (*real)(struct timeval *, void *);
  if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "gettimeofday");
  const int status = real(result, zone);
  if (status == 0) result->tv_sec += jump();
  return status;
}

// Preloaded into the program under test: one allocation of a tensor fails.
//
//   FAULT_AFTER   allocations are counted once this path exists
//   FAULT_AT      which of them fails, from 1; without it all are counted
//   FAULT_LOG     where their number is written at the end
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long count;
static atomic_int is_counting;

// Others, V8 among them, do not survive the lack of memory.
static int is_libtorch(const void *caller) {
  Dl_info info;
  return dladdr(caller, &info) != 0 && info.dli_fname != NULL && strstr(info.dli_fname, "libc10") != NULL;
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  static int (*real)(void **, size_t, size_t);
  if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "posix_memalign");
  const char *after = getenv("FAULT_AFTER");
  if (after != NULL && is_libtorch(__builtin_return_address(0))) {
    if (!is_counting && access(after, F_OK) == 0) is_counting = 1;
    const char *at = getenv("FAULT_AT");
    if (is_counting && ++count == (at == NULL ? 0 : atol(at))) return ENOMEM;
  }
  return real(result, alignment, size);
}

__attribute__((destructor)) static void tell(void) {
  const char *path = getenv("FAULT_LOG");
  FILE *file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "%ld\n", (long)count);
  fclose(file);
}

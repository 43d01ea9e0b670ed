// Threads, devices, how this addon was built, and signals.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/cpu/vec/vec.h>
#include <c10/core/DeviceGuard.h>
#include <signal.h>
#include <time.h>
#include <torch/version.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <thread>

#include "allocator.h"
#include "bridge.h"

namespace bridge {

namespace {

constexpr int64_t kThreadsPerProcessor = 16;

napi_value SetNumThreads(Call& call) {
  call.expect(1, "setNumThreads(count)");
  int64_t count = to_int64(call.env, call.arguments[0], "count");
  // libgomp ends the process where the system has no more threads to give.
  const int64_t processors = std::max(1u, std::thread::hardware_concurrency());
  if (count < 1 || count > kThreadsPerProcessor * processors) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "the number of threads is " + std::to_string(count) + "; with " +
                                                  std::to_string(processors) + " processors it must be 1 to " +
                                                  std::to_string(kThreadsPerProcessor * processors));
  }
  at::set_num_threads(static_cast<int>(count));
  return undefined(call.env);
}

napi_value GetNumThreads(Call& call) {
  call.expect(0, "getNumThreads()");
  return from_int64(call.env, at::get_num_threads());
}

napi_value ReleaseFreeMemory(Call& call) {
  call.expect(0, "releaseFreeMemory()");
  release_free_memory();
  return undefined(call.env);
}

napi_value MemoryAllocated(Call& call) {
  call.expect(0, "memoryAllocated()");
  return from_int64(call.env, static_cast<int64_t>(large_tensor_bytes().now));
}

napi_value MaxMemoryAllocated(Call& call) {
  call.expect(0, "maxMemoryAllocated()");
  return from_int64(call.env, static_cast<int64_t>(large_tensor_bytes().peak));
}

napi_value ResetPeakMemoryStats(Call& call) {
  call.expect(0, "resetPeakMemoryStats()");
  reset_large_tensor_peak();
  return undefined(call.env);
}

napi_value CudaDeviceCount(Call& call) {
  call.expect(0, "cudaDeviceCount()");
  return from_int64(call.env, at::hasCUDA() ? static_cast<int64_t>(at::detail::getCUDAHooks().deviceCount()) : 0);
}

napi_value CudaHasBfloat16(Call& call) {
  call.expect(1, "cudaHasBfloat16(device)");
  const c10::Device device = to_device(call.env, call.arguments[0], "device");
  if (!device.is_cuda() || !at::hasCUDA()) throw BridgeError("TORCH_ARGUMENT_VALUE", device.str() + " is no CUDA device that can be used");
  c10::DeviceGuard guard(device);
  // Convolutions are not used here: libtorch answers whether the GPU is of compute capability 8 or above.
  return from_bool(call.env, at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8());
}

// buildInfo() -> {torchVersion, openmp, vectorLanes, cpuCapability}
napi_value BuildInfo(Call& call) {
  call.expect(0, "buildInfo()");
  napi_env env = call.env;
  napi_value object;
  check(env, napi_create_object(env, &object), "napi_create_object");
#ifdef _OPENMP
  bool openmp = true;
#else
  bool openmp = false;
#endif
  auto set = [&](const char* name, napi_value value) {
    check(env, napi_set_named_property(env, object, name, value), "napi_set_named_property");
  };
  set("torchVersion", from_string(env, TORCH_VERSION));
  set("openmp", from_bool(env, openmp));
  set("vectorLanes", from_int64(env, at::vec::Vectorized<float>::size()));
  set("cpuCapability", from_string(env, at::get_cpu_capability()));
  return object;
}

// Signals arrive while native code runs, when JavaScript would see them seconds late. The first asks the loop to stop;
// the second leaves at once. Process-wide by nature.
volatile sig_atomic_t signal_count = 0;
volatile int64_t first_signal_milliseconds = 0;

// Memory that the handler may read at any time: the caller's string would move.
char notice[256];
volatile sig_atomic_t notice_length = 0;

// The signals that are caught now, and who handled them before.
std::map<int, struct sigaction> previous;

// Ctrl-C under npm arrives twice: from the terminal, and passed on by npm.
constexpr int64_t kSameSignalMilliseconds = 300;

void on_signal(int number) {
  const int interrupted_errno = errno;
  struct timespec now {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const int64_t milliseconds = int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
  if (signal_count == 0) first_signal_milliseconds = milliseconds;
  signal_count = signal_count + 1;
  if (signal_count == 1) (void)!write(2, notice, static_cast<size_t>(notice_length));
  errno = interrupted_errno;
  // A closing terminal may tell more than once, and nobody asks for haste by it.
  if (number == SIGHUP) return;
  if (signal_count < 2 || milliseconds - first_signal_milliseconds < kSameSignalMilliseconds) return;
  static const char message[] = "\nsecond signal: leaving at once\n";
  (void)!write(2, message, sizeof message - 1);
  _exit(130);
}

void restore_signals() {
  for (const auto& [number, action] : previous) sigaction(number, &action, nullptr);
  previous.clear();
}

// installSignalHandler(notice, signals): the handler writes the notice to standard error at the first signal.
napi_value InstallSignalHandler(Call& call) {
  call.expect(2, "installSignalHandler(notice, signals)");
  std::string text = to_string(call.env, call.arguments[0], "notice");
  if (text.size() > sizeof notice) throw BridgeError("TORCH_ARGUMENT_VALUE", "notice must not be longer than 256 bytes");
  const auto numbers = to_int64_list(call.env, call.arguments[1], "signals");
  for (const int64_t number : numbers) {
    if (number == SIGINT || number == SIGTERM || number == SIGHUP) continue;
    throw BridgeError("TORCH_ARGUMENT_VALUE", "signals must be SIGINT, SIGTERM or SIGHUP, not " + std::to_string(number));
  }
  restore_signals();
  notice_length = 0;
  std::memcpy(notice, text.data(), text.size());
  notice_length = static_cast<sig_atomic_t>(text.size());
  signal_count = 0;
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int64_t number : numbers) {
    struct sigaction before {};
    sigaction(static_cast<int>(number), &action, &before);
    previous.try_emplace(static_cast<int>(number), before);
  }
  return undefined(call.env);
}

napi_value RemoveSignalHandler(Call& call) {
  call.expect(0, "removeSignalHandler()");
  signal_count = 0;
  restore_signals();
  return undefined(call.env);
}

napi_value PendingSignals(Call& call) {
  call.expect(0, "pendingSignals()");
  return from_int64(call.env, signal_count);
}

napi_value SetErrorClass(Call& call) {
  call.expect(1, "setErrorClass(constructor)");
  napi_valuetype type = napi_undefined;
  napi_typeof(call.env, call.arguments[0], &type);
  if (type != napi_function) throw BridgeError("TORCH_ARGUMENT_TYPE", "constructor must be a class");
  auto& environment = *environment_of(call.env);
  if (environment.error_class != nullptr) napi_delete_reference(call.env, environment.error_class);
  check(call.env, napi_create_reference(call.env, call.arguments[0], 1, &environment.error_class), "napi_create_reference");
  return undefined(call.env);
}

}  // namespace

std::vector<Export> runtime_exports() {
  return {
      {"setNumThreads", guarded<SetNumThreads>}, {"getNumThreads", guarded<GetNumThreads>},
      {"releaseFreeMemory", guarded<ReleaseFreeMemory>}, {"memoryAllocated", guarded<MemoryAllocated>},
      {"maxMemoryAllocated", guarded<MaxMemoryAllocated>}, {"resetPeakMemoryStats", guarded<ResetPeakMemoryStats>},
      {"cudaDeviceCount", guarded<CudaDeviceCount>}, {"cudaHasBfloat16", guarded<CudaHasBfloat16>},
      {"buildInfo", guarded<BuildInfo>},
      {"installSignalHandler", guarded<InstallSignalHandler>}, {"removeSignalHandler", guarded<RemoveSignalHandler>},
      {"pendingSignals", guarded<PendingSignals>}, {"setErrorClass", guarded<SetErrorClass>},
  };
}

}  // namespace bridge

// Records the operators that libtorch dispatches and the nodes that autograd runs for one JavaScript environment, by the
// hooks that libtorch has for it. Callbacks and recording belong to the environment's thread; libtorch takes both along into
// the threads that work for it.
#include "profiler.h"

#include <c10/util/ThreadLocalDebugInfo.h>

#include <chrono>
#include <cstring>
#include <mutex>

#include "bridge.h"

namespace bridge {

namespace {

constexpr size_t kNumbersOfEvent = 5;
constexpr size_t kMostEvents = 10'000'000;

// The clock of Node's process.hrtime().
int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Event {
  size_t name;
  at::RecordScope scope;
  uint64_t thread;
  int64_t start;
  int64_t end;
};

class Recording : public c10::DebugInfoBase {
 public:
  explicit Recording(size_t limit) : limit_(limit) {}

  void add(const at::RecordFunction& function, int64_t start) {
    const int64_t end = now();
    std::lock_guard<std::mutex> lock(mutex_);
    if (events_.size() >= limit_) {
      ++dropped_;
      return;
    }
    const auto name = name_index_.try_emplace(function.name(), names_.size()).first;
    if (name->second == names_.size()) names_.push_back(name->first);
    events_.push_back({name->second, function.scope(), function.threadId(), start, end});
  }

  // Threads that outlive the recording may still add to it.
  napi_value to_value(napi_env env, int64_t base) {
    std::lock_guard<std::mutex> lock(mutex_);
    napi_value object, names, buffer, numbers;
    check(env, napi_create_object(env, &object), "napi_create_object");
    check(env, napi_create_array_with_length(env, names_.size(), &names), "napi_create_array_with_length");
    for (size_t i = 0; i < names_.size(); ++i) {
      check(env, napi_set_element(env, names, static_cast<uint32_t>(i), from_string(env, names_[i])), "napi_set_element");
    }
    const size_t count = events_.size() * kNumbersOfEvent;
    void* data = nullptr;
    check(env, napi_create_arraybuffer(env, count * sizeof(double), &data, &buffer), "napi_create_arraybuffer");
    auto* number = static_cast<double*>(data);
    for (const Event& event : events_) {
      *number++ = static_cast<double>(event.name);
      *number++ = static_cast<double>(event.scope);
      *number++ = static_cast<double>(event.thread);
      *number++ = static_cast<double>(event.start - base);
      *number++ = static_cast<double>(event.end - base);
    }
    check(env, napi_create_typedarray(env, napi_float64_array, count, buffer, 0, &numbers), "napi_create_typedarray");
    auto set = [&](const char* name, napi_value value) {
      check(env, napi_set_named_property(env, object, name, value), "napi_set_named_property");
    };
    set("names", names);
    set("events", numbers);
    set("dropped", from_int64(env, static_cast<int64_t>(dropped_)));
    set("thread", from_int64(env, static_cast<int64_t>(at::RecordFunction::currentThreadId())));
    return object;
  }

 private:
  std::mutex mutex_;
  const size_t limit_;
  size_t dropped_ = 0;
  std::vector<Event> events_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, size_t> name_index_;
};

struct Started : at::ObserverContext {
  explicit Started(int64_t time) : time(time) {}
  int64_t time;
};

std::unique_ptr<at::ObserverContext> on_start(const at::RecordFunction&) { return std::make_unique<Started>(now()); }

void on_end(const at::RecordFunction& function, at::ObserverContext* context) {
  auto* recording = dynamic_cast<Recording*>(c10::ThreadLocalDebugInfo::get(c10::DebugInfoKind::PROFILER_STATE));
  if (recording != nullptr && context != nullptr) recording->add(function, static_cast<Started*>(context)->time);
}

}  // namespace

// Records from its construction to its destruction, both in the environment's thread.
class Profiler {
 public:
  Profiler(size_t limit, int64_t base) : recording(std::make_shared<Recording>(limit)), base(base) {
    c10::ThreadLocalDebugInfo::_push(c10::DebugInfoKind::PROFILER_STATE, recording);
    callback_ = at::addThreadLocalCallback(
        at::RecordFunctionCallback(on_start, on_end)
            .scopes({at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION, at::RecordScope::USER_SCOPE}));
  }
  Profiler(const Profiler&) = delete;
  Profiler& operator=(const Profiler&) = delete;
  ~Profiler() {
    at::removeCallback(callback_);
    c10::ThreadLocalDebugInfo::_pop(c10::DebugInfoKind::PROFILER_STATE);
  }

  const std::shared_ptr<Recording> recording;
  const int64_t base;

 private:
  at::CallbackHandle callback_;
};

ProfileSpan::ProfileSpan(const Environment& environment, at::RecordScope scope, const char* name) {
  if (environment.profiler == nullptr) return;
  record_.emplace(scope);
  record_->before(name);
}

namespace {

// startProfiler(limit, base): events beyond the limit are counted and dropped; times are nanoseconds after `base`, a time of
// process.hrtime.bigint().
napi_value StartProfiler(Call& call) {
  call.expect(2, "startProfiler(limit, base)");
  const int64_t limit = to_int64(call.env, call.arguments[0], "limit");
  const int64_t base = to_int64(call.env, call.arguments[1], "base");
  if (limit < 1 || limit > static_cast<int64_t>(kMostEvents)) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "the profiler can keep 1 to " + std::to_string(kMostEvents) +
                                                  " events, not " + std::to_string(limit));
  }
  auto& environment = *environment_of(call.env);
  if (environment.profiler != nullptr) throw BridgeError("TORCH_ARGUMENT_VALUE", "the profiler is running already: stop it first");
  environment.profiler = std::make_shared<Profiler>(static_cast<size_t>(limit), base);
  return undefined(call.env);
}

// stopProfiler() -> {names, events, dropped, thread}: of each event the index of its name, its scope, thread, start and end.
napi_value StopProfiler(Call& call) {
  call.expect(0, "stopProfiler()");
  auto& environment = *environment_of(call.env);
  if (environment.profiler == nullptr) throw BridgeError("TORCH_ARGUMENT_VALUE", "the profiler is not running");
  const auto recording = environment.profiler->recording;
  const int64_t base = environment.profiler->base;
  environment.profiler.reset();
  return recording->to_value(call.env, base);
}

}  // namespace

std::vector<Export> profiler_exports() {
  return {{"startProfiler", guarded<StartProfiler>}, {"stopProfiler", guarded<StopProfiler>}};
}

}  // namespace bridge

// Writes tensors to files that are complete or absent, in the calling thread or in one of its own. The format is
// TypeScript's: what stands before the tensors comes from there.
#include <ATen/Parallel.h>
#include <fcntl.h>
#include <omp.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "bridge.h"

namespace bridge {

namespace {

// What is cast and written at a time: no second copy of a tensor ever exists.
constexpr int64_t kSliceBytes = int64_t{1} << 20;

// Tensors up to this size are gathered: a model has hundreds of norms and biases.
constexpr size_t kSmallBytes = size_t{64} << 10;

struct StoredTensor {
  at::Tensor tensor;
  at::ScalarType dtype;
};

class StoppedError : public std::exception {};

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : number_(open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  // Some file systems tell only now that the disk is full.
  bool closed() { return close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

// One file on its way: a temporary file beside it, fsync, rename, fsync of the folder.
class FileWrite {
 public:
  FileWrite(std::string path, std::string start, std::vector<StoredTensor> tensors)
      : path_(std::move(path)), start_(std::move(start)), tensors_(std::move(tensors)) {
    static std::atomic<uint64_t> count{0};
    const size_t slash = path_.rfind('/');
    folder_ = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
    const std::string name = slash == std::string::npos ? path_ : path_.substr(slash + 1);
    const std::string owner = std::to_string(getpid()) + "-" + std::to_string(++count);
    temporary_ = (slash == std::string::npos ? "" : folder_) + "." + name + "." + owner + ".partial";
  }

  // Throws BridgeError TORCH_DISK_FULL or TORCH_FILE; the temporary file is gone then, and what had the name before stays.
  void run() {
    try {
      write_temporary();
      if (rename(temporary_.c_str(), path_.c_str()) != 0) fail();
    } catch (...) {
      unlink(temporary_.c_str());
      throw;
    }
    Descriptor folder(folder_, O_RDONLY | O_DIRECTORY);
    // Folders of some network file systems cannot be synchronised, and need not.
    if (folder.number() < 0 || (fsync(folder.number()) != 0 && errno != EINVAL)) fail();
  }

  // Makes a run() in another thread give up soon.
  void stop() { stopped_ = true; }

 private:
  void write_temporary() {
    Descriptor file(temporary_, O_WRONLY | O_CREAT | O_TRUNC);
    if (file.number() < 0) fail();
    gather(file, start_.data(), start_.size());
    for (auto& stored : tensors_) {
      write_tensor(file, stored);
      // Nobody else may need it any more: a copy of the whole state is given back piece by piece.
      stored.tensor.reset();
    }
    write_gathered(file);
    if (fsync(file.number()) != 0 || !file.closed()) fail();
  }

  void write_tensor(const Descriptor& file, const StoredTensor& stored) {
    // A conjugated or negated view has its sign in a flag that its memory does not show.
    const at::Tensor tensor = stored.tensor.resolve_conj().resolve_neg().cpu().contiguous();
    if (tensor.scalar_type() == stored.dtype) {
      gather(file, static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes());
      return;
    }
    const at::Tensor elements = tensor.view({-1});
    const int64_t count = elements.numel();
    const int64_t slice = kSliceBytes / static_cast<int64_t>(c10::elementSize(stored.dtype));
    at::Tensor cast = at::empty({std::min(count, slice)}, elements.options().dtype(stored.dtype));
    for (int64_t begin = 0; begin < count; begin += slice) {
      const at::Tensor part = cast.narrow(0, 0, std::min(slice, count - begin));
      part.copy_(elements.narrow(0, begin, part.numel()));
      gather(file, static_cast<const char*>(part.const_data_ptr()), part.nbytes());
    }
  }

  void gather(const Descriptor& file, const char* data, size_t size) {
    const bool is_small = size <= kSmallBytes;
    if (is_small) gathered_.append(data, size);
    if (!is_small || gathered_.size() >= kSliceBytes) write_gathered(file);
    if (!is_small) write_bytes(file, data, size);
  }

  void write_gathered(const Descriptor& file) {
    write_bytes(file, gathered_.data(), gathered_.size());
    gathered_.clear();
  }

  void write_bytes(const Descriptor& file, const char* data, size_t left) {
    while (left > 0) {
      if (stopped_) throw StoppedError();
      const ssize_t written = write(file.number(), data, std::min(left, size_t{kSliceBytes} * 16));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail();
      data += written;
      left -= static_cast<size_t>(written);
    }
  }

  [[noreturn]] void fail() const {
    const bool full = errno == ENOSPC || errno == EDQUOT;
    throw BridgeError(full ? "TORCH_DISK_FULL" : "TORCH_FILE", "writing " + path_ + " failed: " + std::strerror(errno));
  }

  std::string path_;
  std::string folder_;
  std::string temporary_;
  std::string start_;
  std::string gathered_;
  std::vector<StoredTensor> tensors_;
  std::atomic<bool> stopped_{false};
};

// A FileWrite in a thread of its own, and the promise that waits for it. It lives until `settle` or `abandon`, both in the
// thread of its environment.
class BackgroundWrite {
 public:
  BackgroundWrite(std::string path, std::string start, std::vector<StoredTensor> tensors)
      : write_(std::move(path), std::move(start), std::move(tensors)) {}

  // Returns the promise. From then on the object deletes itself.
  static napi_value begin(napi_env env, std::unique_ptr<BackgroundWrite> write) {
    napi_value promise, name = from_string(env, "writeSafetensors");
    check(env, napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, write.get(), settle, &write->done_),
          "napi_create_threadsafe_function");
    check(env, napi_create_promise(env, &write->deferred_, &promise), "napi_create_promise");
    // Hooks run last in, first out: the thread ends before what it would call at its end.
    check(env, napi_add_env_cleanup_hook(env, abandon, write.get()), "napi_add_env_cleanup_hook");
    {
      std::lock_guard<std::mutex> lock(mutex());
      static const bool registered = std::atexit(stop_all) == 0;
      (void)registered;
      all().insert(write.get());
    }
    // Signals are for the thread that looks after them.
    sigset_t every, before;
    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    BackgroundWrite* raw = write.release();
    try {
      raw->thread_ = std::thread([raw] {
        // The processors belong to the training. ATen sets the number of threads at its first use in a thread.
        at::internal::lazy_init_num_threads();
        omp_set_num_threads(1);
        raw->work();
      });
    } catch (const std::system_error&) {
      // No thread is to be had: the caller waits.
      raw->work();
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return promise;
  }

 private:
  void work() {
    try {
      write_.run();
    } catch (const StoppedError&) {
      return;
    } catch (...) {
      failure_ = std::current_exception();
    }
    told_ = napi_call_threadsafe_function(done_, this, napi_tsfn_nonblocking) == napi_ok;
  }

  void join() {
    if (thread_.joinable()) thread_.join();
    std::lock_guard<std::mutex> lock(mutex());
    all().erase(this);
  }

  // The environment is null where it ends before the call came through.
  static void settle(napi_env env, napi_value, void*, void* data) {
    std::unique_ptr<BackgroundWrite> write(static_cast<BackgroundWrite*>(data));
    if (env == nullptr) return;
    napi_remove_env_cleanup_hook(env, abandon, write.get());
    write->join();
    napi_value result = nullptr;
    if (write->failure_ == nullptr) {
      napi_get_undefined(env, &result);
      napi_resolve_deferred(env, write->deferred_, result);
    } else {
      try {
        std::rethrow_exception(write->failure_);
      } catch (...) {
        throw_current_exception(env, "", "");
      }
      napi_get_and_clear_last_exception(env, &result);
      napi_reject_deferred(env, write->deferred_, result);
    }
    napi_release_threadsafe_function(write->done_, napi_tsfn_release);
  }

  // The environment ends: so does the write, with no file left behind.
  static void abandon(void* data) {
    auto* write = static_cast<BackgroundWrite*>(data);
    write->write_.stop();
    write->join();
    // What was told is deleted by `settle`.
    if (!write->told_) delete write;
  }

  // The process ends while environments are still there (process.exit): threads must not outlive libtorch's own state.
  static void stop_all() {
    std::set<BackgroundWrite*> running;
    {
      std::lock_guard<std::mutex> lock(mutex());
      running = all();
    }
    for (auto* write : running) write->write_.stop();
    for (auto* write : running) {
      if (write->thread_.joinable()) write->thread_.join();
    }
  }

  static std::mutex& mutex() {
    static auto* mutex = new std::mutex();
    return *mutex;
  }

  static std::set<BackgroundWrite*>& all() {
    static auto* writes = new std::set<BackgroundWrite*>();
    return *writes;
  }

  FileWrite write_;
  std::thread thread_;
  napi_deferred deferred_ = nullptr;
  napi_threadsafe_function done_ = nullptr;
  std::exception_ptr failure_;
  bool told_ = false;
};

struct Arguments {
  std::string path;
  std::string start;
  std::vector<StoredTensor> tensors;
};

// (path, start, tensors, dtypes): a file of the bytes of `start`, then of the tensors in row-major order.
Arguments arguments_of(const Call& call) {
  napi_env env = call.env;
  Arguments result;
  result.path = to_string(env, call.arguments[0], "path");
  if (result.path.find('\0') != std::string::npos) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "path must not contain a zero byte");
  }
  void* data = nullptr;
  size_t length = 0;
  if (napi_get_buffer_info(env, call.arguments[1], &data, &length) != napi_ok) {
    throw BridgeError("TORCH_ARGUMENT_TYPE", "start must be a Buffer");
  }
  result.start.assign(static_cast<const char*>(data), length);
  const auto tensors = to_tensor_list(env, call.arguments[2], "tensors");
  if (array_length(env, call.arguments[3], "dtypes") != tensors.size()) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "there must be a dtype for each tensor");
  }
  for (size_t i = 0; i < tensors.size(); ++i) {
    const napi_value dtype = element(env, call.arguments[3], static_cast<uint32_t>(i));
    result.tensors.push_back({tensors[i].detach(), to_scalar_type(env, dtype, "dtype")});
  }
  return result;
}

napi_value WriteFile(Call& call) {
  call.expect(4, "writeFile(path, start, tensors, dtypes)");
  auto [path, start, tensors] = arguments_of(call);
  FileWrite(std::move(path), std::move(start), std::move(tensors)).run();
  return undefined(call.env);
}

napi_value WriteFileInBackground(Call& call) {
  call.expect(4, "writeFileInBackground(path, start, tensors, dtypes)");
  auto [path, start, tensors] = arguments_of(call);
  for (const auto& [tensor, dtype] : tensors) {
    if (tensor.is_cpu() && tensor.is_contiguous() && !tensor.is_conj() && !tensor.is_neg()) continue;
    throw BridgeError("TORCH_ARGUMENT_VALUE",
                      describe(tensor) + " is not a contiguous tensor on the CPU, and only such are written in the background");
  }
  return BackgroundWrite::begin(
      call.env, std::make_unique<BackgroundWrite>(std::move(path), std::move(start), std::move(tensors)));
}

}  // namespace

std::vector<Export> file_writer_exports() {
  return {{"writeFile", guarded<WriteFile>}, {"writeFileInBackground", guarded<WriteFileInBackground>}};
}

}  // namespace bridge

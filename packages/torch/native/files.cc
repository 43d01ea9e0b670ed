// Tensors over memory-mapped files, and locks on files.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>

#include "bridge.h"

namespace bridge {

namespace {

std::string system_message(const char* what, const std::string& path) {
  return std::string(what) + " " + path + ": " + std::strerror(errno);
}

// mapFile(path) -> (size) uint8 tensor over the file. Private and writable: a write changes memory, never the file,
// where a read-only mapping would end the process.
napi_value MapFile(Call& call) {
  call.expect(1, "mapFile(path)");
  std::string path = to_string(call.env, call.arguments[0], "path");
  if (path.find('\0') != std::string::npos) throw BridgeError("TORCH_ARGUMENT_VALUE", "path must not contain a zero byte");
  int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw BridgeError("TORCH_FILE", system_message("cannot open", path));
  struct stat info {};
  if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
    close(descriptor);
    throw BridgeError("TORCH_FILE", path + " is not a regular file");
  }
  auto size = static_cast<size_t>(info.st_size);
  if (size == 0) {
    close(descriptor);
    return from_tensor(call.env, at::empty({0}, at::kByte));
  }
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, descriptor, 0);
  int error = errno;
  close(descriptor);
  errno = error;
  if (memory == MAP_FAILED) throw BridgeError("TORCH_FILE", system_message("cannot map", path));
  at::Tensor tensor = at::from_blob(
      memory, {static_cast<int64_t>(size)}, [size](void* pointer) { munmap(pointer, size); }, at::kByte);
  return from_tensor(call.env, std::move(tensor));
}

// viewBytes(bytes, offset, shape, dtype) -> a tensor over part of a uint8 tensor, sharing its memory. Where the address
// is not aligned for the dtype the bytes are copied, and bool is, because other programs may write more than 0 and 1.
napi_value ViewBytes(Call& call) {
  call.expect(4, "viewBytes(bytes, offset, shape, dtype)");
  at::Tensor bytes = to_tensor(call.env, call.arguments[0], "bytes");
  int64_t offset = to_int64(call.env, call.arguments[1], "offset");
  auto shape = to_int64_list(call.env, call.arguments[2], "shape");
  at::ScalarType type = to_scalar_type(call.env, call.arguments[3], "dtype");
  if (bytes.scalar_type() != at::kByte || bytes.dim() != 1 || !bytes.is_contiguous() || !bytes.is_cpu()) {
    throw BridgeError("TORCH_ARGUMENT_TYPE", "bytes must be a contiguous one-dimensional uint8 tensor on the CPU");
  }
  auto item = static_cast<int64_t>(c10::elementSize(type));
  int64_t length = item;
  for (int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(length, size, &length)) {
      throw BridgeError("TORCH_ARGUMENT_VALUE", "shape is negative or too large");
    }
  }
  if (offset < 0 || offset > bytes.numel() || length > bytes.numel() - offset) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "the tensor reaches beyond the end of its bytes");
  }
  auto* start = static_cast<char*>(bytes.data_ptr()) + offset;
  auto options = at::TensorOptions().dtype(type);
  if (length == 0) return from_tensor(call.env, at::empty(shape, options));
  if (type == at::kBool) return from_tensor(call.env, at::from_blob(start, shape, at::kByte).ne(0));
  if (reinterpret_cast<uintptr_t>(start) % static_cast<uintptr_t>(item) != 0) {
    at::Tensor copy = at::empty(shape, options);
    std::memcpy(copy.data_ptr(), start, static_cast<size_t>(length));
    return from_tensor(call.env, std::move(copy));
  }
  // The view holds the mapping, so that either may be disposed first.
  return from_tensor(call.env, at::from_blob(start, shape, [bytes](void*) {}, options));
}

// tryLock(descriptor) -> whether the open file is now this process's. The lock is the kernel's: it ends with the process,
// however that ends.
napi_value TryLock(Call& call) {
  call.expect(1, "tryLock(descriptor)");
  int64_t descriptor = to_int64(call.env, call.arguments[0], "descriptor");
  if (descriptor < 0 || descriptor > std::numeric_limits<int>::max()) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "descriptor must be that of an open file, not " + std::to_string(descriptor));
  }
  int status = 0;
  do {
    status = flock(static_cast<int>(descriptor), LOCK_EX | LOCK_NB);
  } while (status != 0 && errno == EINTR);
  if (status == 0) return from_bool(call.env, true);
  if (errno == EWOULDBLOCK) return from_bool(call.env, false);
  // What file systems without locks answer, some network ones among them.
  const bool unsupported = errno == ENOLCK || errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL;
  throw BridgeError(unsupported ? "TORCH_UNSUPPORTED" : "TORCH_FILE", std::string("cannot lock: ") + std::strerror(errno));
}

}  // namespace

std::vector<Export> file_exports() {
  return {{"mapFile", guarded<MapFile>}, {"viewBytes", guarded<ViewBytes>}, {"tryLock", guarded<TryLock>}};
}

}  // namespace bridge

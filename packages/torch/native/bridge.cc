#include "bridge.h"

#include <c10/core/Device.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <new>
#include <utility>

namespace bridge {

namespace {

constexpr napi_type_tag kTensorTag = {0x6f74722d74656e73, 0x9b1f3a52c4de4c01};
constexpr napi_type_tag kGeneratorTag = {0x6f74722d67656e65, 0x9b1f3a52c4de4c02};
constexpr int64_t kLargestSafeInteger = (int64_t{1} << 53) - 1;
constexpr int64_t kReportBytes = int64_t{16} << 20;

constexpr std::array<std::pair<at::ScalarType, const char*>, 14> kScalarTypes = {{
    {at::kFloat, "float32"}, {at::kDouble, "float64"}, {at::kBFloat16, "bfloat16"}, {at::kHalf, "float16"},
    {at::kLong, "int64"}, {at::kInt, "int32"}, {at::kShort, "int16"}, {at::kChar, "int8"}, {at::kByte, "uint8"},
    {at::kBool, "bool"}, {at::kComplexFloat, "complex64"}, {at::kComplexDouble, "complex128"},
    {at::kFloat8_e4m3fn, "float8_e4m3fn"}, {at::kFloat8_e5m2, "float8_e5m2"},
}};

bool known_scalar_type(at::ScalarType type) {
  return std::any_of(kScalarTypes.begin(), kScalarTypes.end(), [&](const auto& entry) { return entry.first == type; });
}

// V8 is told in steps of 16 MiB: a call per tensor costs more than most small operators.
void report_bytes(napi_env env, Environment& environment, int64_t change) {
  environment.unreported_bytes += change;
  if (std::abs(environment.unreported_bytes) < kReportBytes) return;
  int64_t total = 0;
  napi_adjust_external_memory(env, environment.unreported_bytes, &total);
  environment.unreported_bytes = 0;
}

std::string type_of(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  switch (type) {
    case napi_undefined: return "undefined";
    case napi_null: return "null";
    case napi_boolean: return "a boolean";
    case napi_number: return "a number";
    case napi_string: return "a string";
    case napi_symbol: return "a symbol";
    case napi_function: return "a function";
    case napi_external: return "a native handle";
    case napi_bigint: return "a bigint";
    default: break;
  }
  bool is_array = false;
  napi_is_array(env, value, &is_array);
  return is_array ? "an array" : "an object";
}

[[noreturn]] void wrong_type(napi_env env, napi_value value, const std::string& what, const char* expected) {
  throw BridgeError("TORCH_ARGUMENT_TYPE", what + " must be " + expected + ", not " + type_of(env, value));
}

template <typename Handle>
Handle* tagged(napi_env env, napi_value value, const napi_type_tag& tag) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  if (type != napi_external) return nullptr;
  bool matches = false;
  if (napi_check_object_type_tag(env, value, &tag, &matches) != napi_ok || !matches) return nullptr;
  void* pointer = nullptr;
  if (napi_get_value_external(env, value, &pointer) != napi_ok) return nullptr;
  return static_cast<Handle*>(pointer);
}

template <typename Handle>
napi_value external(napi_env env, std::unique_ptr<Handle> handle, napi_finalize finalize, const napi_type_tag& tag) {
  napi_value value;
  check(env, napi_create_external(env, handle.get(), finalize, nullptr, &value), "napi_create_external");
  handle.release();
  check(env, napi_type_tag_object(env, value, &tag), "napi_type_tag_object");
  return value;
}

void finalize_tensor(napi_env env, void* data, void*) {
  auto* handle = static_cast<TensorHandle*>(data);
  release(env, *handle);
  delete handle;
}

void finalize_generator(napi_env, void* data, void*) { delete static_cast<GeneratorHandle*>(data); }

void throw_torch_error(napi_env env, const char* code, const std::string& message, const std::string& operator_name) {
  napi_value arguments[3] = {from_string(env, code), from_string(env, message), from_string(env, operator_name)};
  auto& environment = environment_of(env);
  napi_value constructor = nullptr, error = nullptr;
  if (environment->error_class != nullptr &&
      napi_get_reference_value(env, environment->error_class, &constructor) == napi_ok && constructor != nullptr &&
      napi_new_instance(env, constructor, 3, arguments, &error) == napi_ok) {
    napi_throw(env, error);
    return;
  }
  napi_throw_error(env, code, message.c_str());
}

}  // namespace

void check(napi_env env, napi_status status, const char* what) {
  if (status == napi_ok) return;
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (pending) throw PendingException();
  throw BridgeError("TORCH_INTERNAL", std::string(what) + " failed with status " + std::to_string(status));
}

std::shared_ptr<Environment>& environment_of(napi_env env) {
  void* data = nullptr;
  if (napi_get_instance_data(env, &data) != napi_ok || data == nullptr) {
    throw BridgeError("TORCH_INTERNAL", "the addon has no state in this thread");
  }
  return *static_cast<std::shared_ptr<Environment>*>(data);
}

Call::Call(napi_env env, napi_callback_info info) : env(env) {
  size_t count = 0;
  check(env, napi_get_cb_info(env, info, &count, nullptr, nullptr, nullptr), "napi_get_cb_info");
  arguments.resize(count);
  if (count > 0) check(env, napi_get_cb_info(env, info, &count, arguments.data(), nullptr, nullptr), "napi_get_cb_info");
}

void Call::expect(size_t count, const char* signature) const {
  if (arguments.size() == count) return;
  throw BridgeError("TORCH_ARGUMENT_COUNT", std::string(signature) + " takes " + std::to_string(count) +
                                                " arguments, not " + std::to_string(arguments.size()));
}

bool is_nullish(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  return type == napi_undefined || type == napi_null;
}

int64_t to_int64(napi_env env, napi_value value, const std::string& what) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  if (type == napi_bigint) {
    int64_t result = 0;
    bool lossless = false;
    check(env, napi_get_value_bigint_int64(env, value, &result, &lossless), "napi_get_value_bigint_int64");
    if (!lossless) throw BridgeError("TORCH_ARGUMENT_VALUE", what + " does not fit into 64 bits");
    return result;
  }
  if (type != napi_number) wrong_type(env, value, what, "an integer");
  double number = 0;
  napi_get_value_double(env, value, &number);
  if (std::isnan(number) || number != std::trunc(number)) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", what + " must be an integer, not " + std::to_string(number));
  }
  if (std::abs(number) > static_cast<double>(kLargestSafeInteger)) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", what + " is beyond 2^53 and therefore not exact: pass a bigint");
  }
  return static_cast<int64_t>(number);
}

double to_double(napi_env env, napi_value value, const std::string& what) {
  double number = 0;
  if (napi_get_value_double(env, value, &number) != napi_ok) wrong_type(env, value, what, "a number");
  return number;
}

bool to_bool(napi_env env, napi_value value, const std::string& what) {
  bool result = false;
  if (napi_get_value_bool(env, value, &result) != napi_ok) wrong_type(env, value, what, "a boolean");
  return result;
}

std::string to_string(napi_env env, napi_value value, const std::string& what) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) wrong_type(env, value, what, "a string");
  std::string result(length, '\0');
  check(env, napi_get_value_string_utf8(env, value, result.data(), length + 1, &length), "napi_get_value_string_utf8");
  return result;
}

at::Scalar to_scalar(napi_env env, napi_value value, const std::string& what) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  if (type == napi_boolean) return at::Scalar(to_bool(env, value, what));
  if (type == napi_bigint) return at::Scalar(to_int64(env, value, what));
  if (type != napi_number) wrong_type(env, value, what, "a number, a bigint or a boolean");
  double number = to_double(env, value, what);
  bool exact_integer = number == std::trunc(number) && std::abs(number) <= static_cast<double>(kLargestSafeInteger) &&
                       !(number == 0 && std::signbit(number));
  return exact_integer ? at::Scalar(static_cast<int64_t>(number)) : at::Scalar(number);
}

at::ScalarType to_scalar_type(napi_env env, napi_value value, const std::string& what) {
  std::string name = to_string(env, value, what);
  std::string known;
  for (const auto& [type, type_name] : kScalarTypes) {
    if (name == type_name) return type;
    known += (known.empty() ? "" : ", ") + std::string(type_name);
  }
  throw BridgeError("TORCH_ARGUMENT_VALUE", what + " is '" + name + "'; the dtypes are " + known);
}

c10::Device to_device(napi_env env, napi_value value, const std::string& what) {
  std::string name = to_string(env, value, what);
  try {
    c10::Device device(name);
    if (device.is_cpu() || device.is_cuda()) return device;
  } catch (const c10::Error&) {
    // Said below: to libtorch "meta" and "mps" are devices too.
  }
  throw BridgeError("TORCH_ARGUMENT_VALUE", what + " is '" + name + "'; a device is cpu, cuda, cuda:0, cuda:1, ...");
}

TensorHandle& to_handle(napi_env env, napi_value value, const std::string& what) {
  auto* handle = tagged<TensorHandle>(env, value, kTensorTag);
  if (handle == nullptr) wrong_type(env, value, what, "a tensor");
  if (handle->environment != environment_of(env)) {
    throw BridgeError("TORCH_OTHER_THREAD", what + " belongs to another thread: tensors do not cross threads");
  }
  return *handle;
}

const at::Tensor& to_tensor(napi_env env, napi_value value, const std::string& what) {
  const auto& handle = to_handle(env, value, what);
  if (!handle.tensor.defined()) {
    throw BridgeError("TORCH_DISPOSED", what +
                                            " was disposed: it was freed by dispose(), `using` or the scope() that made "
                                            "it; return it from the scope or keep() it to use it longer");
  }
  return handle.tensor;
}

at::Generator& to_generator(napi_env env, napi_value value, const std::string& what) {
  auto* handle = tagged<GeneratorHandle>(env, value, kGeneratorTag);
  if (handle == nullptr) wrong_type(env, value, what, "a Generator");
  if (handle->environment != environment_of(env)) {
    throw BridgeError("TORCH_OTHER_THREAD", what + " belongs to another thread");
  }
  return handle->generator;
}

uint32_t array_length(napi_env env, napi_value value, const std::string& what) {
  bool is_array = false;
  napi_is_array(env, value, &is_array);
  if (!is_array) wrong_type(env, value, what, "an array");
  uint32_t length = 0;
  check(env, napi_get_array_length(env, value, &length), "napi_get_array_length");
  constexpr uint32_t kLongest = 1 << 24;
  if (length > kLongest) throw BridgeError("TORCH_ARGUMENT_VALUE", what + " has more than 2^24 elements");
  return length;
}

napi_value element(napi_env env, napi_value array, uint32_t index) {
  napi_value value;
  check(env, napi_get_element(env, array, index, &value), "napi_get_element");
  return value;
}

std::vector<int64_t> to_int64_list(napi_env env, napi_value value, const std::string& what) {
  uint32_t length = array_length(env, value, what);
  std::vector<int64_t> result;
  result.reserve(length);
  for (uint32_t i = 0; i < length; ++i) result.push_back(to_int64(env, element(env, value, i), what));
  return result;
}

std::vector<at::Tensor> to_tensor_list(napi_env env, napi_value value, const std::string& what) {
  uint32_t length = array_length(env, value, what);
  std::vector<at::Tensor> result;
  result.reserve(length);
  for (uint32_t i = 0; i < length; ++i) result.push_back(to_tensor(env, element(env, value, i), what));
  return result;
}

namespace {

// Kernels read the memory of a dense tensor within its sizes and strides. Sparse, quantized, nested, lazy and wrapped
// tensors carry invariants of their own that many kernels trust without a check, so they stay out of JavaScript.
void require_dense(const at::Tensor& tensor) {
  using c10::DispatchKey;
  static const c10::DispatchKeySet kDense({DispatchKey::CPU, DispatchKey::CUDA, DispatchKey::AutogradCPU,
                                           DispatchKey::AutogradCUDA, DispatchKey::AutocastCPU,
                                           DispatchKey::AutocastCUDA, DispatchKey::ADInplaceOrView,
                                           DispatchKey::Conjugate, DispatchKey::Negative});
  if (!kDense.has_all(tensor.key_set())) {
    throw BridgeError("TORCH_UNSUPPORTED", "the result is of the kind " + tensor.toString() +
                                               ", and only dense tensors have a JavaScript form");
  }
  if (!known_scalar_type(tensor.scalar_type())) {
    throw BridgeError("TORCH_UNSUPPORTED", std::string("the result is of dtype ") + c10::toString(tensor.scalar_type()) +
                                               ", which has no name in JavaScript");
  }
}

}  // namespace

napi_value from_tensor(napi_env env, at::Tensor tensor) {
  if (!tensor.defined()) return null(env);
  require_dense(tensor);
  auto& environment = environment_of(env);
  auto handle = std::make_unique<TensorHandle>();
  handle->environment = environment;
  // Counted is what disposing this handle would free. A gradient and a tensor that an operator passed through have a
  // second owner of the tensor, a view one of the storage; a mapped file (from_blob: not resizable) costs no memory.
  if (tensor.use_count() == 1 && tensor.has_storage() && tensor.storage().use_count() == 1 &&
      tensor.storage().resizable()) {
    handle->bytes = static_cast<int64_t>(tensor.storage().nbytes());
  }
  handle->tensor = std::move(tensor);
  auto* raw = handle.get();
  napi_value value = external(env, std::move(handle), finalize_tensor, kTensorTag);
  ++environment->live_tensors;
  report_bytes(env, *environment, raw->bytes);
  return value;
}

napi_value from_generator(napi_env env, const at::Generator& generator) {
  auto handle = std::make_unique<GeneratorHandle>();
  handle->generator = generator;
  handle->environment = environment_of(env);
  return external(env, std::move(handle), finalize_generator, kGeneratorTag);
}

void release(napi_env env, TensorHandle& handle) {
  if (!handle.tensor.defined()) return;
  handle.tensor.reset();
  --handle.environment->live_tensors;
  report_bytes(env, *handle.environment, -handle.bytes);
  handle.bytes = 0;
}

napi_value from_int64(napi_env env, int64_t number) {
  if (number > kLargestSafeInteger || number < -kLargestSafeInteger) {
    throw BridgeError("TORCH_VALUE", "the integer " + std::to_string(number) + " is beyond 2^53 and has no exact number");
  }
  napi_value value;
  check(env, napi_create_int64(env, number, &value), "napi_create_int64");
  return value;
}

napi_value from_double(napi_env env, double number) {
  napi_value value;
  check(env, napi_create_double(env, number, &value), "napi_create_double");
  return value;
}

napi_value from_bool(napi_env env, bool flag) {
  napi_value value;
  check(env, napi_get_boolean(env, flag, &value), "napi_get_boolean");
  return value;
}

napi_value from_string(napi_env env, const std::string& text) {
  napi_value value;
  check(env, napi_create_string_utf8(env, text.data(), text.size(), &value), "napi_create_string_utf8");
  return value;
}

napi_value from_int64_list(napi_env env, c10::ArrayRef<int64_t> numbers) {
  napi_value array;
  check(env, napi_create_array_with_length(env, numbers.size(), &array), "napi_create_array_with_length");
  for (size_t i = 0; i < numbers.size(); ++i) {
    check(env, napi_set_element(env, array, static_cast<uint32_t>(i), from_int64(env, numbers[i])), "napi_set_element");
  }
  return array;
}

napi_value null(napi_env env) {
  napi_value value;
  check(env, napi_get_null(env, &value), "napi_get_null");
  return value;
}

napi_value undefined(napi_env env) {
  napi_value value;
  check(env, napi_get_undefined(env, &value), "napi_get_undefined");
  return value;
}

const char* scalar_type_name(at::ScalarType type) {
  for (const auto& [known, name] : kScalarTypes) {
    if (known == type) return name;
  }
  return "unknown";
}

std::string describe(const at::Tensor& tensor) {
  if (!tensor.defined()) return "null";
  std::string text = scalar_type_name(tensor.scalar_type());
  text += "[";
  const char* separator = "";
  for (int64_t size : tensor.sizes()) {
    text += separator + std::to_string(size);
    separator = ", ";
  }
  text += "]";
  if (!tensor.is_cpu()) text += "@" + tensor.device().str();
  return text;
}

void throw_current_exception(napi_env env, const std::string& operator_name, const std::string& context) {
  const char* code = "TORCH_INTERNAL";
  std::string message;
  try {
    throw;
  } catch (const PendingException&) {
    return;
  } catch (const BridgeError& error) {
    code = error.code;
    message = error.what();
  } catch (const c10::OutOfMemoryError& error) {
    code = "TORCH_OUT_OF_MEMORY";
    message = error.what_without_backtrace();
  } catch (const c10::IndexError& error) {
    code = "TORCH_INDEX";
    message = error.what_without_backtrace();
  } catch (const c10::ValueError& error) {
    code = "TORCH_VALUE";
    message = error.what_without_backtrace();
  } catch (const c10::TypeError& error) {
    code = "TORCH_TYPE";
    message = error.what_without_backtrace();
  } catch (const c10::NotImplementedError& error) {
    code = "TORCH_NOT_IMPLEMENTED";
    message = error.what_without_backtrace();
  } catch (const c10::LinAlgError& error) {
    code = "TORCH_LINEAR_ALGEBRA";
    message = error.what_without_backtrace();
  } catch (const c10::Error& error) {
    message = error.what_without_backtrace();
    // The CPU allocator reports exhaustion as a plain c10::Error.
    bool exhausted = message.find("DefaultCPUAllocator") != std::string::npos;
    code = exhausted ? "TORCH_OUT_OF_MEMORY" : "TORCH_OPERATOR";
  } catch (const std::bad_alloc&) {
    code = "TORCH_OUT_OF_MEMORY";
    message = "the process could not get more memory";
  } catch (const std::exception& error) {
    message = error.what();
  } catch (...) {
    message = "an unknown native exception";
  }
  // A conversion callback may have left an exception behind; it must not hide this one.
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (pending) return;
  try {
    std::string prefix = operator_name.empty() ? "" : operator_name + context + ": ";
    throw_torch_error(env, code, prefix + message, operator_name);
  } catch (...) {
    napi_throw_error(env, code, message.c_str());
  }
}

}  // namespace bridge

// What all parts of the addon share: the state of one JavaScript environment, tensor and generator handles,
// the error barrier and the conversion of simple values. Nothing here is global: each worker thread that loads
// the addon has an Environment of its own.
#pragma once

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <node_api.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace bridge {

class Profiler;

// A mistake of the caller, with the stable code that JavaScript sees.
class BridgeError : public std::runtime_error {
 public:
  BridgeError(const char* code, const std::string& message) : std::runtime_error(message), code(code) {}
  const char* code;
};

// JavaScript code that we called (a getter, an array element) threw: the exception is pending already.
class PendingException : public std::exception {};

// How one argument of an operator is converted; computed once per operator from its schema.
enum class Kind : uint8_t {
  Tensor, Int, Float, Number, Bool, String, ScalarType, Layout, MemoryFormat, Device, Generator,
  TensorList, OptionalTensorList, IntList, FloatList, BoolList, NumberList, StringList, Unsupported,
};

struct Argument {
  Kind kind;
  bool optional;
};

// Throws where libtorch would end the process on arguments that its operator does not check itself.
using ArgumentCheck = void (*)(const c10::FunctionSchema& schema, const torch::jit::Stack& stack);

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Argument> arguments;
  std::vector<ArgumentCheck> checks;
  bool writes;  // returns an argument that it changed in place
};

struct Environment {
  std::deque<Operator> operators;  // stable: converting arguments can run JavaScript that adds more
  std::unordered_map<std::string, uint32_t> operator_index;
  napi_ref error_class = nullptr;
  int64_t live_tensors = 0;
  int64_t unreported_bytes = 0;
  std::shared_ptr<Profiler> profiler;  // while a profile is recorded
};

// A tensor that JavaScript holds. `dispose` empties it; the object itself lives until its finalizer runs.
struct TensorHandle {
  at::Tensor tensor;
  std::shared_ptr<Environment> environment;
  int64_t bytes = 0;  // reported to V8; 0 where the memory has another owner
};

struct GeneratorHandle {
  at::Generator generator;
  std::shared_ptr<Environment> environment;
};

// Environment of this napi_env.
std::shared_ptr<Environment>& environment_of(napi_env env);

// Throws PendingException or BridgeError when a Node-API call failed.
void check(napi_env env, napi_status status, const char* what);

// The arguments of a JavaScript call.
class Call {
 public:
  Call(napi_env env, napi_callback_info info);
  napi_env env;
  std::vector<napi_value> arguments;
  // Throws TORCH_ARGUMENT_COUNT unless there are exactly `count` arguments.
  void expect(size_t count, const char* signature) const;
};

// Converters; each throws BridgeError naming `what` when the value is of another type.
bool is_nullish(napi_env env, napi_value value);
int64_t to_int64(napi_env env, napi_value value, const std::string& what);
double to_double(napi_env env, napi_value value, const std::string& what);
bool to_bool(napi_env env, napi_value value, const std::string& what);
std::string to_string(napi_env env, napi_value value, const std::string& what);
at::Scalar to_scalar(napi_env env, napi_value value, const std::string& what);
at::ScalarType to_scalar_type(napi_env env, napi_value value, const std::string& what);
c10::Device to_device(napi_env env, napi_value value, const std::string& what);
TensorHandle& to_handle(napi_env env, napi_value value, const std::string& what);
const at::Tensor& to_tensor(napi_env env, napi_value value, const std::string& what);
at::Generator& to_generator(napi_env env, napi_value value, const std::string& what);
uint32_t array_length(napi_env env, napi_value value, const std::string& what);
napi_value element(napi_env env, napi_value array, uint32_t index);
std::vector<int64_t> to_int64_list(napi_env env, napi_value value, const std::string& what);
std::vector<at::Tensor> to_tensor_list(napi_env env, napi_value value, const std::string& what);

// Undefined tensors become null. Move the tensor in where nobody else keeps it: only then its memory is counted.
napi_value from_tensor(napi_env env, at::Tensor tensor);
napi_value from_generator(napi_env env, const at::Generator& generator);
napi_value from_int64(napi_env env, int64_t value);
napi_value from_double(napi_env env, double value);
napi_value from_bool(napi_env env, bool value);
napi_value from_string(napi_env env, const std::string& value);
napi_value from_int64_list(napi_env env, c10::ArrayRef<int64_t> values);
napi_value null(napi_env env);
napi_value undefined(napi_env env);

const char* scalar_type_name(at::ScalarType type);  // "float32", ...; "unknown" where JavaScript has no name
std::string describe(const at::Tensor& tensor);     // "float32[2, 3]"

// Empties a handle and corrects the counts.
void release(napi_env env, TensorHandle& handle);

// Turns the C++ exception in flight into a pending TorchError; `context` names the operator and its arguments.
void throw_current_exception(napi_env env, const std::string& operator_name, const std::string& context);

// The one barrier: no C++ exception leaves a function that JavaScript calls.
template <napi_value (*Function)(Call&)>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    Call call(env, info);
    return Function(call);
  } catch (...) {
    throw_current_exception(env, "", "");
    return nullptr;
  }
}

struct Export {
  const char* name;
  napi_callback function;
};

// The checks that an operator needs before it is called.
std::vector<ArgumentCheck> checks_of(const c10::FunctionSchema& schema);

// Each part of the addon lists its functions.
std::vector<Export> dispatcher_exports();
std::vector<Export> tensor_exports();
std::vector<Export> autograd_exports();
std::vector<Export> file_exports();
std::vector<Export> file_writer_exports();
std::vector<Export> runtime_exports();
std::vector<Export> profiler_exports();

// Registers the project's own operators once per process; throws BridgeError when another copy did.
void register_kernels();

}  // namespace bridge

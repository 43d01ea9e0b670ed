// Tensors as JavaScript sees them: made from and copied to typed arrays, described, freed; random generators.
#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cstring>
#include <iomanip>

#include "bridge.h"
#include "profiler.h"

namespace bridge {

namespace {

struct TypedArray {
  napi_typedarray_type type;
  size_t length;
  void* data;
};

TypedArray to_typed_array(napi_env env, napi_value value, const std::string& what) {
  bool is_typed_array = false;
  napi_is_typedarray(env, value, &is_typed_array);
  if (!is_typed_array) throw BridgeError("TORCH_ARGUMENT_TYPE", what + " must be a typed array");
  TypedArray array{};
  check(env, napi_get_typedarray_info(env, value, &array.type, &array.length, &array.data, nullptr, nullptr),
        "napi_get_typedarray_info");
  return array;
}

at::ScalarType element_type(napi_typedarray_type type) {
  switch (type) {
    case napi_float32_array: return at::kFloat;
    case napi_float64_array: return at::kDouble;
    case napi_bigint64_array: return at::kLong;
    case napi_int32_array: return at::kInt;
    case napi_int16_array: return at::kShort;
    case napi_int8_array: return at::kChar;
    case napi_uint8_array: return at::kByte;
    default: break;
  }
  throw BridgeError("TORCH_ARGUMENT_TYPE",
                    "no dtype matches this typed array; use Float32Array, Float64Array, BigInt64Array, Int32Array, "
                    "Int16Array, Int8Array or Uint8Array");
}

// fromTypedArray(array, shape) -> tensor with a copy of the data.
napi_value FromTypedArray(Call& call) {
  call.expect(2, "fromTypedArray(array, shape)");
  auto shape = to_int64_list(call.env, call.arguments[1], "shape");
  TypedArray array = to_typed_array(call.env, call.arguments[0], "array");
  double count = 1;
  for (int64_t size : shape) {
    if (size < 0) throw BridgeError("TORCH_ARGUMENT_VALUE", "shape must not contain negative sizes");
    count *= static_cast<double>(size);
  }
  if (count != static_cast<double>(array.length)) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "the shape asks for " + c10::str(std::setprecision(17), count) +
                                                  " elements, the array has " + std::to_string(array.length));
  }
  at::Tensor tensor = at::empty(shape, at::TensorOptions().dtype(element_type(array.type)));
  if (array.length > 0) std::memcpy(tensor.data_ptr(), array.data, tensor.nbytes());
  return from_tensor(call.env, std::move(tensor));
}

// toTypedArray(tensor) -> a copy in row-major order; bfloat16 and float16 become float32, bool becomes uint8.
napi_value ToTypedArray(Call& call) {
  call.expect(1, "toTypedArray(tensor)");
  napi_env env = call.env;
  at::Tensor tensor = to_tensor(env, call.arguments[0], "tensor").detach();
  auto type = tensor.scalar_type();
  if (type == at::kBFloat16 || type == at::kHalf) tensor = tensor.to(at::kFloat);
  if (type == at::kBool) tensor = tensor.to(at::kByte);
  // A conjugated or negated view has its sign in a flag that its memory does not show.
  tensor = tensor.resolve_conj().resolve_neg().cpu().contiguous();
  napi_typedarray_type array_type;
  switch (tensor.scalar_type()) {
    case at::kFloat: array_type = napi_float32_array; break;
    case at::kDouble: array_type = napi_float64_array; break;
    case at::kLong: array_type = napi_bigint64_array; break;
    case at::kInt: array_type = napi_int32_array; break;
    case at::kShort: array_type = napi_int16_array; break;
    case at::kChar: array_type = napi_int8_array; break;
    case at::kByte: array_type = napi_uint8_array; break;
    default:
      throw BridgeError("TORCH_UNSUPPORTED", std::string("a tensor of dtype ") + scalar_type_name(tensor.scalar_type()) +
                                                 " has no typed array; convert it first");
  }
  void* data = nullptr;
  napi_value buffer, array;
  check(env, napi_create_arraybuffer(env, tensor.nbytes(), &data, &buffer), "napi_create_arraybuffer");
  if (tensor.nbytes() > 0) std::memcpy(data, tensor.const_data_ptr(), tensor.nbytes());
  check(env, napi_create_typedarray(env, array_type, static_cast<size_t>(tensor.numel()), buffer, 0, &array),
        "napi_create_typedarray");
  return array;
}

napi_value Shape(Call& call) {
  call.expect(1, "shape(tensor)");
  return from_int64_list(call.env, to_tensor(call.env, call.arguments[0], "tensor").sizes());
}

napi_value DType(Call& call) {
  call.expect(1, "dtype(tensor)");
  return from_string(call.env, scalar_type_name(to_tensor(call.env, call.arguments[0], "tensor").scalar_type()));
}

napi_value DeviceOf(Call& call) {
  call.expect(1, "device(tensor)");
  return from_string(call.env, to_tensor(call.env, call.arguments[0], "tensor").device().str());
}

// bytes(tensor) -> size of its storage when it owns one of its own, else 0.
napi_value Bytes(Call& call) {
  call.expect(1, "bytes(tensor)");
  auto& handle = to_handle(call.env, call.arguments[0], "tensor");
  return from_int64(call.env, handle.bytes);
}

// item(tensor) -> the only element as a number or a boolean.
napi_value Item(Call& call) {
  call.expect(1, "item(tensor)");
  at::Scalar scalar = to_tensor(call.env, call.arguments[0], "tensor").item();
  if (scalar.isBoolean()) return from_bool(call.env, scalar.toBool());
  if (scalar.isIntegral(false)) return from_int64(call.env, scalar.toLong());
  if (scalar.isFloatingPoint()) return from_double(call.env, scalar.toDouble());
  throw BridgeError("TORCH_UNSUPPORTED", "a complex element has no JavaScript form; take its real and imaginary part");
}

napi_value Dispose(Call& call) {
  call.expect(1, "dispose(tensor)");
  const ProfileSpan span(*environment_of(call.env), at::RecordScope::USER_SCOPE, "dispose");
  release(call.env, to_handle(call.env, call.arguments[0], "tensor"));
  return undefined(call.env);
}

napi_value IsDisposed(Call& call) {
  call.expect(1, "isDisposed(tensor)");
  return from_bool(call.env, !to_handle(call.env, call.arguments[0], "tensor").tensor.defined());
}

// sameTensor(a, b) -> whether two handles stand for one tensor object (not merely equal values).
napi_value SameTensor(Call& call) {
  call.expect(2, "sameTensor(a, b)");
  const auto& a = to_tensor(call.env, call.arguments[0], "a");
  const auto& b = to_tensor(call.env, call.arguments[1], "b");
  return from_bool(call.env, a.is_same(b));
}

napi_value LiveTensorCount(Call& call) {
  call.expect(0, "liveTensorCount()");
  return from_int64(call.env, environment_of(call.env)->live_tensors);
}

// makeGenerator(device, seed) -> an explicit source of random numbers for operators that take one.
napi_value MakeGenerator(Call& call) {
  call.expect(2, "makeGenerator(device, seed)");
  c10::Device device = to_device(call.env, call.arguments[0], "device");
  auto seed = static_cast<uint64_t>(to_int64(call.env, call.arguments[1], "seed"));
  at::Generator generator;
  if (device.is_cpu()) {
    generator = at::detail::createCPUGenerator(seed);
  } else if (device.is_cuda() && at::hasCUDA()) {
    generator = at::detail::getCUDAHooks().getNewGenerator(device.has_index() ? device.index() : 0);
    generator.set_current_seed(seed);
  } else {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "there is no generator for device " + device.str() + " here");
  }
  return from_generator(call.env, generator);
}

}  // namespace

std::vector<Export> tensor_exports() {
  return {
      {"fromTypedArray", guarded<FromTypedArray>}, {"toTypedArray", guarded<ToTypedArray>},
      {"shape", guarded<Shape>}, {"dtype", guarded<DType>}, {"device", guarded<DeviceOf>},
      {"bytes", guarded<Bytes>}, {"item", guarded<Item>}, {"dispose", guarded<Dispose>},
      {"isDisposed", guarded<IsDisposed>}, {"sameTensor", guarded<SameTensor>},
      {"liveTensorCount", guarded<LiveTensorCount>}, {"makeGenerator", guarded<MakeGenerator>},
  };
}

}  // namespace bridge

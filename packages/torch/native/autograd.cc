// The parts of autograd that are no dispatcher operators: leaves, backward, gradients, grad mode.
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include "bridge.h"
#include "profiler.h"

namespace bridge {

namespace {

napi_value RequiresGrad(Call& call) {
  call.expect(1, "requiresGrad(tensor)");
  return from_bool(call.env, to_tensor(call.env, call.arguments[0], "tensor").requires_grad());
}

napi_value SetRequiresGrad(Call& call) {
  call.expect(2, "setRequiresGrad(tensor, value)");
  bool value = to_bool(call.env, call.arguments[1], "value");
  const auto& tensor = to_tensor(call.env, call.arguments[0], "tensor");
  if (!value && !tensor.is_leaf()) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "only a leaf can be made not to require gradients; detach() gives a tensor outside of the graph");
  }
  tensor.set_requires_grad(value);
  return undefined(call.env);
}

napi_value IsLeaf(Call& call) {
  call.expect(1, "isLeaf(tensor)");
  return from_bool(call.env, to_tensor(call.env, call.arguments[0], "tensor").is_leaf());
}

napi_value Grad(Call& call) {
  call.expect(1, "grad(tensor)");
  return from_tensor(call.env, to_tensor(call.env, call.arguments[0], "tensor").grad());
}

// setGrad(tensor, gradient | null); the gradient must match in shape, dtype and device.
napi_value SetGrad(Call& call) {
  call.expect(2, "setGrad(tensor, gradient)");
  const auto& tensor = to_tensor(call.env, call.arguments[0], "tensor");
  if (is_nullish(call.env, call.arguments[1])) {
    tensor.mutable_grad().reset();
    return undefined(call.env);
  }
  const auto& gradient = to_tensor(call.env, call.arguments[1], "gradient");
  if (gradient.is_same(tensor)) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "the gradient is the tensor itself, which could then never be freed; pass a clone()");
  }
  if (!gradient.sizes().equals(tensor.sizes()) || gradient.scalar_type() != tensor.scalar_type() ||
      gradient.device() != tensor.device()) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "the gradient " + describe(gradient) + " does not fit the tensor " + describe(tensor));
  }
  tensor.mutable_grad() = gradient;
  return undefined(call.env);
}

std::vector<at::Tensor> optional_tensors(napi_env env, napi_value value, size_t expected, const std::string& what) {
  std::vector<at::Tensor> tensors;
  if (is_nullish(env, value)) return tensors;
  uint32_t length = array_length(env, value, what);
  if (length != expected) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", what + " must have as many entries as there are outputs");
  }
  for (uint32_t i = 0; i < length; ++i) {
    napi_value item = element(env, value, i);
    tensors.push_back(is_nullish(env, item) ? at::Tensor() : to_tensor(env, item, what));
  }
  return tensors;
}

// backward(outputs, gradients | null, retainGraph): accumulates into the leaves' gradients.
napi_value Backward(Call& call) {
  call.expect(3, "backward(outputs, gradients, retainGraph)");
  auto outputs = to_tensor_list(call.env, call.arguments[0], "outputs");
  auto gradients = optional_tensors(call.env, call.arguments[1], outputs.size(), "gradients");
  bool retain = to_bool(call.env, call.arguments[2], "retainGraph");
  if (gradients.empty()) gradients.resize(outputs.size());
  const ProfileSpan span(*environment_of(call.env), at::RecordScope::FUNCTION, "autograd::backward");
  torch::autograd::backward(outputs, gradients, retain, /*create_graph=*/false);
  return undefined(call.env);
}

// gradients(outputs, inputs, gradients | null, {retainGraph, createGraph, allowUnused} by position) -> gradients of inputs.
napi_value Gradients(Call& call) {
  call.expect(6, "gradients(outputs, inputs, gradients, retainGraph, createGraph, allowUnused)");
  auto outputs = to_tensor_list(call.env, call.arguments[0], "outputs");
  auto inputs = to_tensor_list(call.env, call.arguments[1], "inputs");
  auto seeds = optional_tensors(call.env, call.arguments[2], outputs.size(), "gradients");
  bool retain = to_bool(call.env, call.arguments[3], "retainGraph");
  bool create = to_bool(call.env, call.arguments[4], "createGraph");
  bool allow_unused = to_bool(call.env, call.arguments[5], "allowUnused");
  if (inputs.empty()) throw BridgeError("TORCH_ARGUMENT_VALUE", "gradients() needs at least one input");
  if (seeds.empty()) seeds.resize(outputs.size());
  const ProfileSpan span(*environment_of(call.env), at::RecordScope::FUNCTION, "autograd::gradients");
  auto results = torch::autograd::grad(outputs, inputs, seeds, retain, create, allow_unused);
  napi_value array;
  check(call.env, napi_create_array_with_length(call.env, results.size(), &array), "napi_create_array_with_length");
  for (size_t i = 0; i < results.size(); ++i) {
    check(call.env, napi_set_element(call.env, array, static_cast<uint32_t>(i), from_tensor(call.env, std::move(results[i]))), "napi_set_element");
  }
  return array;
}

napi_value IsGradEnabled(Call& call) {
  call.expect(0, "isGradEnabled()");
  return from_bool(call.env, at::GradMode::is_enabled());
}

napi_value SetGradEnabled(Call& call) {
  call.expect(1, "setGradEnabled(enabled)");
  at::GradMode::set_enabled(to_bool(call.env, call.arguments[0], "enabled"));
  return undefined(call.env);
}

}  // namespace

std::vector<Export> autograd_exports() {
  return {
      {"requiresGrad", guarded<RequiresGrad>}, {"setRequiresGrad", guarded<SetRequiresGrad>},
      {"isLeaf", guarded<IsLeaf>}, {"grad", guarded<Grad>}, {"setGrad", guarded<SetGrad>},
      {"backward", guarded<Backward>}, {"gradients", guarded<Gradients>},
      {"isGradEnabled", guarded<IsGradEnabled>}, {"setGradEnabled", guarded<SetGradEnabled>},
  };
}

}  // namespace bridge

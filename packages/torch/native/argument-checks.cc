// What libtorch takes for granted about the arguments of operators that are worth keeping: a call against it would end
// the process, and is an error here instead.
#include <ATen/ScalarOps.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/result_type.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "bridge.h"

namespace bridge {

namespace {

using Schema = c10::FunctionSchema;
using Stack = torch::jit::Stack;

// The fused optimizer reads all its lists as far as the first one goes, and every tensor as far as the parameter does.
void check_fused_optimizer(const Schema& schema, const Stack& stack) {
  const auto parameters = stack[0].toTensorVector();
  for (size_t i = 1; i < stack.size() && stack[i].isTensorList(); ++i) {
    const std::string& name = schema.arguments()[i].name();
    const auto list = stack[i].toTensorVector();
    if (list.empty() && name == "max_exp_avg_sqs" && !stack.at(stack.size() - 4).toBool()) continue;
    if (list.size() != parameters.size() || list.empty()) {
      throw BridgeError("TORCH_ARGUMENT_VALUE", name + " must have as many tensors as there are parameters, and at least one");
    }
    for (size_t j = 0; j < list.size(); ++j) {
      bool is_step = name == "state_steps";
      bool fits = is_step ? list[j].numel() == 1 && list[j].scalar_type() == at::kFloat
                          : list[j].sizes().equals(parameters[j].sizes()) &&
                                list[j].scalar_type() == parameters[j].scalar_type() && list[j].is_contiguous() &&
                                parameters[j].is_contiguous();
      if (!fits || list[j].device() != parameters[j].device()) {
        throw BridgeError("TORCH_ARGUMENT_VALUE", name + " holds " + describe(list[j]) + ", which does not fit the parameter " +
                                                      describe(parameters[j]));
      }
    }
  }
}

// At NaN LAPACK ends the process and binomial never returns; linalg_eig checks its matrix itself.
void check_finite(const Schema& schema, const Stack& stack) {
  if (at::isfinite(stack[0].toTensor()).all().item<bool>()) return;
  throw BridgeError("TORCH_ARGUMENT_VALUE", schema.arguments()[0].name() + " has elements that are infinite or not a number");
}

// An integral range counts its elements by an integer division by the step as its dtype stores it.
void check_range(const Schema& schema, const Stack& stack) {
  if (stack.size() < 4 || schema.arguments()[2].name() != "step") return;
  const at::Scalar start = stack[0].toScalar(), end = stack[1].toScalar(), step = stack[2].toScalar();
  bool is_integral = start.isIntegral(true) && end.isIntegral(true) && step.isIntegral(true);
  if (stack[3].isTensor()) is_integral = c10::isIntegralType(stack[3].toTensor().scalar_type(), true);
  else if (!stack[3].isNone()) is_integral = c10::isIntegralType(stack[3].toScalarType(), true);
  if (!is_integral) return;
  if (!(std::abs(step.toDouble()) >= 1)) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "step is " + std::to_string(step.toDouble()) +
                                                  ", and in an integral dtype it must be at least 1 or at most -1; pass a "
                                                  "whole step, or a floating-point dtype");
  }
  if (!(std::abs(end.toDouble() - start.toDouble()) + std::abs(step.toDouble()) < 0x1p63)) {
    throw BridgeError("TORCH_ARGUMENT_VALUE", "the distance from start to end does not fit into 64 bits");
  }
}

at::Tensor operand(const c10::IValue& value) {
  return value.isTensor() ? value.toTensor() : at::native::wrapped_scalar_tensor(value.toScalar());
}

// The processor's own integer division stops the process where the quotient has no place: at the lowest number by -1.
// libtorch leaves that case to it where it truncates, and nowhere else.
void check_integer_division(const Schema& schema, const Stack& stack) {
  const auto index = schema.argumentIndexWithName("rounding_mode");
  if (!index) return;
  const auto& rounding = stack[static_cast<size_t>(*index)];
  if (rounding.isNone() || rounding.toStringRef() != "trunc") return;
  const at::Tensor dividend = operand(stack[0]), divisor = operand(stack[1]);
  const auto type = at::result_type(dividend, divisor);
  if (!dividend.is_cpu() || !divisor.is_cpu() || (type != at::kLong && type != at::kInt)) return;
  const at::Tensor is_minus_one = divisor.to(type).eq(-1);
  if (!is_minus_one.any().item<bool>()) return;
  const int64_t lowest = type == at::kLong ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int32_t>::min();
  if (!dividend.to(type).eq(lowest).logical_and(is_minus_one).any().item<bool>()) return;
  throw BridgeError("TORCH_ARGUMENT_VALUE", std::to_string(lowest) + " divided by -1 does not fit into " + scalar_type_name(type) +
                                                "; clamp the dividend, or divide in a floating-point dtype");
}

// Gradients of list operators read every list as far as the first one goes.
void check_list_lengths(const Schema& schema, const Stack& stack) {
  const auto& arguments = schema.arguments();
  const auto first = std::find_if(stack.begin(), stack.end(), [](const c10::IValue& value) { return value.isList(); });
  for (auto value = first; value != stack.end(); ++value) {
    if (!value->isList() || value->toListRef().size() == first->toListRef().size()) continue;
    throw BridgeError("TORCH_ARGUMENT_VALUE",
                      arguments[static_cast<size_t>(value - stack.begin())].name() + " has " +
                          std::to_string(value->toListRef().size()) + " elements, but must have as many as " +
                          arguments[static_cast<size_t>(first - stack.begin())].name() + ", which has " +
                          std::to_string(first->toListRef().size()));
  }
}

// A negative power is the power of the inverse by the number's absolute value, which the lowest number has not.
void check_matrix_power(const Schema&, const Stack& stack) {
  if (stack[1].toInt() != std::numeric_limits<int64_t>::min()) return;
  throw BridgeError("TORCH_ARGUMENT_VALUE", "n must be at least -(2^63 - 1)");
}

// The kernel for the CPU reads as many keys as there are values.
void check_attention(const Schema&, const Stack& stack) {
  const at::Tensor key = stack[1].toTensor(), value = stack[2].toTensor();
  if (key.dim() < 2 || value.dim() < 2 || key.size(-2) == value.size(-2)) return;
  throw BridgeError("TORCH_ARGUMENT_VALUE", "key " + describe(key) + " and value " + describe(value) +
                                                " must be of one length, their second dimension from the end");
}

// The median along a dimension takes a stride of 0, which expand() makes, for one of 1.
void check_median(const Schema&, const Stack& stack) {
  if (stack.size() < 2 || !stack[1].isInt()) return;
  const at::Tensor self = stack[0].toTensor();
  const int64_t dim = stack[1].toInt() < 0 ? stack[1].toInt() + self.dim() : stack[1].toInt();
  if (dim < 0 || dim >= self.dim() || self.size(dim) < 2 || self.stride(dim) != 0) return;
  throw BridgeError("TORCH_ARGUMENT_VALUE", "self is expanded along the dimension of the median; pass its clone()");
}

// Some kernels write into an `out` by strides that only a contiguous one has, past its end: triangles, softmax, and who
// knows which others.
void check_contiguous_outs(const Schema& schema, const Stack& stack) {
  const auto& arguments = schema.arguments();
  for (size_t i = arguments.size(); i-- > 0 && arguments[i].kwarg_only();) {
    const auto* alias = arguments[i].alias_info();
    if (alias == nullptr || !alias->isWrite() || !stack[i].isTensor()) continue;
    if (stack[i].toTensor().is_contiguous()) continue;
    throw BridgeError("TORCH_ARGUMENT_VALUE", arguments[i].name() + " must be contiguous");
  }
}

// Layers are counted by the hidden state, and the cell state is read as far.
void check_lstm_states(const Schema& schema, const Stack& stack) {
  const auto index = static_cast<size_t>(*schema.argumentIndexWithName("hx"));
  const auto states = stack[index].toTensorVector();
  if (states.size() != 2 || states[0].dim() == 0 || states[1].dim() == 0 || states[0].size(0) == states[1].size(0)) return;
  throw BridgeError("TORCH_ARGUMENT_VALUE", "hx holds " + describe(states[0]) + " and " + describe(states[1]) +
                                                ", which must have the same number of layers");
}

}  // namespace

std::vector<ArgumentCheck> checks_of(const Schema& schema) {
  static const std::unordered_map<std::string, ArgumentCheck> by_name = {
      {"aten::_fused_adamw_", check_fused_optimizer},
      {"aten::linalg_eigvals", check_finite},
      {"aten::_linalg_eigvals", check_finite},
      {"aten::binomial", check_finite},
      {"aten::matrix_power", check_matrix_power},
      {"aten::linalg_matrix_power", check_matrix_power},
      {"aten::lstm", check_lstm_states},
      {"aten::median", check_median},
      {"aten::nanmedian", check_median},
      {"aten::scaled_dot_product_attention", check_attention},
      {"aten::arange", check_range},
      {"aten::range", check_range},
      {"aten::div", check_integer_division},
      {"aten::div_", check_integer_division},
      {"aten::divide", check_integer_division},
      {"aten::divide_", check_integer_division},
  };
  std::vector<ArgumentCheck> checks;
  const std::string& name = schema.name();
  if (name.rfind("aten::", 0) == 0) checks.push_back(check_contiguous_outs);
  if (name.rfind("aten::_foreach_", 0) == 0) checks.push_back(check_list_lengths);
  const auto own = by_name.find(name);
  if (own != by_name.end()) checks.push_back(own->second);
  return checks;
}

}  // namespace bridge

// What the kernels over floating-point tensors demand of their arguments.
#pragma once

#include <ATen/ATen.h>

namespace kernels {

inline void check_float(const char* kernel, const char* name, const at::Tensor& tensor) {
  TORCH_CHECK_TYPE(tensor.defined() && tensor.layout() == at::kStrided && !tensor.is_nested(), kernel, ": ", name,
                   " must be a dense tensor");
  const at::ScalarType type = tensor.scalar_type();
  TORCH_CHECK_TYPE(type == at::kFloat || type == at::kDouble || type == at::kBFloat16 || type == at::kHalf, kernel,
                   ": ", name, " must be float32, float64, bfloat16 or float16");
}

inline void check_same_device(const char* kernel, const char* name, const at::Tensor& tensor, const at::Tensor& first) {
  TORCH_CHECK_VALUE(tensor.device() == first.device(), kernel, ": ", name, " is on ", tensor.device(),
                    " and the first argument on ", first.device());
}

inline void check_twin(const char* kernel, const char* name, const at::Tensor& tensor, const at::Tensor& first) {
  check_float(kernel, name, tensor);
  check_same_device(kernel, name, tensor, first);
  TORCH_CHECK_TYPE(tensor.scalar_type() == first.scalar_type(), kernel, ": ", name, " must have the first argument's dtype");
  TORCH_CHECK_VALUE(tensor.sizes() == first.sizes(), kernel, ": ", name, " must have the first argument's shape ",
                    first.sizes(), ", not ", tensor.sizes());
}

inline void check_eps(const char* kernel, double eps) {
  TORCH_CHECK_VALUE(eps >= 0, kernel, ": eps must be 0 or more");
}

// The kernels' backward passes are no operators themselves, so nothing would record them.
inline void check_first_derivative(const char* kernel) {
  TORCH_CHECK_NOT_IMPLEMENTED(!at::GradMode::is_enabled(), kernel,
                              " has no second derivative on CPU; compose it from aten operators where one is needed");
}

// The same numbers in memory that a kernel can walk: lazily negated and never allocated tensors are written out.
inline at::Tensor readable(const at::Tensor& tensor) {
  return (tensor._is_zerotensor() ? tensor.clone() : tensor.resolve_neg()).contiguous();
}

// The type in which a tensor's numbers are computed.
inline at::ScalarType wide_type(const at::Tensor& tensor) {
  return tensor.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
}

}  // namespace kernels

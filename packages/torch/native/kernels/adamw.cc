// AdamW (Loshchilov and Hutter, arXiv 1711.05101) in one pass over memory: scale the gradient, update the moments and the
// parameter, write the parameter's narrow copy.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/cpu/vec/vec.h>

#include <cmath>

#include "adamw_coefficients.h"
#include "kernels.h"

namespace kernels {

namespace {

using at::Tensor;
using Wide = at::vec::Vectorized<float>;

void update(float* parameter, const float* gradient, float* first, float* second, at::BFloat16* copy, int64_t begin, int64_t end,
            const AdamWCoefficients& c) {
  const Wide keep(c.keep), rest1(1 - c.beta1), beta2(c.beta2), rest2(1 - c.beta2), step_size(c.step_size),
      denominator(c.denominator), epsilon(c.epsilon), scale(c.scale);
  const auto one = [&](const Wide& p, const Wide& g, Wide& m, Wide& v) {
    m = m + rest1 * (g - m);
    v = v * beta2 + rest2 * g * g;
    return p * keep - step_size * m / (v.sqrt() * denominator + epsilon);
  };
  int64_t at = begin;
  for (; at + 2 * Wide::size() <= end; at += 2 * Wide::size()) {
    Wide updated[2];
    for (int half = 0; half < 2; ++half) {
      const int64_t here = at + half * Wide::size();
      Wide m = Wide::loadu(first + here), v = Wide::loadu(second + here);
      updated[half] = one(Wide::loadu(parameter + here), Wide::loadu(gradient + here) * scale, m, v);
      m.store(first + here);
      v.store(second + here);
      updated[half].store(parameter + here);
    }
    if (copy != nullptr) at::vec::convert_float_bfloat16(updated[0], updated[1]).store(copy + at);
  }
  for (; at < end; ++at) {
    const float g = gradient[at] * c.scale;
    first[at] += (1 - c.beta1) * (g - first[at]);
    second[at] = second[at] * c.beta2 + (1 - c.beta2) * g * g;
    parameter[at] = parameter[at] * c.keep - c.step_size * first[at] / (std::sqrt(second[at]) * c.denominator + c.epsilon);
    if (copy != nullptr) copy[at] = static_cast<at::BFloat16>(parameter[at]);
  }
}

void adamw_(at::TensorList parameters, at::TensorList gradients, at::TensorList first_moments, at::TensorList second_moments,
            const c10::List<std::optional<Tensor>>& copies, int64_t step, double learning_rate, double beta1, double beta2,
            double epsilon, double weight_decay, double gradient_scale) {
  const size_t count = parameters.size();
  TORCH_CHECK_VALUE(gradients.size() == count && first_moments.size() == count && second_moments.size() == count &&
                        copies.size() == count,
                    "adamw_: the lists must have one length");
  TORCH_CHECK_VALUE(step >= 1, "adamw_: step counts from 1");
  for (size_t i = 0; i < count; ++i) {
    for (const Tensor& tensor : {parameters[i], gradients[i], first_moments[i], second_moments[i]}) {
      TORCH_CHECK_TYPE(tensor.scalar_type() == at::kFloat, "adamw_: parameters, gradients and moments must be float32");
      TORCH_CHECK_VALUE(tensor.is_contiguous() && tensor.sizes() == parameters[i].sizes() && tensor.device().is_cpu(),
                        "adamw_: tensors must be contiguous, on the CPU and of their parameter's shape");
    }
    const std::optional<Tensor> copy = copies.get(i);
    TORCH_CHECK_VALUE(!copy || (copy->scalar_type() == at::kBFloat16 && copy->is_contiguous() && copy->device().is_cpu() &&
                                copy->sizes() == parameters[i].sizes()),
                      "adamw_: a copy must be bfloat16, contiguous and of its parameter's shape");
  }
  const AdamWCoefficients coefficients =
      adamw_coefficients(step, learning_rate, beta1, beta2, epsilon, weight_decay, gradient_scale);
  for (size_t i = 0; i < count; ++i) {
    float* parameter = parameters[i].mutable_data_ptr<float>();
    const float* gradient = gradients[i].const_data_ptr<float>();
    float* first = first_moments[i].mutable_data_ptr<float>();
    float* second = second_moments[i].mutable_data_ptr<float>();
    const std::optional<Tensor> copy = copies.get(i);
    at::BFloat16* narrow = copy ? copy->mutable_data_ptr<at::BFloat16>() : nullptr;
    at::parallel_for(0, parameters[i].numel(), 1 << 14, [&](int64_t begin, int64_t end) {
      update(parameter, gradient, first, second, narrow, begin, end, coefficients);
    });
  }
}

}  // namespace

void define_adamw(torch::Library& library) {
  library.def(
      "adamw_(Tensor(a!)[] parameters, Tensor[] gradients, Tensor(b!)[] first_moments, Tensor(c!)[] second_moments, "
      "Tensor(d!)?[] copies, *, int step, float lr, float beta1, float beta2, float eps, float weight_decay, "
      "float gradient_scale=1) -> ()");
  library.impl("adamw_", c10::DispatchKey::CPU, TORCH_FN(adamw_));
}

}  // namespace kernels

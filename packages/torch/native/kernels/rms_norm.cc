// Root-mean-square normalisation over the last dimension (Zhang and Sennrich, arXiv 1910.07467), alone and behind the
// addition of a residual: x / sqrt(mean(x^2) + eps) * weight, computed in float32 (float64 for float64).
#include <ATen/Dispatch.h>
#include <torch/csrc/autograd/custom_function.h>

#include <tuple>

#include "float_arguments.h"
#include "kernels.h"
#include "rms_row.h"

namespace kernels {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void check_norm(const char* kernel, const at::Tensor& input, const at::Tensor& weight, double eps) {
  check_float(kernel, "input", input);
  check_float(kernel, "weight", weight);
  check_same_device(kernel, "weight", weight, input);
  TORCH_CHECK_VALUE(input.dim() >= 1, kernel, ": input must have a dimension to normalise over");
  TORCH_CHECK_VALUE(weight.dim() == 1 && weight.size(0) == input.size(-1), kernel, ": weight must be of shape (",
                    input.size(-1), "), the input's last dimension, not ", weight.sizes());
  check_eps(kernel, eps);
}

void check_add_norm(const at::Tensor& input, const at::Tensor& residual, const at::Tensor& weight, double eps) {
  check_norm("add_rms_norm", input, weight, eps);
  check_twin("add_rms_norm", "residual", residual, input);
}

struct Normed {
  at::Tensor input;       // contiguous
  at::Tensor output;
  at::Tensor reciprocal;  // 1 / rms of each row, in the wide type
};

int64_t row_count(const at::Tensor& tensor) { return tensor.numel() == 0 ? 0 : tensor.numel() / tensor.size(-1); }

int64_t grain(int64_t size) { return 1 + at::internal::GRAIN_SIZE / std::max<int64_t>(size, 1); }

// `weight` is of the wide type. With a residual, `input` becomes the sum, rounded before it is normalised.
Normed forward_rows(const at::Tensor& given, const at::Tensor* residual, const at::Tensor& given_weight, double eps) {
  at::Tensor addend = readable(given);
  at::Tensor other = residual ? readable(*residual) : at::Tensor();
  at::Tensor input = residual ? at::empty_like(addend) : addend;
  at::Tensor weight = readable(given_weight);
  at::Tensor output = at::empty_like(addend);
  const int64_t rows = row_count(addend), size = addend.size(-1);
  at::Tensor reciprocal = at::empty({rows}, weight.options());
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, addend.scalar_type(), "rms_norm", [&] {
    using T = scalar_t;
    const T* addends = addend.const_data_ptr<T>();
    const T* others = residual ? other.const_data_ptr<T>() : nullptr;
    T* sums = residual ? input.mutable_data_ptr<T>() : nullptr;
    const T* inputs = residual ? sums : addends;
    const Wide<T>* weights = weight.const_data_ptr<Wide<T>>();
    Wide<T>* reciprocals = reciprocal.mutable_data_ptr<Wide<T>>();
    T* outputs = output.mutable_data_ptr<T>();
    at::parallel_for(0, rows, grain(size), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t at = row * size;
        if (sums) {
          for_lanes<T>(size, [&](int64_t start, auto count) {
            store(sums + at + start, load(addends + at + start, count) + load(others + at + start, count), count);
          });
        }
        reciprocals[row] = reciprocal_rms(inputs + at, size, eps);
        normalise_row(inputs + at, weights, reciprocals[row], outputs + at, size);
      }
    });
  });
  return {input, output, reciprocal};
}

// (input's gradient, weight's gradient, undefined unless wanted); `sum_gradient` may be undefined.
std::tuple<at::Tensor, at::Tensor> backward_rows(const at::Tensor& given_gradient, const at::Tensor& given_sum_gradient,
                                                 const at::Tensor& given_input, const at::Tensor& given_weight,
                                                 const at::Tensor& reciprocal, bool weight_wanted) {
  at::Tensor gradient = readable(given_gradient);
  at::Tensor sum_gradient = given_sum_gradient.defined() ? readable(given_sum_gradient) : at::Tensor();
  at::Tensor input = readable(given_input);
  at::Tensor weight = readable(given_weight);
  at::Tensor input_gradient = at::empty_like(input);
  at::Tensor weight_gradient;
  const int64_t rows = row_count(input), size = input.size(-1);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, input.scalar_type(), "rms_norm_backward", [&] {
    using T = scalar_t;
    const T* gradients = gradient.const_data_ptr<T>();
    const T* sum_gradients = sum_gradient.defined() ? sum_gradient.const_data_ptr<T>() : nullptr;
    const T* inputs = input.const_data_ptr<T>();
    const Wide<T>* weights = weight.const_data_ptr<Wide<T>>();
    const Wide<T>* reciprocals = reciprocal.const_data_ptr<Wide<T>>();
    T* input_gradients = input_gradient.mutable_data_ptr<T>();
    weight_gradient =
        sum_over_rows<T>(rows, size, size, weight.scalar_type(), weight_wanted, [&](int64_t row, Wide<T>* sums) {
          const int64_t at = row * size;
          normalise_row_backward(gradients + at, inputs + at, weights, reciprocals[row],
                                 sum_gradients ? sum_gradients + at : nullptr, input_gradients + at, sums, size);
        });
  });
  return {input_gradient, weight_gradient};
}

struct RmsNorm : torch::autograd::Function<RmsNorm> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& weight, double eps) {
    Normed normed = forward_rows(input, nullptr, weight, eps);
    context->save_for_backward({input, weight, normed.reciprocal});
    return normed.output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    check_first_derivative("rms_norm");
    const variable_list saved = context->get_saved_variables();
    auto [input_gradient, weight_gradient] =
        backward_rows(gradients[0], at::Tensor(), saved[0], saved[1], saved[2], context->needs_input_grad(1));
    return {input_gradient, weight_gradient, at::Tensor()};
  }
};

struct AddRmsNorm : torch::autograd::Function<AddRmsNorm> {
  static variable_list forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& residual,
                               const at::Tensor& weight, double eps) {
    Normed normed = forward_rows(input, &residual, weight, eps);
    context->set_materialize_grads(false);
    context->save_for_backward({normed.input, weight, normed.reciprocal});
    return {normed.input, normed.output};
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    check_first_derivative("add_rms_norm");
    const at::Tensor &sum_gradient = gradients[0], &normed_gradient = gradients[1];
    if (!normed_gradient.defined()) return {sum_gradient, sum_gradient, at::Tensor(), at::Tensor()};
    const variable_list saved = context->get_saved_variables();
    auto [input_gradient, weight_gradient] =
        backward_rows(normed_gradient, sum_gradient, saved[0], saved[1], saved[2], context->needs_input_grad(2));
    return {input_gradient, input_gradient, weight_gradient, at::Tensor()};
  }
};

at::Tensor rms_norm(const at::Tensor& input, const at::Tensor& weight, double eps) {
  check_norm("rms_norm", input, weight, eps);
  return forward_rows(input, nullptr, weight.to(wide_type(input)), eps).output;
}

at::Tensor rms_norm_recorded(const at::Tensor& input, const at::Tensor& weight, double eps) {
  check_norm("rms_norm", input, weight, eps);
  return RmsNorm::apply(input, weight.to(wide_type(input)), eps);
}

at::Tensor rms_norm_composed(const at::Tensor& input, const at::Tensor& weight, double eps) {
  check_norm("rms_norm", input, weight, eps);
  const at::ScalarType wide = wide_type(input);
  return at::rms_norm(input.to(wide), weight.sizes(), weight.to(wide), eps).to(input.scalar_type());
}

std::tuple<at::Tensor, at::Tensor> add_rms_norm(const at::Tensor& input, const at::Tensor& residual,
                                                const at::Tensor& weight, double eps) {
  check_add_norm(input, residual, weight, eps);
  Normed normed = forward_rows(input, &residual, weight.to(wide_type(input)), eps);
  return {normed.input, normed.output};
}

std::tuple<at::Tensor, at::Tensor> add_rms_norm_recorded(const at::Tensor& input, const at::Tensor& residual,
                                                         const at::Tensor& weight, double eps) {
  check_add_norm(input, residual, weight, eps);
  variable_list results = AddRmsNorm::apply(input, residual, weight.to(wide_type(input)), eps);
  return {results[0], results[1]};
}

std::tuple<at::Tensor, at::Tensor> add_rms_norm_composed(const at::Tensor& input, const at::Tensor& residual,
                                                         const at::Tensor& weight, double eps) {
  check_add_norm(input, residual, weight, eps);
  at::Tensor sum = input + residual;
  return {sum, rms_norm_composed(sum, weight, eps)};
}

}  // namespace

// rms_norm(input (..., D), weight (D)) -> (..., D), and add_rms_norm -> (input + residual, its rms_norm). The weight may
// have another floating-point dtype than the input; its gradient has the weight's. Backward keeps the input (the sum),
// the weight and one number for each row. The weight's gradient is summed in an order that does not depend on threads.
// The overloads `composed` are what other devices than CPU use: the same functions of ATen operators.
void define_rms_norm(torch::Library& library) {
  library.def("rms_norm(Tensor input, Tensor weight, float eps) -> Tensor");
  library.def("rms_norm.composed(Tensor input, Tensor weight, float eps) -> Tensor");
  library.impl("rms_norm", c10::DispatchKey::CPU, TORCH_FN(rms_norm));
  library.impl("rms_norm", c10::DispatchKey::AutogradCPU, TORCH_FN(rms_norm_recorded));
  library.impl("rms_norm", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(rms_norm_composed));
  library.impl("rms_norm.composed", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(rms_norm_composed));
  library.def("add_rms_norm(Tensor input, Tensor residual, Tensor weight, float eps) -> (Tensor sum, Tensor normed)");
  library.def("add_rms_norm.composed(Tensor input, Tensor residual, Tensor weight, float eps) -> (Tensor sum, Tensor normed)");
  library.impl("add_rms_norm", c10::DispatchKey::CPU, TORCH_FN(add_rms_norm));
  library.impl("add_rms_norm", c10::DispatchKey::AutogradCPU, TORCH_FN(add_rms_norm_recorded));
  library.impl("add_rms_norm", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(add_rms_norm_composed));
  library.impl("add_rms_norm.composed", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(add_rms_norm_composed));
}

}  // namespace kernels

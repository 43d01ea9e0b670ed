// Matrix products whose weight gradient is added straight into the parameter's `grad`, in its precision: no gradient of a
// weight ever exists beside it. Where there is no `grad` yet it is made, so that gradients take up memory only from the
// backward pass, which frees activations meanwhile, to the update.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/cpu/vec/vec.h>
#include <torch/csrc/autograd/custom_function.h>

#include "float_arguments.h"
#include "kernels.h"

namespace kernels {

namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Part of a narrow product that is added while it lies in the cache.
constexpr int64_t kProductBytes = int64_t{2} << 20;

// sum (float32) += addend (bfloat16), or sum = addend; both contiguous.
template <bool accumulate>
void add_bfloat16(const Tensor& sum, const Tensor& addend) {
  float* sum_data = sum.mutable_data_ptr<float>();
  const at::BFloat16* addend_data = addend.const_data_ptr<at::BFloat16>();
  using Wide = at::vec::Vectorized<float>;
  using Narrow = at::vec::Vectorized<at::BFloat16>;
  const auto add = [](float* to, const Wide& values) {
    if constexpr (accumulate) (Wide::loadu(to) + values).store(to);
    else values.store(to);
  };
  at::parallel_for(0, sum.numel(), 1 << 15, [&](int64_t begin, int64_t end) {
    int64_t at = begin;
    for (; at + Narrow::size() <= end; at += Narrow::size()) {
      auto [low, high] = at::vec::convert_bfloat16_float(Narrow::loadu(addend_data + at));
      add(sum_data + at, low);
      add(sum_data + at + Wide::size(), high);
    }
    for (; at < end; ++at) sum_data[at] = (accumulate ? sum_data[at] : 0) + static_cast<float>(addend_data[at]);
  });
}

// sum (M, N) += left (M, K) right (K, N), where the sum may be wider than the factors; or sum = left right, whatever it held.
void add_product(const Tensor& sum, const Tensor& left, const Tensor& right, bool accumulate) {
  if (left.scalar_type() == sum.scalar_type()) {
    sum.addmm_(left, right, /*beta=*/accumulate ? 1 : 0);
    return;
  }
  const bool in_blocks = sum.device().is_cpu() && sum.is_contiguous() && sum.scalar_type() == at::kFloat &&
                         left.scalar_type() == at::kBFloat16;
  if (!in_blocks) {
    if (accumulate) sum.add_(at::mm(left, right));
    else sum.copy_(at::mm(left, right));
    return;
  }
  const int64_t rows = left.size(0);
  const int64_t fit = std::max<int64_t>(64, kProductBytes / (2 * std::max<int64_t>(1, right.size(1))));
  const int64_t blocks = (rows + fit - 1) / fit;
  const Tensor buffer = at::empty({std::min(fit, rows), right.size(1)}, left.options());
  for (int64_t block = 0; block < blocks; ++block) {
    const int64_t start = block * rows / blocks;
    const int64_t length = (block + 1) * rows / blocks - start;
    Tensor product = buffer.narrow(0, 0, length);
    at::mm_out(product, left.narrow(0, start, length), right);
    if (accumulate) add_bfloat16<true>(sum.narrow(0, start, length), product);
    else add_bfloat16<false>(sum.narrow(0, start, length), product);
  }
}

Tensor& add_product_(Tensor& sum, const Tensor& left, const Tensor& right, bool accumulate) {
  TORCH_CHECK_VALUE(sum.dim() == 2 && left.dim() == 2 && right.dim() == 2, "add_product_: all must be matrices");
  TORCH_CHECK_VALUE(left.size(0) == sum.size(0) && right.size(1) == sum.size(1) && left.size(1) == right.size(0),
                    "add_product_: ", left.sizes(), " times ", right.sizes(), " does not fit into ", sum.sizes());
  TORCH_CHECK_TYPE(left.scalar_type() == right.scalar_type(), "add_product_: the factors must have one dtype");
  TORCH_CHECK_TYPE(at::isFloatingType(sum.scalar_type()) && at::isFloatingType(left.scalar_type()),
                   "add_product_: all must hold floating-point numbers");
  TORCH_CHECK_VALUE(sum.device() == left.device() && sum.device() == right.device(), "add_product_: all must be on one device");
  add_product(sum, left, right, accumulate);
  return sum;
}

void check_parameter(const char* operation, const Tensor& parameter, at::IntArrayRef shape) {
  TORCH_CHECK_VALUE(parameter.is_leaf() && parameter.requires_grad(), operation, ": parameter must be a leaf that records gradients");
  TORCH_CHECK_VALUE(parameter.sizes() == shape, operation, ": parameter must have the weight's shape");
}

class Linear : public torch::autograd::Function<Linear> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& weight, const Tensor& parameter) {
    at::AutoDispatchBelowADInplaceOrView below_autograd;
    check_parameter("linear", parameter, weight.sizes());
    context->save_for_backward({input, weight});
    context->saved_data["parameter"] = parameter;
    return at::linear(input, weight);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    check_first_derivative("linear");
    const auto saved = context->get_saved_variables();
    const Tensor& input = saved[0];
    const Tensor& weight = saved[1];
    const Tensor output_gradient = gradients[0].reshape({-1, weight.size(0)});
    const Tensor parameter = context->saved_data["parameter"].toTensor();
    Tensor& sum = parameter.mutable_grad();
    const bool accumulate = sum.defined();
    if (!accumulate) sum = at::empty(parameter.sizes(), parameter.options());
    add_product(sum, output_gradient.t(), input.reshape({-1, weight.size(1)}), accumulate);
    Tensor input_gradient;
    if (context->needs_input_grad(0)) input_gradient = at::mm(output_gradient, weight).view(input.sizes());
    return {input_gradient, Tensor(), Tensor()};
  }
};

Tensor linear(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& parameter) {
  TORCH_CHECK_VALUE(weight.dim() == 2 && input.dim() >= 1 && input.size(-1) == weight.size(1), "linear: ", input.sizes(),
                    " does not fit the weight ", weight.sizes());
  TORCH_CHECK_TYPE(input.scalar_type() == weight.scalar_type() && at::isFloatingType(weight.scalar_type()),
                   "linear: input and weight must have one floating-point dtype");
  if (!parameter || !at::GradMode::is_enabled()) return at::linear(input, weight);
  return Linear::apply(input, weight.detach(), *parameter);
}

class Embedding : public torch::autograd::Function<Embedding> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& parameter, const Tensor& indices, at::ScalarType dtype,
                        int64_t padding_index) {
    at::AutoDispatchBelowADInplaceOrView below_autograd;
    check_parameter("embedding", parameter, parameter.sizes());
    context->save_for_backward({indices});
    context->saved_data["parameter"] = parameter;
    context->saved_data["padding_index"] = padding_index;
    return at::index_select(parameter, 0, indices).to(dtype);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    check_first_derivative("embedding");
    const Tensor indices = context->get_saved_variables()[0];
    const Tensor parameter = context->saved_data["parameter"].toTensor();
    Tensor& sum = parameter.mutable_grad();
    if (!sum.defined()) sum = at::zeros(parameter.sizes(), parameter.options());
    const int64_t padding_index = context->saved_data["padding_index"].toInt();
    Tensor rows = gradients[0].to(sum.scalar_type());
    if (padding_index >= 0) rows = rows.masked_fill(indices.eq(padding_index).unsqueeze(1), 0);
    sum.index_add_(0, indices, rows);
    return {Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

Tensor embedding(const Tensor& parameter, const Tensor& indices, at::ScalarType dtype, int64_t padding_index) {
  TORCH_CHECK_VALUE(parameter.dim() == 2 && indices.dim() == 1, "embedding: parameter must be a matrix, indices a list");
  TORCH_CHECK_TYPE(indices.scalar_type() == at::kLong, "embedding: indices must be int64");
  TORCH_CHECK_TYPE(at::isFloatingType(parameter.scalar_type()) && at::isFloatingType(dtype),
                   "embedding: parameter and result must hold floating-point numbers");
  if (!at::GradMode::is_enabled()) return at::index_select(parameter, 0, indices).to(dtype);
  return Embedding::apply(parameter, indices, dtype, padding_index);
}

}  // namespace

void define_linear(torch::Library& library) {
  library.def("add_product_(Tensor(a!) sum, Tensor left, Tensor right, *, bool accumulate=True) -> Tensor(a!)");
  library.impl("add_product_", c10::DispatchKey::CompositeExplicitAutograd, TORCH_FN(add_product_));
  library.def("linear(Tensor input, Tensor weight, Tensor? parameter=None) -> Tensor");
  library.impl("linear", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(linear));
  library.def("embedding(Tensor parameter, Tensor indices, *, ScalarType dtype, int padding_index=-1) -> Tensor");
  library.impl("embedding", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(embedding));
}

}  // namespace kernels

// Rotary position embedding (Su et al., arXiv 2104.09864) of attention heads in the half-split layout: plane i is the pair
// (i, i + D / 2). With a weight, each head is normalised by its root mean square first (query and key norm).
#include <ATen/Dispatch.h>
#include <torch/csrc/autograd/custom_function.h>

#include <optional>
#include <tuple>
#include <vector>

#include "float_arguments.h"
#include "kernels.h"
#include "rms_row.h"

namespace kernels {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void check_rotary(const at::Tensor& heads, const at::Tensor& cosine, const at::Tensor& sine,
                  const std::optional<at::Tensor>& weight, double eps) {
  check_float("rotary", "heads", heads);
  TORCH_CHECK_VALUE(heads.dim() == 3 && heads.size(2) % 2 == 0, "rotary: heads must be of shape (T, H, D) with D even, not ",
                    heads.sizes());
  for (const auto& [name, table] : {std::pair{"cosine", &cosine}, std::pair{"sine", &sine}}) {
    check_float("rotary", name, *table);
    check_same_device("rotary", name, *table, heads);
    TORCH_CHECK_VALUE(table->dim() == 2 && table->size(0) == heads.size(0) && table->size(1) == heads.size(2) / 2, "rotary: ",
                      name, " must be of shape (", heads.size(0), ", ", heads.size(2) / 2, "), not ", table->sizes());
    TORCH_CHECK_VALUE(!table->requires_grad(), "rotary: ", name, " is a constant and cannot require gradients");
  }
  check_eps("rotary", eps);
  if (!weight) return;
  check_float("rotary", "weight", *weight);
  check_same_device("rotary", "weight", *weight, heads);
  TORCH_CHECK_VALUE(weight->dim() == 1 && weight->size(0) == heads.size(2), "rotary: weight must be of shape (", heads.size(2),
                    "), not ", weight->sizes());
}

// Turns each plane by the angles of cosine and sine (D / 2), or back.
template <typename From, typename To>
inline void rotate_row(const From* from, const Wide<From>* cosine, const Wide<From>* sine, bool back, To* to, int64_t half) {
  const Lanes<From> sign(back ? -1 : 1);
  for_lanes<From>(half, [&](int64_t start, auto count) {
    Lanes<From> x = load(from + start, count), y = load(from + half + start, count);
    Lanes<From> c = load(cosine + start, count), s = load(sine + start, count) * sign;
    store(to + start, x * c - y * s, count);
    store(to + half + start, y * c + x * s, count);
  });
}

int64_t grain(const at::Tensor& heads) { return 1 + at::internal::GRAIN_SIZE / std::max<int64_t>(heads.size(2), 1); }

int64_t row_count(const at::Tensor& heads) { return heads.numel() == 0 ? 0 : heads.size(0) * heads.size(1); }

// (rotated heads, 1 / rms of each head where they are normalised). Tables and weight are of the wide type.
std::tuple<at::Tensor, at::Tensor> forward_rows(const at::Tensor& given, const at::Tensor& given_cosine,
                                                const at::Tensor& given_sine, const std::optional<at::Tensor>& given_weight,
                                                double eps) {
  at::Tensor heads = readable(given), cosine = readable(given_cosine), sine = readable(given_sine);
  at::Tensor weight = given_weight ? readable(*given_weight) : at::Tensor();
  at::Tensor output = at::empty_like(heads);
  const int64_t rows = row_count(heads), heads_per_token = heads.size(1), half = heads.size(2) / 2, size = 2 * half;
  at::Tensor reciprocal = weight.defined() ? at::empty({rows}, weight.options()) : at::Tensor();
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, heads.scalar_type(), "rotary", [&] {
    using T = scalar_t;
    const T* inputs = heads.const_data_ptr<T>();
    const Wide<T>* cosines = cosine.const_data_ptr<Wide<T>>();
    const Wide<T>* sines = sine.const_data_ptr<Wide<T>>();
    const Wide<T>* weights = weight.defined() ? weight.const_data_ptr<Wide<T>>() : nullptr;
    Wide<T>* reciprocals = weights ? reciprocal.mutable_data_ptr<Wide<T>>() : nullptr;
    T* outputs = output.mutable_data_ptr<T>();
    at::parallel_for(0, rows, grain(heads), [&](int64_t begin, int64_t end) {
      std::vector<Wide<T>> normed(weights ? size : 0);
      for (int64_t row = begin; row < end; ++row) {
        const T* input = inputs + row * size;
        const int64_t angle = row / heads_per_token * half;
        if (weights) {
          reciprocals[row] = reciprocal_rms(input, size, eps);
          normalise_row(input, weights, reciprocals[row], normed.data(), size);
          rotate_row(normed.data(), cosines + angle, sines + angle, false, outputs + row * size, half);
        } else {
          rotate_row(input, cosines + angle, sines + angle, false, outputs + row * size, half);
        }
      }
    });
  });
  return {output, reciprocal};
}

at::Tensor rotate_back(const at::Tensor& given_gradient, const at::Tensor& given_cosine, const at::Tensor& given_sine) {
  at::Tensor gradient = readable(given_gradient), cosine = readable(given_cosine), sine = readable(given_sine);
  at::Tensor result = at::empty_like(gradient);
  const int64_t rows = row_count(gradient), heads_per_token = gradient.size(1), half = gradient.size(2) / 2, size = 2 * half;
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, gradient.scalar_type(), "rotary_backward", [&] {
    using T = scalar_t;
    const T* gradients = gradient.const_data_ptr<T>();
    const Wide<T>* cosines = cosine.const_data_ptr<Wide<T>>();
    const Wide<T>* sines = sine.const_data_ptr<Wide<T>>();
    T* results = result.mutable_data_ptr<T>();
    at::parallel_for(0, rows, grain(gradient), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t angle = row / heads_per_token * half;
        rotate_row(gradients + row * size, cosines + angle, sines + angle, true, results + row * size, half);
      }
    });
  });
  return result;
}

std::tuple<at::Tensor, at::Tensor> backward_normed_rows(const at::Tensor& given_gradient, const at::Tensor& given,
                                                        const at::Tensor& given_cosine, const at::Tensor& given_sine,
                                                        const at::Tensor& given_weight, const at::Tensor& reciprocal,
                                                        bool weight_wanted) {
  at::Tensor gradient = readable(given_gradient), heads = readable(given);
  at::Tensor cosine = readable(given_cosine), sine = readable(given_sine), weight = readable(given_weight);
  at::Tensor heads_gradient = at::empty_like(heads);
  at::Tensor weight_gradient;
  const int64_t tokens = heads.numel() == 0 ? 0 : heads.size(0);
  const int64_t heads_per_token = heads.size(1), half = heads.size(2) / 2, size = 2 * half;
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, heads.scalar_type(), "rotary_backward", [&] {
    using T = scalar_t;
    const T* gradients = gradient.const_data_ptr<T>();
    const T* inputs = heads.const_data_ptr<T>();
    const Wide<T>* cosines = cosine.const_data_ptr<Wide<T>>();
    const Wide<T>* sines = sine.const_data_ptr<Wide<T>>();
    const Wide<T>* weights = weight.const_data_ptr<Wide<T>>();
    const Wide<T>* reciprocals = reciprocal.const_data_ptr<Wide<T>>();
    T* heads_gradients = heads_gradient.mutable_data_ptr<T>();
    weight_gradient = sum_over_rows<T>(
        tokens, heads_per_token * size, size, weight.scalar_type(), weight_wanted, [&](int64_t token, Wide<T>* sums) {
          std::vector<Wide<T>> turned(size);
          for (int64_t row = token * heads_per_token; row < (token + 1) * heads_per_token; ++row) {
            const int64_t at = row * size;
            rotate_row(gradients + at, cosines + token * half, sines + token * half, true, turned.data(), half);
            normalise_row_backward<T>(turned.data(), inputs + at, weights, reciprocals[row], nullptr, heads_gradients + at,
                                      sums, size);
          }
        });
  });
  return {heads_gradient, weight_gradient};
}

struct Rotary : torch::autograd::Function<Rotary> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& heads, const at::Tensor& cosine,
                            const at::Tensor& sine) {
    context->save_for_backward({cosine, sine});
    return std::get<0>(forward_rows(heads, cosine, sine, std::nullopt, 0));
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    check_first_derivative("rotary");
    const variable_list saved = context->get_saved_variables();
    return {rotate_back(gradients[0], saved[0], saved[1]), at::Tensor(), at::Tensor()};
  }
};

struct NormedRotary : torch::autograd::Function<NormedRotary> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& heads, const at::Tensor& cosine,
                            const at::Tensor& sine, const at::Tensor& weight, double eps) {
    auto [output, reciprocal] = forward_rows(heads, cosine, sine, weight, eps);
    context->save_for_backward({heads, cosine, sine, weight, reciprocal});
    return output;
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    check_first_derivative("rotary");
    const variable_list saved = context->get_saved_variables();
    auto [heads_gradient, weight_gradient] = backward_normed_rows(gradients[0], saved[0], saved[1], saved[2], saved[3],
                                                                  saved[4], context->needs_input_grad(3));
    return {heads_gradient, at::Tensor(), at::Tensor(), weight_gradient, at::Tensor()};
  }
};

at::Tensor rotary(const at::Tensor& heads, const at::Tensor& cosine, const at::Tensor& sine,
                  const std::optional<at::Tensor>& weight, double eps) {
  check_rotary(heads, cosine, sine, weight, eps);
  const at::ScalarType wide = wide_type(heads);
  auto wide_weight = weight ? std::optional(weight->to(wide)) : std::nullopt;
  return std::get<0>(forward_rows(heads, cosine.to(wide), sine.to(wide), wide_weight, eps));
}

at::Tensor rotary_recorded(const at::Tensor& heads, const at::Tensor& cosine, const at::Tensor& sine,
                           const std::optional<at::Tensor>& weight, double eps) {
  check_rotary(heads, cosine, sine, weight, eps);
  const at::ScalarType wide = wide_type(heads);
  if (!weight) return Rotary::apply(heads, cosine.to(wide), sine.to(wide));
  return NormedRotary::apply(heads, cosine.to(wide), sine.to(wide), weight->to(wide), eps);
}

at::Tensor rotary_composed(const at::Tensor& heads, const at::Tensor& cosine, const at::Tensor& sine,
                           const std::optional<at::Tensor>& weight, double eps) {
  check_rotary(heads, cosine, sine, weight, eps);
  const at::ScalarType wide = wide_type(heads);
  at::Tensor input = heads.to(wide);
  if (weight) input = at::rms_norm(input, weight->sizes(), weight->to(wide), eps);
  const int64_t half = heads.size(2) / 2;
  at::Tensor x = input.narrow(2, 0, half), y = input.narrow(2, half, half);
  at::Tensor c = cosine.to(wide).unsqueeze(1), s = sine.to(wide).unsqueeze(1);
  return at::cat({x * c - y * s, y * c + x * s}, 2).to(heads.scalar_type());
}

}  // namespace

// rotary(heads (T, H, D), cosine and sine (T, D / 2) of each token's angles, weight (D) or none, eps of the norm) ->
// (T, H, D), computed in float32 (float64 for float64). Tables and weight may have another floating-point dtype than the
// heads. The weight's gradient is summed in an order that does not depend on threads. The overload `composed` is what other
// devices than CPU use: the same function of ATen operators.
void define_rotary(torch::Library& library) {
  library.def("rotary(Tensor heads, Tensor cosine, Tensor sine, Tensor? weight=None, float eps=0) -> Tensor");
  library.def("rotary.composed(Tensor heads, Tensor cosine, Tensor sine, Tensor? weight=None, float eps=0) -> Tensor");
  library.impl("rotary", c10::DispatchKey::CPU, TORCH_FN(rotary));
  library.impl("rotary", c10::DispatchKey::AutogradCPU, TORCH_FN(rotary_recorded));
  library.impl("rotary", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(rotary_composed));
  library.impl("rotary.composed", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(rotary_composed));
}

}  // namespace kernels

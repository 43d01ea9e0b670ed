// Dropout whose mask is a function of keys: the backward pass makes it again instead of keeping it, and a token loses the
// same elements wherever it stands in a batch.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <array>
#include <vector>

#include "float_arguments.h"
#include "kernels.h"
#include "philox.h"

namespace kernels {

namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// What is kept is divided by the share that is kept; an element is dropped where its number in [0, 1) is below `probability`.
Tensor masked(const Tensor& values, const Tensor& keys, double probability, int64_t stream) {
  const double scale = 1 / (1 - probability);
  if (!values.device().is_cpu()) {
    static const auto uniform = c10::Dispatcher::singleton()
                                    .findSchemaOrThrow("otr::philox_uniform", "")
                                    .typed<Tensor(const Tensor&, int64_t)>();
    const Tensor streamed = at::cat({keys.narrow(1, 0, 1).bitwise_xor(stream), keys.narrow(1, 1, 3)}, 1);
    return values * uniform.call(streamed, values.size(1)).ge(probability).to(values.scalar_type()).mul_(scale);
  }
  const Tensor source = values.contiguous();
  Tensor output = at::empty_like(source);
  const int64_t width = source.size(1);
  const int64_t* key_data = keys.const_data_ptr<int64_t>();
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, source.scalar_type(), "keyed_dropout", [&] {
    const scalar_t* from = source.const_data_ptr<scalar_t>();
    scalar_t* to = output.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, source.size(0), 1 + 4096 / std::max<int64_t>(width, 1), [&](int64_t begin, int64_t end) {
      std::vector<float> uniforms(width);
      for (int64_t row = begin; row < end; ++row) {
        std::array<int64_t, 4> key;
        std::copy_n(key_data + 4 * row, 4, key.begin());
        key[0] ^= stream;
        fill_uniform(key.data(), width, uniforms.data());
        for (int64_t column = 0; column < width; ++column) {
          const int64_t at = row * width + column;
          to[at] = uniforms[column] < static_cast<float>(probability) ? scalar_t(0) : static_cast<scalar_t>(from[at] * static_cast<scalar_t>(scale));
        }
      }
    });
  });
  return output;
}

class KeyedDropout : public torch::autograd::Function<KeyedDropout> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& keys, double probability, int64_t stream) {
    at::AutoDispatchBelowADInplaceOrView below_autograd;
    context->save_for_backward({keys});
    context->saved_data["probability"] = probability;
    context->saved_data["stream"] = stream;
    return masked(input, keys, probability, stream);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    check_first_derivative("keyed_dropout");
    const Tensor keys = context->get_saved_variables()[0];
    const double probability = context->saved_data["probability"].toDouble();
    return {masked(gradients[0], keys, probability, context->saved_data["stream"].toInt()), Tensor(), Tensor(), Tensor()};
  }
};

// Streams of one key are independent of each other.
Tensor keyed_dropout(const Tensor& input, const Tensor& keys, double probability, int64_t stream) {
  TORCH_CHECK_VALUE(probability >= 0 && probability < 1, "keyed_dropout: probability must be in [0, 1)");
  TORCH_CHECK_VALUE(input.dim() == 2 && keys.dim() == 2 && input.size(0) == keys.size(0), "keyed_dropout: ", input.sizes(),
                    " must have a key for each row, not keys of ", keys.sizes());
  TORCH_CHECK_TYPE(at::isFloatingType(input.scalar_type()), "keyed_dropout: input must hold floating-point numbers");
  if (!keys.device().is_cpu()) {
    check_key_shape(keys, "keyed_dropout");
    return KeyedDropout::apply(input, keys, probability, stream);
  }
  return KeyedDropout::apply(input, checked_keys(keys, "keyed_dropout"), probability, stream);
}

}  // namespace

void define_keyed_dropout(torch::Library& library) {
  library.def("keyed_dropout(Tensor input, Tensor keys, float probability, *, int stream=0) -> Tensor");
  library.impl("keyed_dropout", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(keyed_dropout));
}

}  // namespace kernels

// Dropout whose mask is a function of keys: the backward pass makes it again instead of keeping it, and a token loses the
// same elements wherever it stands in a batch.
#include <ATen/ATen.h>
#include <ATen/OpMathType.h>
#include <ATen/Parallel.h>
#include <ATen/cpu/vec/vec.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "float_arguments.h"
#include "kernels.h"
#include "philox.h"

namespace kernels {

namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// An element's number has 16 bits, half a word of Philox. Of 64 neighbours, number 16 w + 8 h + b takes half h of word w of
// block b: eight blocks are computed side by side, and what comes out lies in the elements' order.
constexpr int64_t kBlocks = 8;
constexpr int64_t kGroup = 8 * kBlocks;

using Words = uint32_t __attribute__((vector_size(4 * kBlocks)));
using Products = uint64_t __attribute__((vector_size(8 * kBlocks)));

struct Threshold {
  // Elements with a smaller number are dropped.
  uint32_t below;
  // What the others are multiplied by.
  float scale;
};

Threshold threshold_of(double probability) {
  const auto below = static_cast<uint32_t>(std::lround(probability * 65536));
  return {below, static_cast<float>(1 / (1 - below / 65536.0))};
}

// Philox of eight blocks from `first` on, as philox() computes them one by one; key: seed, step, row, position.
std::array<Words, 4> philox_blocks(uint32_t first, const std::array<int64_t, 4>& key) {
  Words counter[4];
  for (uint32_t lane = 0; lane < kBlocks; ++lane) {
    counter[0][lane] = first + lane;
    counter[1][lane] = static_cast<uint32_t>(key[3]);
    counter[2][lane] = static_cast<uint32_t>(key[2]);
    counter[3][lane] = static_cast<uint32_t>(key[1]);
  }
  const auto seed = static_cast<uint64_t>(key[0]);
  uint32_t low_key = static_cast<uint32_t>(seed);
  uint32_t high_key = static_cast<uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const Products left = __builtin_convertvector(counter[0], Products) * uint64_t{0xD2511F53};
    const Products right = __builtin_convertvector(counter[2], Products) * uint64_t{0xCD9E8D57};
    counter[0] = __builtin_convertvector(right >> 32, Words) ^ counter[1] ^ low_key;
    counter[1] = __builtin_convertvector(right, Words);
    counter[2] = __builtin_convertvector(left >> 32, Words) ^ counter[3] ^ high_key;
    counter[3] = __builtin_convertvector(left, Words);
    low_key += 0x9E3779B9;
    high_key += 0xBB67AE85;
  }
  return {counter[0], counter[1], counter[2], counter[3]};
}

// What each of `factors` elements, a multiple of kGroup, is multiplied by.
void fill_factors(const std::array<int64_t, 4>& key, const Threshold& threshold, std::vector<float>& factors) {
  float* to = factors.data();
  for (uint32_t group = 0; group < factors.size() / kGroup; ++group) {
    for (const Words& word : philox_blocks(group * kBlocks, key)) {
      const Words halves[2] = {word & 0xFFFF, word >> 16};
      for (const Words& half : halves) {
        for (int64_t lane = 0; lane < kBlocks; ++lane) to[lane] = half[lane] < threshold.below ? 0.0F : threshold.scale;
        to += kBlocks;
      }
    }
  }
}

// A row times its factors. What is dropped is zero even where it was not finite.
template <typename Number>
void multiply_row(const Number* from, const float* factors, Number* to, int64_t width) {
  int64_t at = 0;
  if constexpr (std::is_same_v<Number, at::BFloat16>) {
    using Narrow = at::vec::Vectorized<at::BFloat16>;
    using Wide = at::vec::Vectorized<float>;
    const Wide zero(0.0F);
    const auto product = [&](const Wide& value, const float* factor) {
      const Wide by = Wide::loadu(factor);
      return Wide::blendv(value * by, zero, by == zero);
    };
    for (; at + Narrow::size() <= width; at += Narrow::size()) {
      const auto [low, high] = at::vec::convert_bfloat16_float(Narrow::loadu(from + at));
      at::vec::convert_float_bfloat16(product(low, factors + at), product(high, factors + at + Wide::size())).store(to + at);
    }
  }
  for (; at < width; ++at) {
    to[at] = factors[at] == 0.0F ? Number(0) : static_cast<Number>(from[at] * static_cast<at::opmath_type<Number>>(factors[at]));
  }
}

Tensor masked(const Tensor& values, const Tensor& keys, double probability, int64_t stream) {
  const Threshold threshold = threshold_of(probability);
  const int64_t width = values.size(1);
  const int64_t groups = (width + kGroup - 1) / kGroup;
  if (!values.device().is_cpu()) {
    const Tensor streamed = at::cat({keys.narrow(1, 0, 1).bitwise_xor(stream), keys.narrow(1, 1, 3)}, 1);
    // By group, block, and word, and then to where the elements are.
    const Tensor words = philox_words(streamed, groups * kBlocks * 4, "keyed_dropout").view({-1, groups, kBlocks, 4}).transpose(2, 3);
    const Tensor halves = at::stack({words.bitwise_and(0xFFFF), words.bitwise_right_shift(16)}, 3);
    const Tensor dropped = halves.reshape({-1, groups * kGroup}).narrow(1, 0, width).lt(static_cast<int64_t>(threshold.below));
    return (values * threshold.scale).masked_fill_(dropped, 0);
  }
  const Tensor source = values.contiguous();
  Tensor output = at::empty_like(source);
  const int64_t* key_data = keys.const_data_ptr<int64_t>();
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, source.scalar_type(), "keyed_dropout", [&] {
    const scalar_t* from = source.const_data_ptr<scalar_t>();
    scalar_t* to = output.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, source.size(0), 1 + 4096 / std::max<int64_t>(width, 1), [&](int64_t begin, int64_t end) {
      std::vector<float> factors(groups * kGroup);
      for (int64_t row = begin; row < end; ++row) {
        std::array<int64_t, 4> key;
        std::copy_n(key_data + 4 * row, 4, key.begin());
        key[0] ^= stream;
        fill_factors(key, threshold, factors);
        multiply_row(from + row * width, factors.data(), to + row * width, width);
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

// Streams of one key are independent of each other. The probability is rounded to a multiple of 2^-16.
Tensor keyed_dropout(const Tensor& input, const Tensor& keys, double probability, int64_t stream) {
  TORCH_CHECK_VALUE(probability >= 0 && probability <= 1 - 0x1p-16, "keyed_dropout: probability must be in [0, 1)");
  TORCH_CHECK_VALUE(input.dim() == 2 && keys.dim() == 2 && input.size(0) == keys.size(0), "keyed_dropout: ", input.sizes(),
                    " must have a key for each row, not keys of ", keys.sizes());
  TORCH_CHECK_TYPE(at::isFloatingType(input.scalar_type()), "keyed_dropout: input must hold floating-point numbers");
  TORCH_CHECK_VALUE(input.device() == keys.device(), "keyed_dropout: input and keys must be on one device");
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

// Products with a bfloat16 matrix that is laid out for few rows of input: a decoding step reads every weight for a handful of
// tokens, so what counts is to read it once, in the order in which it lies, into registers that do nothing else meanwhile.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <optional>
#include <utility>

#include "float_arguments.h"
#include "float_lanes.h"
#include "kernels.h"

#ifdef __AVX512BF16__
#include <immintrin.h>
#endif

namespace kernels {

namespace {

using at::BFloat16;
using at::Tensor;

// Outputs that are computed together: a panel of the matrix holds their weights, pair after pair of inputs.
constexpr int64_t kPanel = 32;
// Rows of input that stay in the cache while the panels pass.
constexpr int64_t kRowBlock = 192;

// A register of pairs of bfloat16 numbers, and one of sums.
constexpr int64_t kRegister = 16;
typedef uint32_t Pairs __attribute__((vector_size(4 * kRegister)));
typedef float Sums __attribute__((vector_size(4 * kRegister)));

#ifdef __AVX512BF16__
// Two registers of sums a row, two of weights, and one of input: of 32.
constexpr int64_t kRows = 12;
inline Sums add_products(Sums sums, Pairs inputs, Pairs weights) {
  return (Sums)_mm512_dpbf16_ps((__m512)sums, (__m512bh)inputs, (__m512bh)weights);
}
#else
constexpr int64_t kRows = 4;
// A bfloat16 number is the upper half of the float32 number that it is.
inline Sums add_products(Sums sums, Pairs inputs, Pairs weights) {
  sums += (Sums)(inputs << 16) * (Sums)(weights << 16);
  return sums + (Sums)(inputs & 0xffff0000) * (Sums)(weights & 0xffff0000);
}
#endif

// `rows` rows of input times one panel, to `sums` (rows, kPanel).
template <int64_t rows>
void multiply_panel(const uint32_t* input, const uint32_t* panel, int64_t pairs, float* to) {
  Sums sums[rows][2] = {};
  for (int64_t pair = 0; pair < pairs; ++pair) {
    Pairs first, second;
    std::memcpy(&first, panel + pair * kPanel, sizeof first);
    std::memcpy(&second, panel + pair * kPanel + kRegister, sizeof second);
#pragma GCC unroll 12
    for (int64_t row = 0; row < rows; ++row) {
      const Pairs both = input[row * pairs + pair] - Pairs{};
      sums[row][0] = add_products(sums[row][0], both, first);
      sums[row][1] = add_products(sums[row][1], both, second);
    }
  }
  std::memcpy(to, sums, sizeof sums);
}

using MultiplyPanel = void (*)(const uint32_t*, const uint32_t*, int64_t, float*);

template <int64_t... rows>
constexpr std::array<MultiplyPanel, sizeof...(rows)> forms(std::integer_sequence<int64_t, rows...>) {
  return {multiply_panel<rows + 1>...};
}
constexpr auto kForms = forms(std::make_integer_sequence<int64_t, kRows>{});

void check_matrix(const char* kernel, const char* name, const Tensor& tensor) {
  check_float(kernel, name, tensor);
  TORCH_CHECK_TYPE(tensor.scalar_type() == at::kBFloat16, kernel, ": ", name, " must be bfloat16");
  TORCH_CHECK_VALUE(tensor.device().is_cpu(), kernel, ": ", name, " must be on the CPU, not on ", tensor.device());
}

Tensor pack_linear(const Tensor& weight) {
  check_matrix("pack_linear", "weight", weight);
  TORCH_CHECK_VALUE(weight.dim() == 2 && weight.size(0) > 0 && weight.size(1) > 0 && weight.size(1) % 2 == 0,
                    "pack_linear: weight must be of shape (outputs, inputs) with an even number of inputs, not ", weight.sizes());
  const int64_t outputs = weight.size(0), pairs = weight.size(1) / 2, panels = (outputs + kPanel - 1) / kPanel;
  const Tensor source = readable(weight);
  Tensor packed = at::empty({panels, pairs, kPanel, 2}, weight.options());
  const auto* from = static_cast<const uint32_t*>(source.const_data_ptr());
  auto* to = static_cast<uint32_t*>(packed.mutable_data_ptr());
  at::parallel_for(0, panels, 1, [&](int64_t begin, int64_t end) {
    for (int64_t panel = begin; panel < end; ++panel) {
      const int64_t count = std::min(kPanel, outputs - panel * kPanel);
      for (int64_t pair = 0; pair < pairs; ++pair) {
        uint32_t* line = to + (panel * pairs + pair) * kPanel;
        for (int64_t column = 0; column < count; ++column) line[column] = from[(panel * kPanel + column) * pairs + pair];
        std::fill(line + count, line + kPanel, 0);
      }
    }
  });
  return packed;
}

// One panel's outputs of some rows, with the bias where there is one, rounded to where they belong.
void write(const float* sums, int64_t rows, const float* bias, int64_t columns, BFloat16* to, int64_t outputs) {
  for (int64_t row = 0; row < rows; ++row) {
    for_lanes<BFloat16>(columns, [&](int64_t start, auto lanes) {
      Lanes<BFloat16> numbers = load<float>(sums + row * kPanel + start, lanes);
      if (bias != nullptr) numbers = numbers + load<float>(bias + start, lanes);
      store(to + row * outputs + start, numbers, lanes);
    });
  }
}

Tensor packed_linear(const Tensor& given_input, const Tensor& packed, int64_t outputs, const std::optional<Tensor>& bias) {
  check_matrix("packed_linear", "input", given_input);
  check_matrix("packed_linear", "packed", packed);
  TORCH_CHECK_VALUE(packed.dim() == 4 && packed.is_contiguous() && packed.size(2) == kPanel && packed.size(3) == 2 &&
                        outputs > (packed.size(0) - 1) * kPanel && outputs <= packed.size(0) * kPanel,
                    "packed_linear: packed must be what pack_linear made of a matrix of ", outputs, " rows, not of shape ",
                    packed.sizes());
  const int64_t panels = packed.size(0), pairs = packed.size(1);
  TORCH_CHECK_VALUE(given_input.dim() == 2 && given_input.size(1) == 2 * pairs, "packed_linear: input must be of shape (T, ",
                    2 * pairs, "), not ", given_input.sizes());
  Tensor wide_bias;
  if (bias && bias->defined()) {
    check_float("packed_linear", "bias", *bias);
    TORCH_CHECK_VALUE(bias->dim() == 1 && bias->size(0) == outputs && bias->device().is_cpu(),
                      "packed_linear: bias must be of shape (", outputs, ") on the CPU, not ", bias->sizes());
    wide_bias = readable(bias->to(at::kFloat));
  }
  const Tensor input = readable(given_input);
  const int64_t rows = input.size(0), row_blocks = (rows + kRowBlock - 1) / kRowBlock;
  Tensor result = at::empty({rows, outputs}, input.options());
  const auto* from = static_cast<const uint32_t*>(input.const_data_ptr());
  const auto* weights = static_cast<const uint32_t*>(packed.const_data_ptr());
  const float* addend = wide_bias.defined() ? wide_bias.const_data_ptr<float>() : nullptr;
  auto* to = result.mutable_data_ptr<BFloat16>();
  std::atomic<int64_t> next{0};
  const int64_t tasks = panels * row_blocks;
  at::parallel_for(0, std::min<int64_t>(at::get_num_threads(), tasks), 1, [&](int64_t begin, int64_t end) {
    alignas(64) float sums[kRows * kPanel];
    for (int64_t worker = begin; worker < end; ++worker) {
      for (int64_t task = next++; task < tasks; task = next++) {
        const int64_t panel = task % panels, first = task / panels * kRowBlock;
        const int64_t count = std::min(kRowBlock, rows - first), tiles = (count + kRows - 1) / kRows;
        for (int64_t tile = 0; tile < tiles; ++tile) {
          // Tiles of about one height: a low one would wait for its own sums.
          const int64_t row = first + tile * count / tiles, height = first + (tile + 1) * count / tiles - row;
          kForms[height - 1](from + row * pairs, weights + panel * pairs * kPanel, pairs, sums);
          write(sums, height, addend == nullptr ? nullptr : addend + panel * kPanel, std::min(kPanel, outputs - panel * kPanel),
                to + row * outputs + panel * kPanel, outputs);
        }
      }
    }
  });
  return result;
}

}  // namespace

// pack_linear(weight (outputs, inputs) bfloat16) -> (panels, inputs / 2, 32, 2): the weights of 32 outputs, pair after pair of
// inputs, zeros where there are fewer outputs. packed_linear(input (T, inputs), packed, outputs, bias (outputs)) ->
// (T, outputs): what at::linear computes with that matrix, summed in float32 and rounded once. On the CPU only, and not
// differentiable.
void define_packed_linear(torch::Library& library) {
  library.def("pack_linear(Tensor weight) -> Tensor");
  library.impl("pack_linear", c10::DispatchKey::CompositeExplicitAutograd, TORCH_FN(pack_linear));
  library.def("packed_linear(Tensor input, Tensor packed, int outputs, Tensor? bias=None) -> Tensor");
  library.impl("packed_linear", c10::DispatchKey::CompositeExplicitAutograd, TORCH_FN(packed_linear));
}

}  // namespace kernels

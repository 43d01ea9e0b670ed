#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "kernels.h"
#include "philox.h"

namespace kernels {

namespace {

void check_count(int64_t count) {
  TORCH_CHECK_VALUE(count >= 0 && count < (int64_t{1} << 32), "philox_uniform: count must be in [0, 2^32)");
}

// philox_uniform(keys (N, 4) int64: seed, step, row, position; count) -> (N, count) float32 in [0, 1), multiples of 2^-24.
at::Tensor philox_uniform(const at::Tensor& keys, int64_t count) {
  at::Tensor input = checked_keys(keys, "philox_uniform");
  check_count(count);
  at::Tensor output = at::empty({input.size(0), count}, at::kFloat);
  const int64_t* key_data = input.const_data_ptr<int64_t>();
  float* data = output.mutable_data_ptr<float>();
  at::parallel_for(0, input.size(0), 1 + 4096 / std::max<int64_t>(count, 1), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) fill_uniform(key_data + 4 * row, count, data + row * count);
  });
  return output;
}

constexpr int64_t kWord = 0xFFFFFFFF;

// High and low 32 bits of multiplier * word, where both factors are 32 bits wide and int64 holds 63: by halves.
std::pair<at::Tensor, at::Tensor> multiply(int64_t multiplier, const at::Tensor& word) {
  const at::Tensor upper = word.bitwise_right_shift(16).mul_(multiplier);
  const at::Tensor lower = word.bitwise_and(0xFFFF).mul_(multiplier).add_(upper.bitwise_and(0xFFFF).bitwise_left_shift_(16));
  return {upper.bitwise_right_shift(16).add_(lower.bitwise_right_shift(32)), lower.bitwise_and(kWord)};
}

at::Tensor philox_uniform_composed(const at::Tensor& keys, int64_t count) {
  check_count(count);
  return philox_words(keys, count, "philox_uniform").bitwise_right_shift(8).to(at::kFloat).mul_(0x1p-24);
}

}  // namespace

at::Tensor philox_words(const at::Tensor& keys, int64_t count, const char* name) {
  check_key_shape(keys, name);
  // Checked where the keys lie: reading them here would wait for the device.
  at::_assert_async(keys.slice(1, 1, 4).bitwise_right_shift(32).eq(0).all(), "step, row and position of a key must be in [0, 2^32)");
  const auto field = [&](int64_t index) { return keys.narrow(1, index, 1); };
  at::Tensor key[] = {field(0).bitwise_and(kWord), field(0).bitwise_right_shift(32).bitwise_and(kWord)};
  const int64_t blocks = (count + 3) / 4;
  at::Tensor counter[] = {at::arange(blocks, keys.options()).unsqueeze(0), field(3), field(2), field(1)};
  for (int round = 0; round < 10; ++round) {
    const auto [left_high, left_low] = multiply(0xD2511F53, counter[0]);
    const auto [right_high, right_low] = multiply(0xCD9E8D57, counter[2]);
    counter[0] = right_high.bitwise_xor(counter[1]).bitwise_xor(key[0]);
    counter[1] = right_low;
    counter[2] = left_high.bitwise_xor(counter[3]).bitwise_xor(key[1]);
    counter[3] = left_low;
    key[0] = key[0].add(0x9E3779B9).bitwise_and_(kWord);
    key[1] = key[1].add(0xBB67AE85).bitwise_and_(kWord);
  }
  // By now each word depends on the block and on the key: all are (N, blocks).
  return at::stack(counter, 2).view({keys.size(0), 4 * blocks}).narrow(1, 0, count);
}

// The overload `composed` is what other devices than CPU use: the same function of ATen operators, bit for bit, which waits
// for no device.
void define_philox_uniform(torch::Library& library) {
  library.def("philox_uniform(Tensor keys, int count) -> Tensor");
  library.def("philox_uniform.composed(Tensor keys, int count) -> Tensor");
  library.impl("philox_uniform", c10::DispatchKey::CPU, TORCH_FN(philox_uniform));
  library.impl("philox_uniform", c10::DispatchKey::CompositeExplicitAutograd, TORCH_FN(philox_uniform_composed));
  library.impl("philox_uniform.composed", c10::DispatchKey::CompositeExplicitAutograd, TORCH_FN(philox_uniform_composed));
}

}  // namespace kernels

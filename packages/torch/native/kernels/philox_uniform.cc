// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
// A number is a pure function of its key and counter, so draws do not depend on chunking, batching or order.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <array>

#include "kernels.h"

namespace kernels {

namespace {

std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    uint64_t left = uint64_t{0xD2511F53} * counter[0];
    uint64_t right = uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<uint32_t>(right >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(right),
               static_cast<uint32_t>(left >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(left)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

// philox_uniform(keys (N, 4) int64: seed, step, row, position; count) -> (N, count) float32 in [0, 1), multiples of 2^-24.
// The 64-bit seed is the cipher's key; the counter is (block, position, row, step), 32 bits each.
at::Tensor philox_uniform(const at::Tensor& keys, int64_t count) {
  TORCH_CHECK_TYPE(keys.scalar_type() == at::kLong, "philox_uniform: keys must be int64");
  TORCH_CHECK_VALUE(keys.dim() == 2 && keys.size(1) == 4, "philox_uniform: keys must be of shape (N, 4)");
  TORCH_CHECK_VALUE(count >= 0 && count < (int64_t{1} << 32), "philox_uniform: count must be in [0, 2^32)");
  at::Tensor input = keys.contiguous();
  at::Tensor fields = input.slice(1, 1, 4);
  TORCH_CHECK_VALUE(input.numel() == 0 || (fields.min().item<int64_t>() >= 0 && fields.max().item<int64_t>() < (int64_t{1} << 32)),
                    "philox_uniform: step, row and position must be in [0, 2^32)");
  at::Tensor output = at::empty({input.size(0), count}, at::kFloat);
  const int64_t* key_data = input.const_data_ptr<int64_t>();
  float* data = output.mutable_data_ptr<float>();
  at::parallel_for(0, input.size(0), 1 + 4096 / std::max<int64_t>(count, 1), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const int64_t* key = key_data + 4 * row;
      auto seed = static_cast<uint64_t>(key[0]);
      std::array<uint32_t, 2> cipher_key = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
      for (int64_t block = 0; block * 4 < count; ++block) {
        auto bits = philox({static_cast<uint32_t>(block), static_cast<uint32_t>(key[3]), static_cast<uint32_t>(key[2]),
                            static_cast<uint32_t>(key[1])}, cipher_key);
        for (int64_t lane = 0; lane < 4 && block * 4 + lane < count; ++lane) {
          data[row * count + block * 4 + lane] = static_cast<float>(bits[lane] >> 8) * 0x1p-24F;
        }
      }
    }
  });
  return output;
}

}  // namespace

void define_philox_uniform(torch::Library& library) {
  library.def("philox_uniform(Tensor keys, int count) -> Tensor");
  library.impl("philox_uniform", c10::DispatchKey::CPU, TORCH_FN(philox_uniform));
}

}  // namespace kernels

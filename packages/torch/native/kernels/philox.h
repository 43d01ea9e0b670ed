// Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
// A number is a pure function of its key and counter, so draws do not depend on chunking, batching or order.
#pragma once

#include <ATen/ATen.h>

#include <array>

namespace kernels {

inline std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
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

// `count` numbers in [0, 1), multiples of 2^-24, for one key of four: seed, step, row, position.
// The 64-bit seed is the cipher's key; the counter is (block, position, row, step), 32 bits each.
inline void fill_uniform(const int64_t* key, int64_t count, float* output) {
  auto seed = static_cast<uint64_t>(key[0]);
  std::array<uint32_t, 2> cipher_key = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
  for (int64_t block = 0; block * 4 < count; ++block) {
    auto bits = philox({static_cast<uint32_t>(block), static_cast<uint32_t>(key[3]), static_cast<uint32_t>(key[2]),
                        static_cast<uint32_t>(key[1])}, cipher_key);
    for (int64_t lane = 0; lane < 4 && block * 4 + lane < count; ++lane) {
      output[block * 4 + lane] = static_cast<float>(bits[lane] >> 8) * 0x1p-24F;
    }
  }
}

inline void check_key_shape(const at::Tensor& keys, const char* name) {
  TORCH_CHECK_TYPE(keys.scalar_type() == at::kLong, name, ": keys must be int64");
  TORCH_CHECK_VALUE(keys.dim() == 2 && keys.size(1) == 4, name, ": keys must be of shape (N, 4)");
}

// The first `count` words of 32 bits for each of N keys, (N, count) int64, of ATen's operators: for any device, which it does
// not wait for. `name` raises errors.
at::Tensor philox_words(const at::Tensor& keys, int64_t count, const char* name);

// The keys (N, 4) in order, or an error that `name` raises.
inline at::Tensor checked_keys(const at::Tensor& keys, const char* name) {
  check_key_shape(keys, name);
  at::Tensor ordered = keys.contiguous();
  at::Tensor fields = ordered.slice(1, 1, 4);
  TORCH_CHECK_VALUE(ordered.numel() == 0 || (fields.min().item<int64_t>() >= 0 && fields.max().item<int64_t>() < (int64_t{1} << 32)),
                    name, ": step, row and position must be in [0, 2^32)");
  return ordered;
}

}  // namespace kernels

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "kernels.h"
#include "philox.h"

namespace kernels {

namespace {

// philox_uniform(keys (N, 4) int64: seed, step, row, position; count) -> (N, count) float32 in [0, 1), multiples of 2^-24.
at::Tensor philox_uniform(const at::Tensor& keys, int64_t count) {
  at::Tensor input = checked_keys(keys, "philox_uniform");
  TORCH_CHECK_VALUE(count >= 0 && count < (int64_t{1} << 32), "philox_uniform: count must be in [0, 2^32)");
  at::Tensor output = at::empty({input.size(0), count}, at::kFloat);
  const int64_t* key_data = input.const_data_ptr<int64_t>();
  float* data = output.mutable_data_ptr<float>();
  at::parallel_for(0, input.size(0), 1 + 4096 / std::max<int64_t>(count, 1), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) fill_uniform(key_data + 4 * row, count, data + row * count);
  });
  return output;
}

}  // namespace

void define_philox_uniform(torch::Library& library) {
  library.def("philox_uniform(Tensor keys, int count) -> Tensor");
  library.impl("philox_uniform", c10::DispatchKey::CPU, TORCH_FN(philox_uniform));
}

}  // namespace kernels

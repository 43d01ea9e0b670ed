// What becomes of the products of queries and keys, in every form of attention.
#pragma once

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "float_arguments.h"
#include "float_lanes.h"

namespace kernels {

template <typename T>
inline Lanes<T> exponential(const Lanes<T>& x) {
  // An error of 20 units in float32's last place is far below half a unit of the narrow types.
  if constexpr (std::is_same_v<T, Wide<T>>) return x.exp();
  else return x.exp_u20();
}

template <typename T>
inline Wide<T> largest_of(const Wide<T>* numbers, int64_t count) {
  Lanes<T> largest(numbers[0]);
  for_lanes<T>(count, [&](int64_t start, auto lanes) {
    if (lanes == Lanes<T>::size()) largest = at::vec::maximum(largest, Lanes<T>::loadu(numbers + start));
    else for (int64_t at = start; at < count; ++at) largest = at::vec::maximum(largest, Lanes<T>(numbers[at]));
  });
  return at::vec::vec_reduce_all<Wide<T>>([](const Lanes<T>& a, const Lanes<T>& b) { return at::vec::maximum(a, b); }, largest);
}

// Products z of queries and keys become c tanh(z scale / c), and `slopes` the derivative of that by z.
template <typename T>
inline void cap(Wide<T>* scores, int64_t count, Wide<T> scale, Wide<T> softcap, Wide<T>* slopes) {
  using W = Wide<T>;
  for_lanes<T>(count, [&](int64_t start, auto lanes) {
    const Lanes<T> bent = (load<W>(scores + start, lanes) * Lanes<T>(scale / softcap)).tanh();
    (bent * Lanes<T>(softcap)).store(scores + start, lanes);
    if (slopes != nullptr) ((Lanes<T>(W(1)) - bent * bent) * Lanes<T>(scale)).store(slopes + start, lanes);
  });
}

// Scores become exp(score * scale - shift) where the query sees the key, else 0.
template <typename T>
inline void weigh(Wide<T>* scores, int64_t columns, int64_t seen_begin, int64_t seen_end, Wide<T> scale, Wide<T> shift) {
  std::fill(scores, scores + seen_begin, Wide<T>(0));
  for_lanes<T>(seen_end - seen_begin, [&](int64_t start, auto lanes) {
    Wide<T>* at = scores + seen_begin + start;
    exponential<T>(load<Wide<T>>(at, lanes) * Lanes<T>(scale) - Lanes<T>(shift)).store(at, lanes);
  });
  std::fill(scores + seen_end, scores + columns, Wide<T>(0));
}

// Attention (rows, H, length, D), which libtorch's operator has no soft cap for. `mask` says what is seen; causal where it is not given.
inline at::Tensor capped_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                            const std::optional<at::Tensor>& mask, double scale, double softcap) {
  const at::ScalarType wide = wide_type(query);
  const int64_t group = query.size(1) / key.size(1), length = query.size(2);
  const at::Tensor keys = key.repeat_interleave(group, 1).to(wide), values = value.repeat_interleave(group, 1).to(wide);
  const at::Tensor seen = mask ? *mask : at::ones({length, length}, query.options().dtype(at::kBool)).tril();
  const at::Tensor scores = at::matmul(query.to(wide), keys.transpose(2, 3)) * (scale / softcap);
  const at::Tensor capped = scores.tanh() * softcap;
  const at::Tensor weights = capped.masked_fill(seen.logical_not(), -std::numeric_limits<double>::infinity()).softmax(-1);
  return at::matmul(weights, values).to(query.scalar_type());
}

}  // namespace kernels

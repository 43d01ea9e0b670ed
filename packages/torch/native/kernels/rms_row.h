// Root-mean-square normalisation of one row, forward and backward.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "float_lanes.h"

namespace kernels {

template <typename T>
inline Wide<T> reciprocal_rms(const T* input, int64_t size, double eps) {
  Lanes<T> squares(0);
  for_lanes<T>(size, [&](int64_t start, auto count) {
    Lanes<T> x = load(input + start, count);
    squares = at::vec::fmadd(x, x, squares);
  });
  return 1 / std::sqrt(sum_of_lanes<T>(squares) / static_cast<Wide<T>>(size) + static_cast<Wide<T>>(eps));
}

// output = input * reciprocal * weight; Out is T or its wide type.
template <typename T, typename Out>
inline void normalise_row(const T* input, const Wide<T>* weight, Wide<T> reciprocal, Out* output, int64_t size) {
  for_lanes<T>(size, [&](int64_t start, auto count) {
    Lanes<T> scaled = load(input + start, count) * Lanes<T>(reciprocal);
    store(output + start, scaled * load(weight + start, count), count);
  });
}

// With n = input * reciprocal: input_gradient = reciprocal * (gradient * weight - n * mean(gradient * weight * n)),
// plus `other_gradient` where there is one; weight_gradient += gradient * n where it is wanted.
template <typename T, typename Gradient>
inline void normalise_row_backward(const Gradient* gradient, const T* input, const Wide<T>* weight, Wide<T> reciprocal,
                                   const T* other_gradient, T* input_gradient, Wide<T>* weight_gradient, int64_t size) {
  const Lanes<T> scale(reciprocal);
  Lanes<T> products(0);
  for_lanes<T>(size, [&](int64_t start, auto count) {
    Lanes<T> slope = load(gradient + start, count) * (load(input + start, count) * scale);
    products = at::vec::fmadd(slope, load(weight + start, count), products);
    if (weight_gradient) store(weight_gradient + start, load(weight_gradient + start, count) + slope, count);
  });
  const Lanes<T> shrink(sum_of_lanes<T>(products) / static_cast<Wide<T>>(size) * reciprocal);
  for_lanes<T>(size, [&](int64_t start, auto count) {
    Lanes<T> straight = load(gradient + start, count) * load(weight + start, count);
    Lanes<T> result = scale * (straight - load(input + start, count) * shrink);
    if (other_gradient) result = result + load(other_gradient + start, count);
    store(input_gradient + start, result, count);
  });
}

// Walks rows in parallel, calling body(row, sum), and returns the sums (width), each of its block of rows first and the
// blocks' in order. How rows are cut into blocks depends on their number alone, so the result is the same for any number
// of threads. Without `wanted`, nothing is summed, sum is null and so is the result.
template <typename T, typename Body>
inline at::Tensor sum_over_rows(int64_t rows, int64_t row_size, int64_t width, at::ScalarType type, bool wanted,
                                const Body& body) {
  constexpr int64_t kMostBlocks = 64;
  const int64_t block_rows =
      std::max(1 + at::internal::GRAIN_SIZE / std::max<int64_t>(row_size, 1), (rows + kMostBlocks - 1) / kMostBlocks);
  const int64_t blocks = (rows + block_rows - 1) / block_rows;
  at::Tensor partial = wanted ? at::zeros({blocks, width}, type) : at::Tensor();
  Wide<T>* sums = wanted ? partial.mutable_data_ptr<Wide<T>>() : nullptr;
  at::parallel_for(0, blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t block = begin; block < end; ++block) {
      const int64_t last = std::min(rows, (block + 1) * block_rows);
      for (int64_t row = block * block_rows; row < last; ++row) body(row, wanted ? sums + block * width : nullptr);
    }
  });
  if (!wanted) return at::Tensor();
  at::Tensor total = at::zeros({width}, type);
  Wide<T>* result = total.mutable_data_ptr<Wide<T>>();
  for (int64_t block = 0; block < blocks; ++block) {
    for_lanes<Wide<T>>(width, [&](int64_t start, auto count) {
      store(result + start, load(result + start, count) + load(sums + block * width + start, count), count);
    });
  }
  return total;
}

}  // namespace kernels

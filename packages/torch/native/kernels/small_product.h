// Products of matrices that lie in the cache, in the type in which attention is computed.
#pragma once

#include <cstdint>
#include <type_traits>

#include "float_lanes.h"

namespace kernels {

// Columns that one pass over a right factor takes: two registers. Factors and products are padded to whole ones.
template <typename T>
constexpr int64_t kColumns = 2 * Lanes<T>::size();

template <typename T>
constexpr int64_t padded(int64_t columns) {
  return (columns + kColumns<T> - 1) / kColumns<T> * kColumns<T>;
}

// As many rows of accumulators as the registers hold beside two of the right factor and one of the left.
template <typename T>
constexpr int64_t kRows = sizeof(Lanes<T>) == 64 ? 8 : 4;

// A register as the compiler's own type: arrays of these stay in registers where the loops over them are unrolled.
template <typename W, size_t bytes>
struct RegisterOf {
  typedef W type __attribute__((vector_size(bytes)));
};

template <typename T, int64_t rows>
inline void multiply_rows(const Wide<T>* left, int64_t left_row, int64_t left_column, const Wide<T>* right, int64_t right_row,
                          Wide<T>* product, int64_t product_row, int64_t columns, int64_t inner, bool add) {
  using Register = typename RegisterOf<Wide<T>, sizeof(Lanes<T>)>::type;
  constexpr int64_t width = Lanes<T>::size();
  const auto read = [](const Wide<T>* from) {
    Register numbers;
    __builtin_memcpy(&numbers, from, sizeof numbers);
    return numbers;
  };
  for (int64_t column = 0; column < columns; column += 2 * width) {
    Register sums[rows][2] = {};
    if (add) {
#pragma GCC unroll 8
      for (int64_t row = 0; row < rows; ++row) {
        sums[row][0] = read(product + row * product_row + column);
        sums[row][1] = read(product + row * product_row + column + width);
      }
    }
    for (int64_t k = 0; k < inner; ++k) {
      const Register first = read(right + k * right_row + column), second = read(right + k * right_row + column + width);
#pragma GCC unroll 8
      for (int64_t row = 0; row < rows; ++row) {
        const Wide<T> factor = left[row * left_row + k * left_column];
        sums[row][0] += factor * first;
        sums[row][1] += factor * second;
      }
    }
#pragma GCC unroll 8
    for (int64_t row = 0; row < rows; ++row) {
      __builtin_memcpy(product + row * product_row + column, &sums[row][0], sizeof(Register));
      __builtin_memcpy(product + row * product_row + column + width, &sums[row][1], sizeof(Register));
    }
  }
}

// product (rows, columns) = left (rows, inner) right (inner, columns), or += with `add`. The left factor may lie in any
// order (so it may be transposed); the rows of the others are dense and padded: `columns` is a multiple of kColumns.
template <typename T>
void multiply(const Wide<T>* left, int64_t left_row, int64_t left_column, const Wide<T>* right, int64_t right_row,
              Wide<T>* product, int64_t product_row, int64_t rows, int64_t columns, int64_t inner, bool add) {
  int64_t row = 0;
  // Few rows at a time leave the processor waiting for its own sums, so what remains is taken in pieces as large as fit.
  const auto take = [&](auto count) {
    for (; row + count <= rows; row += count) {
      multiply_rows<T, count>(left + row * left_row, left_row, left_column, right, right_row, product + row * product_row,
                              product_row, columns, inner, add);
    }
  };
  take(std::integral_constant<int64_t, kRows<T>>{});
  take(std::integral_constant<int64_t, 4>{});
  take(std::integral_constant<int64_t, 2>{});
  take(std::integral_constant<int64_t, 1>{});
}

}  // namespace kernels

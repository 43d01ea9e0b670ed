// Vector registers of the type in which a tensor's numbers are computed: float32 for narrower types, else their own.
#pragma once

#include <ATen/OpMathType.h>
#include <ATen/cpu/vec/functional.h>
#include <ATen/cpu/vec/vec.h>

namespace kernels {

template <typename T>
using Wide = at::opmath_type<T>;

template <typename T>
using Lanes = at::vec::Vectorized<Wide<T>>;

// The first `count` lanes from memory; the others are 0.
template <typename T>
inline Lanes<T> load(const T* from, int64_t count) {
  const bool whole = count == Lanes<T>::size();
  if constexpr (std::is_same_v<T, Wide<T>>) {
    return whole ? Lanes<T>::loadu(from) : Lanes<T>::loadu(from, count);
  } else if (whole) {
    Lanes<T> lanes;
    at::vec::load_to_float<T>(from, lanes);
    return lanes;
  } else {
    return std::get<0>(at::vec::convert_to_float<T>(at::vec::Vectorized<T>::loadu(from, count)));
  }
}

// The first `count` lanes to memory, rounded to T.
template <typename T>
inline void store(T* to, const Lanes<T>& lanes, int64_t count) {
  if constexpr (std::is_same_v<T, Wide<T>>) {
    if (count == Lanes<T>::size()) lanes.store(to);
    else lanes.store(to, count);
  } else {
    at::vec::convert_from_float<T>(lanes, lanes).store(to, count);
  }
}

// Calls body(start, count) for each register of `size` numbers; all but the last are whole, with a constant count.
template <typename T, typename Body>
inline void for_lanes(int64_t size, const Body& body) {
  constexpr int64_t width = Lanes<T>::size();
  int64_t start = 0;
  for (; start + width <= size; start += width) body(start, std::integral_constant<int64_t, width>{});
  if (start < size) body(start, size - start);
}

template <typename T>
inline Wide<T> sum_of_lanes(const Lanes<T>& lanes) {
  return at::vec::vec_reduce_all<Wide<T>>([](const Lanes<T>& a, const Lanes<T>& b) { return a + b; }, lanes);
}

}  // namespace kernels

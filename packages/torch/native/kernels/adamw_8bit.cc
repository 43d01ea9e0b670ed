// AdamW with moments of one byte an element (Dettmers et al., arXiv 2110.02861) in one pass over memory: each block of 256
// elements is decoded, updated and encoded in the cache. A byte is the number of a value in an ascending map on [-1, 1]; a
// block's scale is the largest magnitude in it.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "adamw_coefficients.h"
#include "float_lanes.h"
#include "kernels.h"

namespace kernels {

namespace {

using at::Tensor;
using Register = Lanes<float>;

constexpr int64_t kBlock = 256;
constexpr int kCodes = 256;

// Finds the nearest value of a map by the sign, the exponent and seven bits of the mantissa, and one comparison.
class Encoder {
 public:
  explicit Encoder(const float* map) : map_(map) {
    for (int code = 0; code + 1 < kCodes; ++code) {
      TORCH_CHECK_VALUE(map[code] <= map[code + 1], "adamw_8bit_: a map must ascend");
      midpoints_[code] = (map[code] + map[code + 1]) / 2;
    }
    midpoints_[kCodes - 1] = INFINITY;
    for (int bucket = 0; bucket < kBuckets; ++bucket) {
      const float near = bucket == 0 ? 0 : edge(bucket), far = bucket + 1 == kBuckets ? near : edge(bucket + 1);
      set(bucket, near, far);
      set(kBuckets + bucket, -far, -near);
    }
  }

  float decode(uint8_t code) const { return map_[code]; }

  // Of a number in [-1, 1].
  int32_t encode(float value) const {
    int32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    const int32_t magnitude = ((bits & 0x7fffffff) >> kShift) - kFirst;
    const int32_t bucket = std::min(std::max(magnitude, 0), kBuckets - 1) + (bits < 0 ? kBuckets : 0);
    const int32_t code = codes_[bucket];
    return code + (value > midpoints_[code] ? 1 : 0);
  }

 private:
  static constexpr int kShift = 16;
  static constexpr int32_t kFirst = (127 - 24) << 7;            // 2^-24: below it a bucket reaches to 0
  static constexpr int32_t kBuckets = (127 << 7) - kFirst + 1;  // the last one begins at 1

  static float edge(int bucket) {
    const int32_t bits = (kFirst + bucket) << kShift;
    float value;
    std::memcpy(&value, &bits, sizeof(value));
    return value;
  }

  void set(int bucket, float low, float high) {
    const auto below = [&](float value) {
      return static_cast<int>(std::lower_bound(midpoints_.begin(), midpoints_.end() - 1, value) - midpoints_.begin());
    };
    codes_[bucket] = below(low);
    TORCH_CHECK_VALUE(below(high) <= codes_[bucket] + 1, "adamw_8bit_: the values of a map lie too close together at ", low);
  }

  const float* map_;
  std::array<float, kCodes> midpoints_;
  std::array<int32_t, 2 * kBuckets> codes_;  // four bytes: what a vector register gathers
};

struct Block {
  float* parameter;
  const float* gradient;
  uint8_t* first_codes;
  uint8_t* second_codes;
  float* first_scale;
  float* second_scale;
  at::BFloat16* copy;
  int64_t count;
};

float largest(const Register& lanes) {
  return at::vec::vec_reduce_all<float>([](const Register& a, const Register& b) { return at::vec::maximum(a, b); }, lanes);
}

// Returns the scale.
float encode_block(const float* values, float scale, const Encoder& encoder, uint8_t* codes, int64_t count) {
  const float divisor = scale > 0 ? scale : 1;
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) codes[i] = static_cast<uint8_t>(encoder.encode(values[i] / divisor));
  return scale;
}

void update(const Block& block, const Encoder& first_encoder, const Encoder& second_encoder, const AdamWCoefficients& c) {
  float first[kBlock], second[kBlock];
#pragma omp simd
  for (int64_t i = 0; i < block.count; ++i) {
    first[i] = first_encoder.decode(block.first_codes[i]);
    second[i] = second_encoder.decode(block.second_codes[i]);
  }
  const Register first_scale(*block.first_scale), second_scale(*block.second_scale), keep(c.keep), scale(c.scale),
      rest1(1 - c.beta1), beta2(c.beta2), rest2(1 - c.beta2), step_size(c.step_size), denominator(c.denominator),
      epsilon(c.epsilon);
  Register first_largest(0), second_largest(0);
  for_lanes<float>(block.count, [&](int64_t start, auto count) {
    const Register g = load(block.gradient + start, count) * scale;
    Register m = load(first + start, count) * first_scale, v = load(second + start, count) * second_scale;
    m = m + rest1 * (g - m);
    v = v * beta2 + rest2 * g * g;
    const Register p = load(block.parameter + start, count) * keep - step_size * m / (v.sqrt() * denominator + epsilon);
    store(block.parameter + start, p, count);
    store(first + start, m, count);
    store(second + start, v, count);
    first_largest = at::vec::maximum(first_largest, m.abs());
    second_largest = at::vec::maximum(second_largest, v);
  });
  if (block.copy != nullptr) {
    at::vec::convert(block.parameter, block.copy, block.count);
  }
  *block.first_scale = encode_block(first, largest(first_largest), first_encoder, block.first_codes, block.count);
  *block.second_scale = encode_block(second, largest(second_largest), second_encoder, block.second_codes, block.count);
}

void check_cpu(const Tensor& tensor, at::ScalarType type, const char* what) {
  TORCH_CHECK_TYPE(tensor.scalar_type() == type, "adamw_8bit_: ", what, " must be ", type, ", not ", tensor.scalar_type());
  TORCH_CHECK_VALUE(tensor.is_contiguous() && tensor.device().is_cpu(), "adamw_8bit_: ", what,
                    " must be contiguous and on the CPU");
}

void check_member(const Tensor& parameter, const Tensor& gradient, const std::array<Tensor, 2>& codes,
                  const std::array<Tensor, 2>& scales, const std::optional<Tensor>& copy) {
  check_cpu(parameter, at::kFloat, "parameter");
  check_cpu(gradient, at::kFloat, "gradient");
  TORCH_CHECK_VALUE(gradient.sizes() == parameter.sizes(), "adamw_8bit_: gradient must have the parameter's shape");
  if (copy) {
    check_cpu(*copy, at::kBFloat16, "copy");
    TORCH_CHECK_VALUE(copy->sizes() == parameter.sizes(), "adamw_8bit_: copy must have the parameter's shape");
  }
  const int64_t blocks = (parameter.numel() + kBlock - 1) / kBlock;
  for (const Tensor& moment : codes) {
    check_cpu(moment, at::kByte, "codes");
    TORCH_CHECK_VALUE(moment.numel() == blocks * kBlock, "adamw_8bit_: codes must hold ", blocks, " blocks of ", kBlock);
  }
  for (const Tensor& moment : scales) {
    check_cpu(moment, at::kFloat, "scales");
    TORCH_CHECK_VALUE(moment.numel() == blocks, "adamw_8bit_: scales must hold one number for each of ", blocks, " blocks");
  }
}

void adamw_8bit_(at::TensorList parameters, at::TensorList gradients, at::TensorList first_codes, at::TensorList first_scales,
                 at::TensorList second_codes, at::TensorList second_scales, const c10::List<std::optional<Tensor>>& copies,
                 const Tensor& first_map, const Tensor& second_map, int64_t step, double learning_rate, double beta1,
                 double beta2, double epsilon, double weight_decay, double gradient_scale) {
  const size_t count = parameters.size();
  for (const at::TensorList& list : {gradients, first_codes, first_scales, second_codes, second_scales}) {
    TORCH_CHECK_VALUE(list.size() == count, "adamw_8bit_: the lists must have one length");
  }
  TORCH_CHECK_VALUE(copies.size() == count, "adamw_8bit_: the lists must have one length");
  TORCH_CHECK_VALUE(step >= 1, "adamw_8bit_: step counts from 1");
  for (const Tensor& map : {first_map, second_map}) {
    check_cpu(map, at::kFloat, "map");
    TORCH_CHECK_VALUE(map.numel() == kCodes, "adamw_8bit_: a map must hold ", kCodes, " values");
  }
  for (size_t i = 0; i < count; ++i) {
    check_member(parameters[i], gradients[i], {first_codes[i], second_codes[i]}, {first_scales[i], second_scales[i]},
                 copies.get(i));
  }
  const Encoder first_encoder(first_map.const_data_ptr<float>()), second_encoder(second_map.const_data_ptr<float>());
  const AdamWCoefficients coefficients =
      adamw_coefficients(step, learning_rate, beta1, beta2, epsilon, weight_decay, gradient_scale);
  for (size_t i = 0; i < count; ++i) {
    const int64_t numbers = parameters[i].numel(), blocks = (numbers + kBlock - 1) / kBlock;
    const std::optional<Tensor> copy = copies.get(i);
    float* parameter = parameters[i].mutable_data_ptr<float>();
    const float* gradient = gradients[i].const_data_ptr<float>();
    uint8_t* firsts = first_codes[i].mutable_data_ptr<uint8_t>();
    uint8_t* seconds = second_codes[i].mutable_data_ptr<uint8_t>();
    float* first_scale = first_scales[i].mutable_data_ptr<float>();
    float* second_scale = second_scales[i].mutable_data_ptr<float>();
    at::BFloat16* narrow = copy ? copy->mutable_data_ptr<at::BFloat16>() : nullptr;
    at::parallel_for(0, blocks, 64, [&](int64_t begin, int64_t end) {
      for (int64_t block = begin; block < end; ++block) {
        const int64_t at = block * kBlock;
        update({parameter + at, gradient + at, firsts + at, seconds + at, first_scale + block, second_scale + block,
                narrow ? narrow + at : nullptr, std::min(kBlock, numbers - at)},
               first_encoder, second_encoder, coefficients);
      }
    });
  }
}

}  // namespace

void define_adamw_8bit(torch::Library& library) {
  library.def(
      "adamw_8bit_(Tensor(a!)[] parameters, Tensor[] gradients, Tensor(b!)[] first_codes, Tensor(c!)[] first_scales, "
      "Tensor(d!)[] second_codes, Tensor(e!)[] second_scales, Tensor(f!)?[] copies, Tensor first_map, Tensor second_map, *, "
      "int step, float lr, float beta1, float beta2, float eps, float weight_decay, float gradient_scale=1) -> ()");
  library.impl("adamw_8bit_", c10::DispatchKey::CPU, TORCH_FN(adamw_8bit_));
}

}  // namespace kernels

// What every element of one AdamW step is computed with, in float32.
#pragma once

#include <cmath>
#include <cstdint>

namespace kernels {

struct AdamWCoefficients {
  float keep;           // 1 - learning rate * weight decay
  float beta1, beta2;
  float step_size;      // learning rate / bias correction of the first moment
  float denominator;    // 1 / sqrt(bias correction of the second moment)
  float epsilon;
  float scale;          // of the gradient
};

inline AdamWCoefficients adamw_coefficients(int64_t step, double learning_rate, double beta1, double beta2, double epsilon,
                                            double weight_decay, double gradient_scale) {
  return {
      static_cast<float>(1 - learning_rate * weight_decay),
      static_cast<float>(beta1),
      static_cast<float>(beta2),
      static_cast<float>(learning_rate / (1 - std::pow(beta1, step))),
      static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, step))),
      static_cast<float>(epsilon),
      static_cast<float>(gradient_scale),
  };
}

}  // namespace kernels

// Products with frozen matrices that are held in 4 or 8 bits a number. A matrix is made anew in the input's dtype for each
// product, forward and backward, and gone afterwards: what stays in memory are its codes.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "float_arguments.h"
#include "kernels.h"

namespace kernels {

namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Neighbours in NF4 that share a magnitude. Even, so that both numbers of a byte do.
constexpr int64_t kBlock = 64;
// Magnitudes that share a scale of their own, where they are quantised too.
constexpr int64_t kNestedBlock = 256;

// NormalFloat4: quantiles of the normal distribution, scaled to [-1, 1] with an exact zero (QLoRA, arXiv 2305.14314,
// appendix E).
constexpr std::array<float, 16> kNf4 = {-1.0F,
                                        -0.6961928009986877F,
                                        -0.5250730514526367F,
                                        -0.39491748809814453F,
                                        -0.28444138169288635F,
                                        -0.18477343022823334F,
                                        -0.09105003625154495F,
                                        0.0F,
                                        0.07958029955625534F,
                                        0.16093020141124725F,
                                        0.24611230194568634F,
                                        0.33791524171829224F,
                                        0.44070982933044434F,
                                        0.5626170039176941F,
                                        0.7229568362236023F,
                                        1.0F};

// The nearest of the values: the number of midpoints below.
uint8_t nearest_nf4(float value) {
  uint8_t code = 0;
  for (size_t at = 0; at + 1 < kNf4.size(); ++at) code += value > (kNf4[at] + kNf4[at + 1]) / 2 ? 1 : 0;
  return code;
}

std::tuple<Tensor, Tensor> quantize_nf4(const Tensor& weight) {
  TORCH_CHECK_TYPE(weight.scalar_type() == at::kFloat, "quantize_nf4: weight must be float32");
  TORCH_CHECK_VALUE(weight.numel() % 2 == 0, "quantize_nf4: weight must have an even number of elements");
  const Tensor source = weight.detach().to(at::kCPU).contiguous();
  const int64_t count = source.numel();
  const int64_t blocks = (count + kBlock - 1) / kBlock;
  Tensor codes = at::empty({count / 2}, at::kByte);
  Tensor magnitudes = at::empty({blocks}, at::kFloat);
  const float* values = source.const_data_ptr<float>();
  float* magnitude_data = magnitudes.mutable_data_ptr<float>();
  at::parallel_for(0, blocks, 64, [&](int64_t begin, int64_t end) {
    for (int64_t at = begin; at < end; ++at) {
      float largest = 0;
      for (int64_t i = at * kBlock; i < std::min(count, (at + 1) * kBlock); ++i) largest = std::max(largest, std::abs(values[i]));
      magnitude_data[at] = largest;
    }
  });
  uint8_t* code_data = codes.mutable_data_ptr<uint8_t>();
  const auto code = [&](int64_t i) {
    const float magnitude = magnitude_data[i / kBlock];
    return nearest_nf4(magnitude > 0 ? values[i] / magnitude : 0.0F);
  };
  at::parallel_for(0, count / 2, 4096, [&](int64_t begin, int64_t end) {
    for (int64_t at = begin; at < end; ++at) code_data[at] = static_cast<uint8_t>(code(2 * at) << 4 | code(2 * at + 1));
  });
  return {codes.to(weight.device()), magnitudes.to(weight.device())};
}

// The magnitude of each block, float32.
Tensor wide_scales(const Tensor& scales, const std::optional<Tensor>& nested) {
  if (!nested) return scales;
  const int64_t groups = nested->numel() - 1;
  const Tensor factors = nested->narrow(0, 0, groups).repeat_interleave(kNestedBlock).narrow(0, 0, scales.numel());
  return scales.to(at::kFloat).mul_(factors).add_(nested->select(0, groups));
}

template <typename Number>
void fill_nf4(const Tensor& matrix, const Tensor& codes, const Tensor& magnitudes) {
  const uint8_t* code_data = codes.const_data_ptr<uint8_t>();
  const float* magnitude_data = magnitudes.const_data_ptr<float>();
  Number* data = matrix.mutable_data_ptr<Number>();
  const int64_t pairs = codes.numel();
  constexpr int64_t kBytes = kBlock / 2;
  at::parallel_for(0, magnitudes.numel(), 64, [&](int64_t begin, int64_t end) {
    for (int64_t at = begin; at < end; ++at) {
      std::array<Number, 16> values;
      for (size_t code = 0; code < 16; ++code) values[code] = static_cast<Number>(kNf4[code] * magnitude_data[at]);
      for (int64_t pair = at * kBytes; pair < std::min(pairs, (at + 1) * kBytes); ++pair) {
        data[2 * pair] = values[code_data[pair] >> 4];
        data[2 * pair + 1] = values[code_data[pair] & 15];
      }
    }
  });
}

Tensor dequantize(const Tensor& codes, const Tensor& scales, const std::optional<Tensor>& nested, int64_t outputs,
                  at::ScalarType dtype) {
  TORCH_CHECK_TYPE(at::isFloatingType(dtype), "dequantize: dtype must be a floating-point one");
  TORCH_CHECK_VALUE(outputs > 0, "dequantize: outputs must be positive");
  if (codes.scalar_type() == at::kChar) {
    TORCH_CHECK_VALUE(codes.dim() == 2 && codes.size(0) == outputs && scales.numel() == outputs,
                      "dequantize: int8 codes must be of shape (outputs, inputs), with a scale for each row");
    return codes.to(at::kFloat).mul_(scales.unsqueeze(1)).to(dtype);
  }
  TORCH_CHECK_TYPE(codes.scalar_type() == at::kByte, "dequantize: codes must be uint8 or int8");
  const int64_t count = 2 * codes.numel();
  TORCH_CHECK_VALUE(codes.dim() == 1 && count > 0 && count % outputs == 0, "dequantize: ", codes.sizes(),
                    " bytes of codes do not make ", outputs, " rows");
  TORCH_CHECK_VALUE(scales.dim() == 1 && scales.numel() == (count + kBlock - 1) / kBlock,
                    "dequantize: there must be a scale for each ", kBlock, " numbers");
  TORCH_CHECK_VALUE(!nested || (nested->dim() == 1 && (nested->numel() - 1) * kNestedBlock >= scales.numel()),
                    "dequantize: there must be a nested scale for each ", kNestedBlock, " scales, and one more number");
  const Tensor magnitudes = wide_scales(scales, nested).contiguous();
  TORCH_CHECK_TYPE(magnitudes.scalar_type() == at::kFloat, "dequantize: scales must be float32, or nested");
  if (codes.device().is_cpu() && codes.is_contiguous() && (dtype == at::kFloat || dtype == at::kBFloat16)) {
    Tensor matrix = at::empty({outputs, count / outputs}, codes.options().dtype(dtype));
    if (dtype == at::kFloat) fill_nf4<float>(matrix, codes, magnitudes);
    else fill_nf4<at::BFloat16>(matrix, codes, magnitudes);
    return matrix;
  }
  const Tensor table = at::tensor(at::ArrayRef<float>(kNf4), codes.options().dtype(at::kFloat));
  const Tensor indices = at::stack({codes.bitwise_right_shift(4), codes.bitwise_and(15)}, 1).view({-1}).to(at::kLong);
  const Tensor values = table.index_select(0, indices);
  return values.mul_(magnitudes.repeat_interleave(kBlock).narrow(0, 0, count)).view({outputs, -1}).to(dtype);
}

class QuantizedLinear : public torch::autograd::Function<QuantizedLinear> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& input, const Tensor& codes, const Tensor& scales,
                        const std::optional<Tensor>& nested, int64_t outputs) {
    at::AutoDispatchBelowADInplaceOrView below_autograd;
    context->save_for_backward({codes, scales, nested.value_or(Tensor())});
    context->saved_data["outputs"] = outputs;
    return at::linear(input, dequantize(codes, scales, nested, outputs, input.scalar_type()));
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    check_first_derivative("quantized_linear");
    const auto saved = context->get_saved_variables();
    const std::optional<Tensor> nested = saved[2].defined() ? std::optional<Tensor>(saved[2]) : std::nullopt;
    const Tensor& gradient = gradients[0];
    const Tensor matrix =
        dequantize(saved[0], saved[1], nested, context->saved_data["outputs"].toInt(), gradient.scalar_type());
    return {at::matmul(gradient, matrix), Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

Tensor quantized_linear(const Tensor& input, const Tensor& codes, const Tensor& scales, const std::optional<Tensor>& nested,
                        int64_t outputs) {
  const int64_t numbers = codes.numel() * (codes.scalar_type() == at::kByte ? 2 : 1);
  TORCH_CHECK_VALUE(outputs > 0 && input.dim() >= 1 && input.size(-1) * outputs == numbers, "quantized_linear: ", input.sizes(),
                    " does not fit a matrix of ", numbers, " numbers in ", outputs, " rows");
  return QuantizedLinear::apply(input, codes, scales, nested, outputs);
}

}  // namespace

void define_quantized_linear(torch::Library& library) {
  library.def("quantize_nf4(Tensor weight) -> (Tensor, Tensor)");
  library.impl("quantize_nf4", c10::DispatchKey::CompositeExplicitAutograd, TORCH_FN(quantize_nf4));
  library.def("dequantize(Tensor codes, Tensor scales, Tensor? nested, int outputs, *, ScalarType dtype) -> Tensor");
  library.impl("dequantize", c10::DispatchKey::CompositeExplicitAutograd, TORCH_FN(dequantize));
  library.def("quantized_linear(Tensor input, Tensor codes, Tensor scales, Tensor? nested, int outputs) -> Tensor");
  library.impl("quantized_linear", c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(quantized_linear));
}

}  // namespace kernels

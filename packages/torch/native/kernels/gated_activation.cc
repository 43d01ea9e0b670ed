// Gated activations (Shazeer, arXiv 2002.05202): SwiGLU, silu(gate) * up, and GeGLU, gelu(gate) * up with GELU's tanh
// approximation. Both are gate * sigmoid(f(gate)) * up: 1 + tanh(x) is 2 sigmoid(2x).
#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <limits>
#include <string>
#include <tuple>

#include "float_arguments.h"
#include "float_lanes.h"
#include "kernels.h"

namespace kernels {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// f(x) = x
struct Silu {
  static constexpr const char* kName = "swiglu";
  template <typename V>
  static V inner(const V& x) {
    return x;
  }
  template <typename V>
  static V slope(const V&) {
    return V(1);
  }
  static at::Tensor composed(const at::Tensor& gate) { return at::silu(gate); }
};

// f(x) = 2 sqrt(2 / pi) (x + 0.044715 x^3)
struct Gelu {
  static constexpr const char* kName = "geglu";
  static constexpr double kScale = 1.5957691216057308;
  static constexpr double kCubic = 0.044715;
  template <typename V>
  static V inner(const V& x) {
    return V(kScale) * x * at::vec::fmadd(x * x, V(kCubic), V(1));
  }
  template <typename V>
  static V slope(const V& x) {
    return V(kScale) * at::vec::fmadd(x * x, V(3 * kCubic), V(1));
  }
  static at::Tensor composed(const at::Tensor& gate) { return at::gelu(gate, "tanh"); }
};

// exp(-x), of which the sigmoid is 1 / (1 + decay).
template <typename T>
inline Lanes<T> decay_of(const Lanes<T>& x) {
  // An error of 20 units in float32's last place is far below half a unit of the narrow types.
  return std::is_same_v<T, Wide<T>> ? x.neg().exp() : x.neg().exp_u20();
}

template <typename Activation>
void check_gated(const at::Tensor& gate, const at::Tensor& up) {
  check_float(Activation::kName, "gate", gate);
  check_twin(Activation::kName, "up", up, gate);
}

// Calls body(start, count) for each register of `count` numbers, in parallel.
template <typename T, typename Body>
void parallel_lanes(int64_t size, const Body& body) {
  // Cut at whole registers, so that each number is computed alike for any number of threads.
  constexpr int64_t width = Lanes<T>::size();
  at::parallel_for(0, (size + width - 1) / width, at::internal::GRAIN_SIZE / width / 4, [&](int64_t begin, int64_t end) {
    const int64_t first = begin * width;
    for_lanes<T>(std::min(size, end * width) - first, [&](int64_t start, auto count) { body(first + start, count); });
  });
}

template <typename Activation>
at::Tensor forward_gated(const at::Tensor& given_gate, const at::Tensor& given_up) {
  at::Tensor gate = readable(given_gate), up = readable(given_up);
  at::Tensor output = at::empty_like(gate);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, gate.scalar_type(), Activation::kName, [&] {
    using T = scalar_t;
    const T* gates = gate.const_data_ptr<T>();
    const T* ups = up.const_data_ptr<T>();
    T* outputs = output.mutable_data_ptr<T>();
    parallel_lanes<T>(gate.numel(), [&](int64_t start, auto count) {
      Lanes<T> x = load(gates + start, count);
      Lanes<T> share = Lanes<T>(1) / (Lanes<T>(1) + decay_of<T>(Activation::inner(x)));
      store(outputs + start, x * share * load(ups + start, count), count);
    });
  });
  return output;
}

template <typename Activation>
std::tuple<at::Tensor, at::Tensor> backward_gated(const at::Tensor& given_gradient, const at::Tensor& given_gate,
                                                  const at::Tensor& given_up) {
  at::Tensor gradient = readable(given_gradient), gate = readable(given_gate), up = readable(given_up);
  at::Tensor gate_gradient = at::empty_like(gate), up_gradient = at::empty_like(up);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, gate.scalar_type(), Activation::kName, [&] {
    using T = scalar_t;
    const T* gradients = gradient.const_data_ptr<T>();
    const T* gates = gate.const_data_ptr<T>();
    const T* ups = up.const_data_ptr<T>();
    T* gate_gradients = gate_gradient.mutable_data_ptr<T>();
    T* up_gradients = up_gradient.mutable_data_ptr<T>();
    parallel_lanes<T>(gate.numel(), [&](int64_t start, auto count) {
      Lanes<T> x = load(gates + start, count), outer = load(gradients + start, count);
      Lanes<T> decay = decay_of<T>(Activation::inner(x));
      Lanes<T> share = Lanes<T>(1) / (Lanes<T>(1) + decay);
      Lanes<T> activated = x * share;
      // 1 - share without its cancellation; the bound keeps infinity times 0 out.
      Lanes<T> rest = at::vec::minimum(decay, Lanes<T>(std::numeric_limits<Wide<T>>::max())) * share;
      Lanes<T> derivative = share + activated * rest * Activation::slope(x);
      store(gate_gradients + start, outer * load(ups + start, count) * derivative, count);
      store(up_gradients + start, outer * activated, count);
    });
  });
  return {gate_gradient, up_gradient};
}

template <typename Activation>
struct Gated : torch::autograd::Function<Gated<Activation>> {
  static at::Tensor forward(AutogradContext* context, const at::Tensor& gate, const at::Tensor& up) {
    context->save_for_backward({gate, up});
    return forward_gated<Activation>(gate, up);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    check_first_derivative(Activation::kName);
    const variable_list saved = context->get_saved_variables();
    auto [gate_gradient, up_gradient] = backward_gated<Activation>(gradients[0], saved[0], saved[1]);
    return {gate_gradient, up_gradient};
  }
};

template <typename Activation>
at::Tensor gated(const at::Tensor& gate, const at::Tensor& up) {
  check_gated<Activation>(gate, up);
  return forward_gated<Activation>(gate, up);
}

template <typename Activation>
at::Tensor gated_recorded(const at::Tensor& gate, const at::Tensor& up) {
  check_gated<Activation>(gate, up);
  return Gated<Activation>::apply(gate, up);
}

template <typename Activation>
at::Tensor gated_composed(const at::Tensor& gate, const at::Tensor& up) {
  check_gated<Activation>(gate, up);
  return Activation::composed(gate) * up;
}

template <typename Activation>
void define_one(torch::Library& library) {
  const std::string name = Activation::kName, composed = name + ".composed";
  library.def((name + "(Tensor gate, Tensor up) -> Tensor").c_str());
  library.def((composed + "(Tensor gate, Tensor up) -> Tensor").c_str());
  library.impl(name.c_str(), c10::DispatchKey::CPU, TORCH_FN(gated<Activation>));
  library.impl(name.c_str(), c10::DispatchKey::AutogradCPU, TORCH_FN(gated_recorded<Activation>));
  library.impl(name.c_str(), c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(gated_composed<Activation>));
  library.impl(composed.c_str(), c10::DispatchKey::CompositeImplicitAutograd, TORCH_FN(gated_composed<Activation>));
}

}  // namespace

// swiglu(gate, up) and geglu(gate, up): of one shape and dtype, computed in float32 (float64 for float64). The overload
// `composed` is what other devices than CPU use: the same function of ATen operators.
void define_gated_activation(torch::Library& library) {
  define_one<Silu>(library);
  define_one<Gelu>(library);
}

}  // namespace kernels

#include <ATen/core/dispatch/Dispatcher.h>

#include <memory>
#include <mutex>

#include "../bridge.h"
#include "kernels.h"

namespace bridge {

void register_kernels() {
  // Statics of this shared object: every thread that loads the addon shares them.
  static std::mutex mutex;
  static std::unique_ptr<torch::Library> library;
  std::lock_guard<std::mutex> lock(mutex);
  if (library != nullptr) return;
  if (c10::Dispatcher::singleton().findSchema({"otr::philox_uniform", ""})) {
    throw BridgeError("TORCH_SECOND_COPY",
                      "another copy of @one-token/torch is loaded in this process; have one version installed "
                      "(npm ls @one-token/torch shows them)");
  }
  library = std::make_unique<torch::Library>(torch::Library::DEF, "otr", std::nullopt, __FILE__, __LINE__);
  kernels::define_adamw(*library);
  kernels::define_adamw_8bit(*library);
  kernels::define_keyed_dropout(*library);
  kernels::define_linear(*library);
  kernels::define_gated_activation(*library);
  kernels::define_packed_attention(*library);
  kernels::define_packed_linear(*library);
  kernels::define_paged_attention(*library);
  kernels::define_philox_uniform(*library);
  kernels::define_quantized_linear(*library);
  kernels::define_rms_norm(*library);
  kernels::define_rotary(*library);
  kernels::define_token_objective(*library);
}

}  // namespace bridge

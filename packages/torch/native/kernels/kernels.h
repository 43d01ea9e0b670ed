// The project's own operators: each file defines one family of them in the namespace `otr` of libtorch's dispatcher.
#pragma once

#include <torch/library.h>

namespace kernels {

void define_adamw(torch::Library& library);
void define_adamw_8bit(torch::Library& library);
void define_keyed_dropout(torch::Library& library);
void define_linear(torch::Library& library);
void define_gated_activation(torch::Library& library);
void define_packed_attention(torch::Library& library);
void define_packed_linear(torch::Library& library);
void define_paged_attention(torch::Library& library);
void define_philox_uniform(torch::Library& library);
void define_quantized_linear(torch::Library& library);
void define_rms_norm(torch::Library& library);
void define_rotary(torch::Library& library);
void define_token_objective(torch::Library& library);

}  // namespace kernels

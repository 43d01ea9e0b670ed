import { z } from "zod";
import { commonSpec, type MixtureSpec, type ModelFamily } from "./decoder-spec.js";
import { checkExperts, expertCount } from "./expert-fields.js";
import { optional, readFamilyFields } from "./model-config.js";
import { slidingWindows } from "./sliding-window.js";

const fields = z.looseObject({
  num_local_experts: optional(expertCount, 8),
  num_experts_per_tok: optional(expertCount, 2),
});

/** Mixtral: Mistral whose feed-forward networks are mixtures of experts. */
export const mixtral: ModelFamily = {
  modelType: "mixtral",
  architecture: "MixtralForCausalLM",
  decoderSpec(config) {
    const { num_local_experts: experts, num_experts_per_tok: expertsPerToken } = readFamilyFields(
      config,
      fields,
    );
    checkExperts(config, experts, expertsPerToken);
    const mixture: MixtureSpec = {
      experts,
      expertsPerToken,
      intermediateSize: config.intermediateSize,
      isNormalised: true,
      names: {
        router: "block_sparse_moe.gate",
        expert: "block_sparse_moe.experts",
        gate: "w1",
        up: "w3",
        down: "w2",
      },
    };
    const windows = slidingWindows(config, { isWindowed: () => true });
    return {
      ...commonSpec(config),
      layers: windows.map((window) => ({ window, rope: config.rope, mixture })),
    };
  },
};

/** @file The base models that the study adds to the demonstration's: another family, and larger ones. */
import { baseModelConfig } from "@one-token/demo/base-model";
import type { BaseModelRecipe } from "@one-token/demo/make-base-model";
import { lineDrawer } from "@one-token/demo/pretraining-lines";
import { story } from "./stories.js";

/**
 * The demonstration's skills and stories. Worked additions are six times as frequent as in the demonstration's lines,
 * because these models see fewer lines; they are to be half known all the same.
 */
const drawLine = lineDrawer({ "add3 worked": 1.5 }, [{ make: story, weight: 2 }]);

/** A Llama whose heads have `headDim` numbers each. */
const llama = (size: { hidden: number; feedForward: number; layers: number; headDim: number }) => {
  const heads = size.hidden / size.headDim;
  return {
    ...baseModelConfig,
    hidden_size: size.hidden,
    intermediate_size: size.feedForward,
    num_hidden_layers: size.layers,
    num_attention_heads: heads,
    num_key_value_heads: heads,
    head_dim: size.headDim,
  };
};

/** The recipes by the models' names. */
export const baseModels = {
  /** 0.8 M parameters, the demonstration's shape in another family: query and key norms, shared key-value heads. */
  qwen3_small: {
    config: {
      ...baseModelConfig,
      architectures: ["Qwen3ForCausalLM"],
      model_type: "qwen3",
      num_key_value_heads: 2,
      intermediate_size: 384,
    },
    seed: 1,
    passes: [{ lines: "lines of the study, qwen3_small", steps: 2500, learningRate: 2e-3 }],
    drawLine,
    bf16: false,
  },
  /** 4.8 M parameters. */
  llama_5m: {
    config: llama({ hidden: 256, feedForward: 704, layers: 6, headDim: 32 }),
    seed: 1,
    passes: [{ lines: "lines of the study, llama_5m", steps: 1500, learningRate: 1e-3 }],
    drawLine,
    bf16: true,
  },
  /** 32 M parameters. */
  llama_30m: {
    config: llama({ hidden: 512, feedForward: 1408, layers: 10, headDim: 64 }),
    seed: 1,
    passes: [{ lines: "lines of the study, llama_30m", steps: 1500, learningRate: 6e-4 }],
    drawLine,
    bf16: true,
  },
} as const satisfies Record<string, BaseModelRecipe>;

export type BaseModelName = keyof typeof baseModels;
export const baseModelNames = Object.keys(baseModels) as BaseModelName[];

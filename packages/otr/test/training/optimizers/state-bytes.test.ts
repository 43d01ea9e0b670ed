import { scope, zeros } from "@one-token/torch";
import { expect, it } from "vitest";
import { parseModelConfig } from "../../../src/models/model-config.js";
import { parameterLayout } from "../../../src/models/parameter-layout.js";
import { modelFamily } from "../../../src/models/registry.js";
import { createOptimizer } from "../../../src/training/optimizers/registry.js";
import { optimizerStateBytes } from "../../../src/training/optimizers/state-bytes.js";
import { tinyConfig } from "../../models/tiny-config.js";

/** With matrices on both sides of the size below which moments are not quantised, and not of whole blocks. */
const config = parseModelConfig(
  tinyConfig({
    vocab_size: 301,
    hidden_size: 60,
    intermediate_size: 99,
    num_attention_heads: 4,
    head_dim: 14,
    tie_word_embeddings: false,
  }),
);

it.each(["adamw_torch_fused", "adamw_8bit", "adafactor", "sgd", "muon"] as const)(
  "the state of %s is predicted to the byte",
  (optim) => {
    const layout = parameterLayout(modelFamily(config.modelType).decoderSpec(config));
    scope(() => {
      const parameters = new Map(layout.map(({ name, shape }) => [name, zeros([...shape])]));
      for (const parameter of parameters.values()) parameter.requiresGrad = true;
      const options = { weightDecay: 0, adamBeta1: 0.9, adamBeta2: 0.999, adamEpsilon: 1e-8 };
      const optimizer = createOptimizer(parameters, { optim, ...options });
      expect(optimizerStateBytes(optim, layout)).toBe(optimizer.stateBytes);
      optimizer.dispose();
    });
  },
);

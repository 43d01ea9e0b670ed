import { aten, keep, noGrad, scope, type Tensor } from "@one-token/torch";
import { CausalLM } from "./causal-lm.js";
import type { ModelConfig } from "./model-config.js";
import { embeddingName, headName } from "./parameter-layout.js";
import { decoderSpecOf } from "./registry.js";

/** The configuration of a model with a larger vocabulary. */
export function withVocabSize(config: ModelConfig, vocabSize: number): ModelConfig {
  // An id beyond the vocabulary means that no token pads; it must not become that of a new one.
  const padTokenId =
    config.padTokenId !== null && config.padTokenId >= config.vocabSize ? null : config.padTokenId;
  return {
    ...config,
    vocabSize,
    padTokenId,
    raw: { ...config.raw, vocab_size: vocabSize, pad_token_id: padTokenId },
  };
}

/**
 * The model with rows for further tokens in its embedding and its head. Each new row is the mean of the others: the model
 * then gives a new token about the probability of an average one (Hewitt 2021, "Initializing New Word Embeddings for
 * Pretrained Language Models"). Takes over the parameters of `model`, which is of no use afterwards.
 */
export function growVocabulary(model: CausalLM, vocabSize: number): CausalLM {
  const added = vocabSize - model.spec.vocabSize;
  const config = withVocabSize(model.config, vocabSize);
  const parameters = new Map<string, Tensor>();
  for (const [name, parameter] of model.parameters) {
    const isByToken = name === embeddingName || name === headName;
    parameters.set(name, isByToken ? withRows(parameter, added) : parameter);
  }
  return new CausalLM(config, decoderSpecOf(config), parameters, model.eosTokenIds, model.storedDType);
}

function withRows(parameter: Tensor, added: number): Tensor {
  const grown = noGrad(() => scope(() => keep(withMeanRows(parameter.detach(), added))));
  grown.requiresGrad = parameter.requiresGrad;
  parameter.dispose();
  return grown;
}

/** `(V + added, D)` of `values` `(V, D)`: each further row is the mean of the others. */
export function withMeanRows(values: Tensor, added: number): Tensor {
  if (added === 0) return values;
  const wide = values.dtype === "float64" ? "float64" : "float32";
  const mean = values.to(wide).mean([0], true).to(values.dtype);
  return aten.cat([values, mean.expand([added, -1])]);
}

/** @file Names and shapes of a decoder's parameters, as Hugging Face checkpoints store them. */
import type { DecoderSpec } from "./decoder-spec.js";

/** The token embedding; where the two are tied, the language-model head too. */
export const embeddingName = "model.embed_tokens.weight";
/** The language-model head, where it is a parameter of its own. */
export const headName = "lm_head.weight";

/** One parameter. `kind` decides its initial value. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly kind: "matrix" | "bias" | "norm";
}

/** Numbers in parameters of these shapes. */
export function countNumbers(parameters: Iterable<{ readonly shape: readonly number[] }>): number {
  let count = 0;
  for (const { shape } of parameters) count += shape.reduce((product, size) => product * size, 1);
  return count;
}

/** Every parameter of a decoder, in the order of a transformers state dict; a tied head is not repeated. */
export function parameterLayout(spec: DecoderSpec): ParameterSpec[] {
  const layout: ParameterSpec[] = [];
  const norm = (name: string, size: number) =>
    layout.push({ name: `${name}.weight`, shape: [size], kind: "norm" });
  const linear = (name: string, outputs: number, inputs: number, bias: boolean) => {
    layout.push({ name: `${name}.weight`, shape: [outputs, inputs], kind: "matrix" });
    if (bias) layout.push({ name: `${name}.bias`, shape: [outputs], kind: "bias" });
  };

  const { hiddenSize, intermediateSize, headDim, vocabSize } = spec;
  const querySize = spec.numHeads * headDim;
  const keyValueSize = spec.numKeyValueHeads * headDim;
  linear("model.embed_tokens", vocabSize, hiddenSize, false);
  for (let index = 0; index < spec.numLayers; index++) {
    const layer = `model.layers.${index}`;
    linear(`${layer}.self_attn.q_proj`, querySize, hiddenSize, spec.queryKeyValueBias);
    linear(`${layer}.self_attn.k_proj`, keyValueSize, hiddenSize, spec.queryKeyValueBias);
    linear(`${layer}.self_attn.v_proj`, keyValueSize, hiddenSize, spec.queryKeyValueBias);
    linear(`${layer}.self_attn.o_proj`, hiddenSize, querySize, spec.attentionOutputBias);
    if (spec.queryKeyNorm) {
      norm(`${layer}.self_attn.q_norm`, headDim);
      norm(`${layer}.self_attn.k_norm`, headDim);
    }
    linear(`${layer}.mlp.gate_proj`, intermediateSize, hiddenSize, spec.mlpBias);
    linear(`${layer}.mlp.up_proj`, intermediateSize, hiddenSize, spec.mlpBias);
    linear(`${layer}.mlp.down_proj`, hiddenSize, intermediateSize, spec.mlpBias);
    norm(`${layer}.input_layernorm`, hiddenSize);
    norm(`${layer}.post_attention_layernorm`, hiddenSize);
  }
  norm("model.norm", hiddenSize);
  if (!spec.tiedEmbeddings) linear("lm_head", vocabSize, hiddenSize, false);
  return layout;
}

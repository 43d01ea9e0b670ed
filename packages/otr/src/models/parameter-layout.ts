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

/**
 * Whether a parameter is a matrix between hidden spaces: no row of it is a token. What chooses among the experts of a
 * mixture is none: a small error there sends a token elsewhere.
 */
export const isProjection = (name: string, shape: readonly number[]): boolean =>
  shape.length === 2 && name !== embeddingName && name !== headName && !name.endsWith(".gate.weight");

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

  const { hiddenSize, intermediateSize, headDim, vocabSize, norms } = spec;
  const querySize = spec.numHeads * headDim;
  const keyValueSize = spec.numKeyValueHeads * headDim;
  linear("model.embed_tokens", vocabSize, hiddenSize, false);
  for (const [index, { mixture }] of spec.layers.entries()) {
    const layer = `model.layers.${index}`;
    const attention = `${layer}.self_attn`;
    if (spec.fusedProjections) {
      linear(`${attention}.o_proj`, hiddenSize, querySize, spec.attentionOutputBias);
      linear(`${attention}.qkv_proj`, querySize + 2 * keyValueSize, hiddenSize, spec.queryKeyValueBias);
    } else {
      linear(`${attention}.q_proj`, querySize, hiddenSize, spec.queryKeyValueBias);
      linear(`${attention}.k_proj`, keyValueSize, hiddenSize, spec.queryKeyValueBias);
      linear(`${attention}.v_proj`, keyValueSize, hiddenSize, spec.queryKeyValueBias);
      linear(`${attention}.o_proj`, hiddenSize, querySize, spec.attentionOutputBias);
    }
    if (spec.queryKeyNorm !== "none") {
      const ofHead = spec.queryKeyNorm === "head";
      norm(`${attention}.q_norm`, ofHead ? headDim : querySize);
      norm(`${attention}.k_norm`, ofHead ? headDim : keyValueSize);
    }
    if (mixture) {
      const { names, experts, intermediateSize: inner } = mixture;
      linear(`${layer}.${names.router}`, experts, hiddenSize, false);
      for (let expert = 0; expert < experts; expert++) {
        const prefix = `${layer}.${names.expert}.${expert}`;
        linear(`${prefix}.${names.gate}`, inner, hiddenSize, false);
        linear(`${prefix}.${names.up}`, inner, hiddenSize, false);
        linear(`${prefix}.${names.down}`, hiddenSize, inner, false);
      }
    } else {
      if (spec.fusedProjections) {
        linear(`${layer}.mlp.gate_up_proj`, 2 * intermediateSize, hiddenSize, spec.mlpBias);
      } else {
        linear(`${layer}.mlp.gate_proj`, intermediateSize, hiddenSize, spec.mlpBias);
        linear(`${layer}.mlp.up_proj`, intermediateSize, hiddenSize, spec.mlpBias);
      }
      linear(`${layer}.mlp.down_proj`, hiddenSize, intermediateSize, spec.mlpBias);
    }
    const { attentionInput, attentionOutput, feedForwardInput, feedForwardOutput } = norms;
    for (const name of [attentionInput, attentionOutput, feedForwardInput, feedForwardOutput]) {
      if (name !== null) norm(`${layer}.${name}`, hiddenSize);
    }
  }
  norm("model.norm", hiddenSize);
  if (!spec.tiedEmbeddings) linear("lm_head", vocabSize, hiddenSize, false);
  return layout;
}

/** @file Rotary position embeddings (RoFormer, arXiv 2104.09864) in the half-split layout of Hugging Face's Llama. */
import { kernels, type Tensor, tensor } from "@one-token/torch";
import type { RopeParameters } from "./rope-parameters.js";

/**
 * Radians per position for each of the `headDim / 2` planes of rotation. `llama3` stretches the long wavelengths
 * by `factor`, leaves the short ones and blends between them (Llama 3.1).
 */
export function inverseFrequencies(rope: RopeParameters, headDim: number): Float32Array {
  return Float32Array.from({ length: headDim / 2 }, (_, plane) => {
    const frequency = rope.theta ** ((-2 * plane) / headDim);
    switch (rope.type) {
      case "default":
        return frequency;
      case "linear":
        return frequency / rope.factor;
      case "llama3": {
        const { factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings } = rope;
        const turns = (originalMaxPositionEmbeddings * frequency) / (2 * Math.PI);
        const share = (turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor);
        const unscaled = Math.min(1, Math.max(0, share));
        return frequency * (unscaled + (1 - unscaled) / factor);
      }
    }
  });
}

/** Cosine and sine of every token's rotation in each plane, `(T, headDim / 2)` in float32. */
export interface RotaryTables {
  readonly cosine: Tensor;
  readonly sine: Tensor;
}

/** Tables for `positions` `(T) int64`. Angles are computed in float32, as transformers does. */
export function rotaryTables(frequencies: Float32Array, positions: Tensor): RotaryTables {
  const perPlane = tensor(frequencies, { device: positions.device });
  const angles = positions.to("float32").unsqueeze(1).mul(perPlane);
  return { cosine: angles.cos(), sine: angles.sin() };
}

/** Root-mean-square normalisation of each head before its rotation (Qwen 3's query and key norm). */
export interface HeadNorm {
  /** `(headDim)` */
  readonly weight: Tensor;
  readonly eps: number;
}

/** Rotates `heads` `(T, H, headDim)`, normalised first where there is a `norm`, by the tables' angles. */
export function rotate(heads: Tensor, { cosine, sine }: RotaryTables, norm: HeadNorm | null = null): Tensor {
  return kernels.rotary(heads, cosine, sine, norm?.weight, norm?.eps);
}

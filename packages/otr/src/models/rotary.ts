/** @file Rotary position embeddings (RoFormer, arXiv 2104.09864) in the half-split layout of Hugging Face's Llama. */
import { aten, type DType, type Tensor, tensor } from "@one-token/torch";
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

/** Cosines and signed sines of every token's rotation, `(T, 1, headDim)` in the dtype of the hidden states. */
export interface RotaryTables {
  readonly cos: Tensor;
  /** The first half carries the minus sign of the rotation, so that a plain roll does the rest. */
  readonly signedSin: Tensor;
}

/** Tables for `positions` `(T) int64`. Angles are computed in float32 whatever `dtype` is, as transformers does. */
export function rotaryTables(frequencies: Float32Array, positions: Tensor, dtype: DType): RotaryTables {
  const perPlane = tensor(frequencies, { device: positions.device });
  const angles = positions.to("float32").unsqueeze(1).mul(perPlane);
  const cos = angles.cos();
  const sin = angles.sin();
  return {
    cos: aten.cat([cos, cos], 1).unsqueeze(1).to(dtype),
    signedSin: aten.cat([sin.neg(), sin], 1).unsqueeze(1).to(dtype),
  };
}

/** Rotates `heads` `(T, H, headDim)` by the tables' angles. */
export function rotate(heads: Tensor, { cos, signedSin }: RotaryTables): Tensor {
  const headDim = heads.shape[2]!;
  return aten.addcmul(heads.mul(cos), aten.roll(heads, [headDim / 2], [2]), signedSin);
}

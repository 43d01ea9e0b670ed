/** @file Rotary position embeddings (RoFormer, arXiv 2104.09864) in the half-split layout of Hugging Face's Llama. */
import { aten, kernels, type Tensor, tensor } from "@one-token/torch";
import type { RopeParameters } from "./rope-parameters.js";

/** Tokens of one row that lie side by side. */
export interface RowSpan {
  readonly tokens: number;
  /** Tokens of the row up to the last of these: some rotations depend on how long a row is. */
  readonly length: number;
}

/**
 * Radians per position for each of the `rotaryDim / 2` planes of rotation, in a row of `length` tokens.
 *
 * - `dynamic` raises theta in rows that are longer than the model was made for ("NTK-aware" scaling).
 * - `llama3` stretches the long wavelengths by `factor`, leaves the short ones and blends between them (Llama 3.1).
 * - `yarn` does the same along the index of the plane (YaRN, arXiv 2309.00071, section 3.2).
 * - `longrope` divides each plane by a factor of its own (LongRoPE, arXiv 2402.13753).
 */
export function inverseFrequencies(rope: RopeParameters, rotaryDim: number, length: number): Float32Array {
  const planes = rotaryDim / 2;
  const frequency = (plane: number, theta = rope.theta) => theta ** ((-2 * plane) / rotaryDim);
  return Float32Array.from({ length: planes }, (_, plane) => {
    switch (rope.type) {
      case "default":
        return frequency(plane);
      case "linear":
        return frequency(plane) / rope.factor;
      case "dynamic": {
        const { factor, theta, maxPositionEmbeddings } = rope;
        const stretch =
          (factor * Math.max(length, maxPositionEmbeddings)) / maxPositionEmbeddings - (factor - 1);
        return frequency(plane, theta * stretch ** (rotaryDim / (rotaryDim - 2)));
      }
      case "llama3": {
        const { factor, lowFreqFactor, highFreqFactor, originalMaxPositionEmbeddings } = rope;
        const turns = (originalMaxPositionEmbeddings * frequency(plane)) / (2 * Math.PI);
        const unscaled = ramp(turns, lowFreqFactor, highFreqFactor);
        return frequency(plane) * (unscaled + (1 - unscaled) / factor);
      }
      case "yarn": {
        const { theta, factor, betaFast, betaSlow, truncate, originalMaxPositionEmbeddings } = rope;
        /** The plane that turns this often within the original length. */
        const planeOf = (turns: number) =>
          (rotaryDim * Math.log(originalMaxPositionEmbeddings / (turns * 2 * Math.PI))) /
          (2 * Math.log(theta));
        const [fast, slow] = [planeOf(betaFast), planeOf(betaSlow)];
        const first = Math.max(0, truncate ? Math.floor(fast) : fast);
        const last = Math.min(rotaryDim - 1, truncate ? Math.ceil(slow) : slow);
        const stretched = ramp(plane, first, first === last ? last + 0.001 : last);
        return frequency(plane) * (1 - stretched + stretched / factor);
      }
      case "longrope": {
        const isLong = length > rope.originalMaxPositionEmbeddings;
        return frequency(plane) / (isLong ? rope.longFactor : rope.shortFactor)[plane]!;
      }
    }
  });
}

/** 0 up to `first`, 1 from `last` on, linear between. */
const ramp = (value: number, first: number, last: number): number =>
  Math.min(1, Math.max(0, (value - first) / (last - first)));

/** Cosine and sine of every token's rotation in each plane, `(T, rotaryDim / 2)` in float32. */
export interface RotaryTables {
  readonly cosine: Tensor;
  readonly sine: Tensor;
}

/**
 * Tables for `positions` `(T) int64`. Angles are computed in float32, as transformers does.
 *
 * @param spans whose tokens are the T ones, in order; each is rotated by the length of its own row
 */
export function rotaryTables(
  rope: RopeParameters,
  rotaryDim: number,
  positions: Tensor,
  spans: readonly RowSpan[],
): RotaryTables {
  const angles = aten.cat(
    spansOfEqualRotation(rope, spans).map(({ start, tokens, length }) => {
      const perPlane = tensor(inverseFrequencies(rope, rotaryDim, length), { device: positions.device });
      return positions.narrow(0, start, tokens).to("float32").unsqueeze(1).mul(perPlane);
    }),
  );
  const scaled = (table: Tensor) =>
    "attentionFactor" in rope && rope.attentionFactor !== 1 ? table.mul(rope.attentionFactor) : table;
  return { cosine: scaled(angles.cos()), sine: scaled(angles.sin()) };
}

/** Neighbouring tokens whose rows are rotated alike. */
function spansOfEqualRotation(
  rope: RopeParameters,
  spans: readonly RowSpan[],
): { start: number; tokens: number; length: number }[] {
  /** Lengths that this maps to one number are rotated alike. */
  const kindOf = (length: number): number => {
    if (rope.type === "dynamic") return Math.max(length, rope.maxPositionEmbeddings);
    if (rope.type === "longrope") return Math.max(length, rope.originalMaxPositionEmbeddings);
    return 0;
  };
  const merged: { start: number; tokens: number; length: number }[] = [];
  let start = 0;
  for (const { tokens, length } of spans) {
    const last = merged.at(-1);
    if (last && kindOf(last.length) === kindOf(length)) last.tokens += tokens;
    else merged.push({ start, tokens, length });
    start += tokens;
  }
  return merged;
}

/** Root-mean-square normalisation of each head before its rotation (Qwen 3's query and key norm). */
export interface HeadNorm {
  /** `(headDim)` */
  readonly weight: Tensor;
  readonly eps: number;
}

/**
 * Rotates `heads` `(T, H, headDim)`, normalised first where there is a `norm`, by the tables' angles: as many elements from
 * the first on as the tables have planes for; null: none.
 */
export function rotate(heads: Tensor, tables: RotaryTables | null, norm: HeadNorm | null = null): Tensor {
  const rotaryDim = tables === null ? 0 : 2 * tables.cosine.shape[1]!;
  const headDim = heads.shape[2]!;
  if (tables !== null && rotaryDim === headDim) {
    return kernels.rotary(heads, tables.cosine, tables.sine, norm?.weight, norm?.eps);
  }
  const normed = norm === null ? heads : kernels.rms_norm(heads, norm.weight, norm.eps);
  if (tables === null) return normed;
  const rotated = kernels.rotary(normed.narrow(2, 0, rotaryDim), tables.cosine, tables.sine);
  return aten.cat([rotated, normed.narrow(2, rotaryDim, headDim - rotaryDim)], 2);
}

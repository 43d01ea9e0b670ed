/**
 * @file The language-model head and the objective in one go. The logits of a batch never exist: chunk by chunk
 * the logits are made, the objective turns them into their gradient, and that is multiplied away into the
 * gradients of the hidden states and of the head's weight.
 */
import {
  aten,
  type DType,
  empty,
  ITEM_SIZE,
  kernels,
  noGrad,
  scope,
  type Tensor,
  zeros,
} from "@one-token/torch";
import { trainOptions } from "../config/train-options.js";
import { OtrError } from "../errors.js";
import { type ChunkInput, type ChunkOutput, canFuse, evaluateFused } from "./fused-objective.js";
import { evaluateObjective, type Objective } from "./objective.js";
import type { PrecedingTokens } from "./preceding-tokens.js";
import type { RandomStream } from "./random-stream.js";
import type { RolloutTokens } from "./rollout-tokens.js";
import { statisticNames, type TokenStatistics } from "./statistics.js";
import { accumulateValueGradient, predictValues, type ValueHead } from "./value-head.js";

/** The default of `head_chunk_bytes`: matrix multiplications run at full speed, and it is small beside a model. */
const defaultHeadChunkBytes = trainOptions.shape.headChunkBytes.parse(undefined);

/** A pair of low-rank matrices beside the head: `input weight^T` is added to the logits. */
export interface HeadPair {
  /** `(N, r)`. Read as a constant. */
  readonly input: Tensor;
  /** `(V, r)`. Read as a constant. */
  readonly weight: Tensor;
  /** `(V, r)` in the accumulation dtype: where to add the weight's gradient; null: a new tensor. */
  readonly weightGradient: Tensor | null;
}

/** What {@link chunkedHead} computes with: N supervised positions, D hidden sizes, V tokens. */
export interface ChunkedHeadInput {
  /** Hidden states after the final norm at the supervised positions, `(N, D)`. Read as a constant. */
  readonly hidden: Tensor;
  /** `(V, D)`. Read as a constant. */
  readonly headWeight: Tensor;
  /** What is added to the logits; default: nothing. */
  readonly pair?: HeadPair | null;
  /** `(N) int64` */
  readonly targets: Tensor;
  /** `(N)`: the factor of each token's loss in the sum that is differentiated, normaliser included. */
  readonly weights: Tensor;
  readonly objective: Objective;
  /** The draws; needed where the objective samples. */
  readonly stream?: RandomStream | null;
  /** The tokens before each position; needed where the objective reads them. */
  readonly preceding?: PrecedingTokens | null;
  /** What is known of tokens that the model wrote; needed where the objective trains them. */
  readonly rollouts?: RolloutTokens | null;
  /** The critic; needed where the objective has one. */
  readonly valueHead?: ValueHead | null;
  /**
   * Bytes of one chunk's logits in the dtype of the matrix multiplications: all that the fused operator holds. The
   * composed form holds several times as much.
   */
  readonly headChunkBytes?: number;
  /** Dtype of the matrix multiplications; default: that of `hidden`. */
  readonly computeDtype?: DType;
  /** c of the soft cap c tanh(z / c) on the logits z; default 0: none. */
  readonly softcap?: number;
  /** Which gradients to compute; default: both. Neither: an evaluation, which leaves the critic alone too. */
  readonly needs?: { readonly hiddenGradient: boolean; readonly headGradient: boolean };
  /** `(V, D)` in the accumulation dtype: where to add the head's gradient; default: a new tensor. */
  readonly headGradient?: Tensor | null;
}

/** Gradients and statistics of N supervised positions. */
export interface ChunkedHeadOutput {
  /** `(N, D)`, dtype of `hidden`. */
  readonly hiddenGradient: Tensor | null;
  /** `(V, D)` in the accumulation dtype. */
  readonly headGradient: Tensor | null;
  /** Of the pair's input `(N, r)`, in its dtype, and of its weight `(V, r)`; null where nothing has a gradient. */
  readonly pairGradient: { readonly input: Tensor; readonly weight: Tensor } | null;
  /** Of the critic's weight and bias, in the accumulation dtype; the coefficient is in it. */
  readonly valueHeadGradient: ValueHead | null;
  /** Sums over the N tokens; `weighted_loss` is the loss that was differentiated, without the critic's. */
  readonly statistics: TokenStatistics;
}

/**
 * Loss, statistics and gradients of an objective over N supervised positions.
 *
 * The accumulation dtype, float64 for float64 and float32 for everything else, is that of softmax, losses,
 * samples, statistics and sums over chunks; only logits and the gradient that enters the matrix
 * multiplications have the compute dtype.
 *
 * @throws OtrError `HEAD_CHUNK_BYTES_INVALID`, and those of {@link evaluateObjective}
 */
export function chunkedHead(input: ChunkedHeadInput): ChunkedHeadOutput {
  return noGrad(() => scope(() => evaluateChunks(input)));
}

function evaluateChunks(input: ChunkedHeadInput): ChunkedHeadOutput {
  const { objective, stream = null, preceding = null, rollouts = null, softcap = 0 } = input;
  const { hiddenGradient: needsHidden, headGradient: needsHead } = input.needs ?? {
    hiddenGradient: true,
    headGradient: true,
  };
  const needsGradient = needsHidden || needsHead;
  const computeDtype = input.computeDtype ?? input.hidden.dtype;
  const dtype: DType = computeDtype === "float64" ? "float64" : "float32";
  const hidden = input.hidden.detach().to(computeDtype);
  const headWeight = input.headWeight.detach().to(computeDtype);
  const weights = input.weights.to(dtype);
  const valueHead = objective.valueLossCoef === null ? null : (input.valueHead ?? null);
  const [count, width] = hidden.shape;
  const vocabulary = headWeight.shape[0];
  const device = hidden.device;

  const hiddenGradient = needsHidden ? empty([count, width], { dtype: computeDtype, device }) : null;
  const earlierGradient = input.headGradient ?? null;
  const makeGradient = count === 0 ? zeros : empty;
  const headGradient = needsHead
    ? (earlierGradient ?? makeGradient([vocabulary, width], { dtype, device }))
    : null;
  const pair = pairWithin(input.pair ?? null, computeDtype);
  const pairGradient =
    pair && needsGradient
      ? {
          input: empty(pair.input.shape, { dtype: computeDtype, device }),
          weight: pair.weightGradient ?? zeros(pair.weight.shape, { dtype, device }),
        }
      : null;
  const valueHeadGradient =
    valueHead && needsGradient
      ? { weight: zeros([width], { dtype, device }), bias: zeros([], { dtype, device }) }
      : null;
  const statistics = zeros([statisticNames.length], { dtype: "float64", device });

  const bytesOfRow = vocabulary * ITEM_SIZE[computeDtype];
  const chunk = rowsOfChunk(count, bytesOfRow, input.headChunkBytes ?? defaultHeadChunkBytes);
  // Made once: memory that is asked for in every chunk is given back in every chunk, and its pages fault anew.
  const buffer = empty([chunk, vocabulary], { dtype: computeDtype, device });
  const evaluate = canFuse(objective, buffer, stream) ? evaluateFused : evaluateComposed;
  for (let start = 0; start < count; start += chunk) {
    const rows = Math.min(chunk, count - start);
    scope(() => {
      const states = hidden.narrow(0, start, rows);
      const logits = aten.mm.out(states, headWeight.t(), { out: buffer.narrow(0, 0, rows) });
      if (pair) aten.addmm_(logits, pair.input.narrow(0, start, rows), pair.weight.t());
      const { gradient, valueGradient } = evaluate(objective, {
        logits,
        targets: input.targets.narrow(0, start, rows),
        weights: weights.narrow(0, start, rows),
        values: valueHead && predictValues(valueHead, states, dtype),
        stream: stream?.narrow(start, rows) ?? null,
        preceding: preceding?.narrow(start, rows) ?? null,
        rollouts: rollouts?.narrow(start, rows) ?? null,
        softcap,
        needsGradient,
        statistics,
      });
      if (valueHeadGradient) accumulateValueGradient(valueHeadGradient, states, valueGradient!);
      if (!gradient) return;
      if (hiddenGradient) aten.mm.out(gradient, headWeight, { out: hiddenGradient.narrow(0, start, rows) });
      if (pair && pairGradient) {
        aten.mm.out(gradient, pair.weight, { out: pairGradient.input.narrow(0, start, rows) });
        const pairInput = pair.input.narrow(0, start, rows);
        kernels.add_product_(pairGradient.weight, gradient.t(), pairInput, { accumulate: true });
      }
      if (!headGradient) return;
      const accumulate = earlierGradient !== null || start > 0;
      kernels.add_product_(headGradient, gradient.t(), states, { accumulate });
    });
  }
  return {
    hiddenGradient: hiddenGradient?.to(input.hidden.dtype) ?? null,
    headGradient,
    pairGradient,
    valueHeadGradient,
    statistics,
  };
}

const pairWithin = (pair: HeadPair | null, dtype: DType): HeadPair | null =>
  pair && { ...pair, input: pair.input.detach().to(dtype), weight: pair.weight.detach().to(dtype) };

/** The objective from ATen's operators, for every device and dtype. */
function evaluateComposed(objective: Objective, input: ChunkInput): ChunkOutput {
  const { logits, statistics } = input;
  const dtype = logits.dtype === "float64" ? "float64" : "float32";
  const output = evaluateObjective(objective, { ...input, logits: logits.to(dtype) });
  statistics.add_(output.statistics);
  return {
    gradient: output.gradient?.to(logits.dtype) ?? null,
    valueGradient: output.valueGradient,
  };
}

/**
 * Rows of a chunk: as many as fit in `bytes`, and one at least, evened out so that the last chunk is no remnant.
 *
 * @throws {OtrError} `HEAD_CHUNK_BYTES_INVALID`
 */
export function rowsOfChunk(count: number, bytesOfRow: number, bytes: number): number {
  if (!(bytes > 0)) {
    throw new OtrError(
      "HEAD_CHUNK_BYTES_INVALID",
      `head_chunk_bytes is ${bytes}, which holds no row of logits; use a positive number (${defaultHeadChunkBytes} is the default)`,
    );
  }
  const fit = Math.max(1, Math.floor(bytes / bytesOfRow));
  return Math.ceil(count / Math.max(1, Math.ceil(count / fit)));
}

/**
 * @file The language-model head and the objective in one go. The logits of a batch never exist: chunk by chunk
 * the logits are made, the objective turns them into their gradient, and that is multiplied away into the
 * gradients of the hidden states and of the head's weight.
 */
import { aten, type DType, empty, noGrad, scope, type Tensor, zeros } from "@one-token/torch";
import { OtrError } from "../errors.js";
import { evaluateObjective, type Objective } from "./objective.js";
import type { RandomStream } from "./random-stream.js";
import { statisticNames, type TokenStatistics } from "./statistics.js";
import { accumulateValueGradient, predictValues, type ValueHead } from "./value-head.js";

/** 64 MiB: large enough that the matrix multiplications run at full speed, small beside a model. */
export const defaultHeadChunkBytes = 64 * 2 ** 20;

export interface ChunkedHeadInput {
  /** Hidden states after the final norm at the supervised positions, `(N, D)`. Read as a constant. */
  readonly hidden: Tensor;
  /** `(V, D)`. Read as a constant. */
  readonly headWeight: Tensor;
  /** `(N) int64` */
  readonly targets: Tensor;
  /** `(N)`: the factor of each token's loss in the sum that is differentiated, normaliser included. */
  readonly weights: Tensor;
  readonly objective: Objective;
  /** The draws; needed where the objective samples. */
  readonly stream?: RandomStream | null;
  /** The critic; needed where the objective has one. */
  readonly valueHead?: ValueHead | null;
  /** Bytes of one chunk's logits in the accumulation dtype; about four times as much is in use. */
  readonly headChunkBytes?: number;
  /** Dtype of the matrix multiplications; default: that of `hidden`. */
  readonly computeDtype?: DType;
  /** Which gradients to compute; default: both. Neither: an evaluation, which leaves the critic alone too. */
  readonly needs?: { readonly hiddenGradient: boolean; readonly headGradient: boolean };
  /** `(V, D)` in the accumulation dtype: where to add the head's gradient; default: a new tensor of zeros. */
  readonly headGradient?: Tensor;
}

export interface ChunkedHeadOutput {
  /** `(N, D)`, dtype of `hidden`. */
  readonly hiddenGradient: Tensor | null;
  /** `(V, D)` in the accumulation dtype. */
  readonly headGradient: Tensor | null;
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
  const { objective, stream = null } = input;
  const { hiddenGradient: needsHidden, headGradient: needsHead } = input.needs ?? {
    hiddenGradient: true,
    headGradient: true,
  };
  const needsGradient = needsHidden || needsHead;
  const computeDtype = input.computeDtype ?? input.hidden.dtype;
  const dtype: DType = computeDtype === "float64" ? "float64" : "float32";
  const hidden = input.hidden.detach().to(computeDtype);
  const headWeight = input.headWeight.detach().to(computeDtype);
  const valueHead = objective.valueLossCoef === null ? null : (input.valueHead ?? null);
  const [count, width] = hidden.shape;
  const vocabulary = headWeight.shape[0];
  const device = hidden.device;

  const hiddenGradient = needsHidden ? empty([count, width], { dtype: computeDtype, device }) : null;
  const headGradient = needsHead
    ? (input.headGradient ?? zeros([vocabulary, width], { dtype, device }))
    : null;
  const valueHeadGradient =
    valueHead && needsGradient
      ? { weight: zeros([width], { dtype, device }), bias: zeros([], { dtype, device }) }
      : null;
  const statistics = zeros([statisticNames.length], { dtype: "float64", device });

  const chunk = rowsOfChunk(count, vocabulary, dtype, input.headChunkBytes ?? defaultHeadChunkBytes);
  for (let start = 0; start < count; start += chunk) {
    const rows = Math.min(chunk, count - start);
    scope(() => {
      const states = hidden.narrow(0, start, rows);
      const output = evaluateObjective(objective, {
        logits: states.matmul(headWeight.t()).to(dtype),
        targets: input.targets.narrow(0, start, rows),
        weights: input.weights.narrow(0, start, rows).to(dtype),
        values: valueHead && predictValues(valueHead, states, dtype),
        stream: stream?.narrow(start, rows) ?? null,
        needsGradient,
      });
      statistics.add_(output.statistics);
      if (valueHeadGradient) accumulateValueGradient(valueHeadGradient, states, output.valueGradient!);
      if (!output.gradient) return;
      const gradient = output.gradient.to(computeDtype);
      if (hiddenGradient) aten.mm.out(gradient, headWeight, { out: hiddenGradient.narrow(0, start, rows) });
      if (headGradient) accumulateProduct(headGradient, gradient.t(), states);
    });
  }
  return {
    hiddenGradient: hiddenGradient?.to(input.hidden.dtype) ?? null,
    headGradient,
    valueHeadGradient,
    statistics,
  };
}

/** sum += left right, where the product may have a narrower dtype than the sum. */
function accumulateProduct(sum: Tensor, left: Tensor, right: Tensor): void {
  if (left.dtype === sum.dtype) aten.addmm_(sum, left, right);
  else sum.add_(left.matmul(right));
}

/** Rows of a chunk: as many as fit in `bytes`, evened out so that the last chunk is no remnant. */
function rowsOfChunk(count: number, vocabulary: number, dtype: DType, bytes: number): number {
  if (!(bytes > 0)) {
    throw new OtrError(
      "HEAD_CHUNK_BYTES_INVALID",
      `head_chunk_bytes is ${bytes}, which holds no row of logits; use a positive number (${defaultHeadChunkBytes} is the default)`,
    );
  }
  const fit = Math.max(1, Math.floor(bytes / (vocabulary * (dtype === "float64" ? 8 : 4))));
  return Math.ceil(count / Math.max(1, Math.ceil(count / fit)));
}

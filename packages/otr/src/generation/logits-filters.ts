/**
 * @file Changes of the next token's logits, `(B, V)` in and out, as transformers defines them. A token that is
 * filtered out gets minus infinity; the most probable one always stays.
 */
import { aten, type Tensor, tensor } from "@one-token/torch";
import type { ResolvedGenerationOptions } from "./generation-options.js";

/** Divides positive and multiplies negative logits of the tokens that stand in each row's `sequences` by `penalty`. */
export function penalizeRepetition(
  logits: Tensor,
  sequences: readonly (readonly number[])[],
  penalty: number,
): Tensor {
  if (penalty === 1) return logits;
  const longest = Math.max(...sequences.map((sequence) => sequence.length));
  // Shorter rows are filled up with a token that they hold, for which the same value is written once more.
  const padded = sequences.flatMap((sequence) =>
    Array.from({ length: longest }, (_, position) => sequence[position] ?? sequence[0]!),
  );
  const ids = tensor(padded, { shape: [sequences.length, longest], dtype: "int64", device: logits.device });
  const scores = logits.gather(1, ids);
  const penalized = aten.where.self(aten.lt.Scalar(scores, 0), scores.mul(penalty), scores.div(penalty));
  return aten.scatter.src(logits, 1, ids, penalized);
}

/** Temperature, top-k, top-p and min-p, in this order. `temperature` must be above 0. */
export function filterLogits(logits: Tensor, options: ResolvedGenerationOptions): Tensor {
  const { temperature, topK, topP, minP } = options;
  // Relative to the row's maximum, so that a tiny temperature gives minus infinity, never NaN.
  const shifted = logits.sub(aten.amax(logits, [1], true));
  let filtered = temperature === 1 ? shifted : shifted.div(temperature);
  if (topK > 0 && topK < filtered.shape[1]!) filtered = keepTopK(filtered, topK);
  if (topP < 1) filtered = keepTopP(filtered, topP);
  if (minP > 0) filtered = keepMinP(filtered, minP);
  return filtered;
}

function keepTopK(logits: Tensor, count: number): Tensor {
  const [values] = aten.topk(logits, count);
  const threshold = values.narrow(1, count - 1, 1);
  return remove(logits, aten.lt.Tensor(logits, threshold));
}

function keepTopP(logits: Tensor, mass: number): Tensor {
  const [ascending, order] = aten.sort(logits);
  const cumulative = aten.cumsum(ascending.softmax(1), 1);
  const tail = aten.le.Scalar(cumulative, 1 - mass);
  tail.narrow(1, tail.shape[1]! - 1, 1).fill_(0);
  return remove(logits, aten.scatter.src(tail, 1, order, tail));
}

function keepMinP(logits: Tensor, share: number): Tensor {
  const probabilities = logits.softmax(1);
  const threshold = aten.amax(probabilities, [1], true).mul(share);
  return remove(logits, aten.lt.Tensor(probabilities, threshold));
}

function remove(logits: Tensor, mask: Tensor): Tensor {
  return aten.masked_fill.Scalar(logits, mask, Number.NEGATIVE_INFINITY);
}

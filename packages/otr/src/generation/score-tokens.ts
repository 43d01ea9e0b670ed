/** @file The probability of given tokens at given places. */
import { aten, scope, type Tensor, tensor } from "@one-token/torch";
import { RunError } from "../errors.js";
import type { CausalLM, ForwardOptions } from "../models/causal-lm.js";

/** Bytes of the logits that exist at a time, in float32. */
const LOGIT_BYTES = 64 * 1024 * 1024;

/** What the model says of each token. */
export interface TokenScores {
  /** Natural logarithms. */
  readonly logProbabilities: number[];
  /** Whether the token is the most probable one of its place. */
  readonly isLargest: boolean[];
}

/**
 * Scores `targets`, token ids, each by the logits that follow one row of `hidden` `(T, D)`; the logits are made piece by
 * piece.
 *
 * @param places the row of each target
 * @throws {RunError} `NONFINITE_LOGITS`
 */
export function scoreTokens(
  model: CausalLM,
  hidden: Tensor,
  places: readonly number[],
  targets: readonly number[],
  options: ForwardOptions = {},
): TokenScores {
  const scores: TokenScores = { logProbabilities: [], isLargest: [] };
  const rows = Math.max(1, Math.floor(LOGIT_BYTES / (4 * model.vocabSize)));
  const integers = (values: readonly number[]) =>
    tensor([...values], { dtype: "int64", device: model.device });
  for (let start = 0; start < places.length; start += rows) {
    scope(() => {
      const wanted = integers(targets.slice(start, start + rows));
      const logits = model.logits(
        hidden.indexSelect(0, integers(places.slice(start, start + rows))),
        options,
      );
      const own = logits.gather(1, wanted.unsqueeze(1)).sub(aten.logsumexp(logits, [1], true));
      for (const each of own.squeeze(1).toArray()) {
        if (Number.isNaN(each)) throw nonfiniteLogits();
        scores.logProbabilities.push(each);
      }
      const likeliest = logits.argmax(1).toArray();
      for (const [row, id] of likeliest.entries()) scores.isLargest.push(id === targets[start + row]);
    });
  }
  return scores;
}

/** What is said where logits are not finite. */
export const nonfiniteLogits = (): RunError =>
  new RunError(
    "NONFINITE_LOGITS",
    "the model computed logits that are not finite: its weights are damaged, or too large for the dtype; try --dtype float32",
  );

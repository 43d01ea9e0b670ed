/** @file What two models make of the same tokens. */
import { aten, noGrad, scope, type Tensor } from "@one-token/torch";
import type { EncodedRow } from "../data/encoded-row.js";
import type { CausalLM } from "../models/causal-lm.js";
import { packRows } from "../models/packed-rows.js";
import { supervisedTokens } from "../training/supervised-tokens.js";

/** A learned token under a base model and under one that was trained from it. */
export interface TokenDifference {
  /** Which of the rows it is in, and where. */
  readonly rowId: number;
  readonly position: number;
  readonly tokenId: number;
  /** Log-probability of the token, nats. */
  readonly before: number;
  readonly after: number;
  /** KL(base || trained) of the two distributions at this place, nats. */
  readonly divergence: number;
}

/** Bytes of the largest block of logits that is held at once. */
const BLOCK_BYTES = 2 ** 26;

/**
 * Compares two models of one vocabulary on the learned tokens of each row. In float32; where a vocabulary has grown, the new
 * tokens have no part in the comparison.
 */
export function tokenDifferences(
  base: CausalLM,
  trained: CausalLM,
  rows: readonly EncodedRow[],
): TokenDifference[] {
  return rows.flatMap((row) => scope(() => noGrad(() => differencesOf(base, trained, row))));
}

function differencesOf(base: CausalLM, trained: CausalLM, row: EncodedRow): TokenDifference[] {
  const packed = packRows([row], base.device);
  const { index, targets, positions } = supervisedTokens([row], packed, () => 1, base.device);
  if (positions.length === 0) return [];
  const hidden = [base, trained].map((model) => model.forward(packed).indexSelect(0, index));
  const vocabulary = Math.min(base.vocabSize, trained.vocabSize);
  const block = Math.max(1, Math.floor(BLOCK_BYTES / (4 * vocabulary)));
  const differences: TokenDifference[] = [];
  for (let start = 0; start < positions.length; start += block) {
    const count = Math.min(block, positions.length - start);
    differences.push(
      ...scope(() => {
        const [before, after] = [base, trained].map((model, which) =>
          logProbabilities(model, aten.narrow(hidden[which]!, 0, start, count), vocabulary),
        );
        const wanted = aten.unsqueeze(aten.narrow(targets, 0, start, count), 1);
        const ofTargets = (table: Tensor) => aten.gather(table, 1, wanted).toArray();
        const divergence = aten.sum.dim_IntList(aten.exp(before!).mul(before!.sub(after!)), [1]).toArray();
        const [beforeTargets, afterTargets] = [ofTargets(before!), ofTargets(after!)];
        return divergence.map((nats, at) => ({
          rowId: row.id,
          position: positions[start + at]!,
          tokenId: row.labels[positions[start + at]!]!,
          before: beforeTargets[at]!,
          after: afterTargets[at]!,
          // Rounding makes it slightly negative where the two agree.
          divergence: Math.max(0, nats),
        }));
      }),
    );
  }
  return differences;
}

/** `(N, V)` float32 of hidden states `(N, D)`. */
function logProbabilities(model: CausalLM, hidden: Tensor, vocabulary: number): Tensor {
  const logits = aten.narrow(model.logits(hidden), 1, 0, vocabulary);
  return aten.log_softmax.int(logits.to("float32"), 1);
}

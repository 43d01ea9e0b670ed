/** @file What the objective sees of a few rows, token by token, for people who want to watch it. */
import { aten, type Tensor } from "@one-token/torch";
import type { EncodedRow } from "../data/encoded-row.js";
import type { Tokenizer } from "../data/tokenizer.js";
import type { Objective, TokenContext } from "../objectives/objective.js";
import type { TrainingModel } from "./training-model.js";

/** A candidate that was sampled in the place of a true token. */
export interface SampledToken {
  readonly token_id: number;
  readonly token: string;
  readonly count: number;
}

/** A supervised token, and what the model made of it. */
export interface TracedToken {
  /** In the row, from 0. */
  readonly position: number;
  readonly token_id: number;
  readonly token: string;
  /** p(y), at temperature 1. */
  readonly probability: number;
  /** Of the distribution, nats. */
  readonly entropy: number;
  /** With `otr`: mean reward of the candidates, and the share of them that are the true token. */
  readonly reward?: number;
  readonly hit_rate?: number;
  /** With `otr` and candidates that are sampled: those that came most often. */
  readonly samples?: readonly SampledToken[];
}

/** A line of `tokens.jsonl`, but for the step. */
export interface TokenTrace {
  /** Which rows it is from: `train`, `eval`, or the name of the set. */
  readonly set: string;
  /** Its number in the data set, from 0. */
  readonly row: number;
  /** All tokens of the row, with what is not learned. */
  readonly token_ids: readonly number[];
  readonly tokens: readonly TracedToken[];
}

/** Supervised tokens of a row that are traced, the first ones; and candidates of each that are named. */
const MOST_TOKENS = 128;
const MOST_SAMPLES = 8;

/** What is read of the model for a row: numbers by token. */
interface TracedNumbers {
  readonly positions: readonly number[];
  readonly probability: readonly number[];
  readonly entropy: readonly number[];
  readonly rollout: { readonly reward: readonly number[]; readonly hitRate: readonly number[] } | null;
  /** Token ids of the candidates of each token; null where none are sampled. */
  readonly candidates: readonly (readonly number[])[] | null;
}

/**
 * Traces the first supervised tokens of each row.
 *
 * @param step keys the random draws, which are those of a training step on these rows
 */
export async function traceTokens(
  model: TrainingModel,
  { set, rows }: { readonly set: string; readonly rows: readonly EncodedRow[] },
  step: number,
  tokenizer: Tokenizer,
): Promise<TokenTrace[]> {
  const texts = new Map<number, Promise<string>>();
  const textOf = (id: number) => {
    const text = texts.get(id) ?? tokenizer.decode([id]);
    texts.set(id, text);
    return text;
  };
  const traces: TokenTrace[] = [];
  for (const row of rows) {
    const numbers = model.probe(row, step, MOST_TOKENS, readNumbers);
    const tokens = numbers.positions.map(async (position, at): Promise<TracedToken> => {
      const id = row.labels[position]!;
      const { rollout, candidates } = numbers;
      return {
        position,
        token_id: id,
        token: await textOf(id),
        probability: numbers.probability[at]!,
        entropy: numbers.entropy[at]!,
        ...(rollout && { reward: rollout.reward[at]!, hit_rate: rollout.hitRate[at]! }),
        ...(candidates && { samples: await commonest(candidates[at]!, textOf) }),
      };
    });
    const traced = await Promise.all(tokens);
    traces.push({ set, row: row.id, token_ids: [...row.inputIds], tokens: traced });
  }
  return traces;
}

/** @param positions of the tokens in their row */
function readNumbers(
  context: TokenContext,
  objective: Objective,
  positions: readonly number[],
): TracedNumbers {
  const { policy, stream, targetLogProbability } = context;
  // For people: six digits are enough, and half the size of the file.
  const numbers = (tensor: Tensor) =>
    tensor
      .to("float64")
      .toArray()
      .map((value) => Number(value.toPrecision(6)));
  const { num_samples: count, temperature } = objective.terms ?? {};
  const isSampled = stream !== null && count !== undefined && temperature !== undefined;
  // The stream gives the same draws each time.
  const drawn = isSampled ? stream.sample(policy.tempered(temperature), Number(count)).toArray() : null;
  const probability = numbers(aten.exp(targetLogProbability));
  const entropy = numbers(policy.entropy);
  const { rollout } = objective.evaluate(context);
  const perToken = drawn === null ? 0 : drawn.length / positions.length;
  return {
    positions,
    probability,
    entropy,
    rollout: rollout && { reward: numbers(rollout.reward), hitRate: numbers(rollout.hitRate) },
    candidates: drawn && positions.map((_, at) => drawn.slice(at * perToken, (at + 1) * perToken)),
  };
}

async function commonest(
  candidates: readonly number[],
  textOf: (id: number) => Promise<string>,
): Promise<SampledToken[]> {
  const counts = new Map<number, number>();
  for (const id of candidates) counts.set(id, (counts.get(id) ?? 0) + 1);
  const sorted = [...counts].sort(([idA, a], [idB, b]) => b - a || idA - idB);
  return Promise.all(
    sorted
      .slice(0, MOST_SAMPLES)
      .map(async ([id, count]) => ({ token_id: id, token: await textOf(id), count })),
  );
}

/** @file What training has done to tokens: those of training rows, and those of the base model's own answers. */
import type { TrainConfig } from "../config/train-options.js";
import { type EncodedRow, IGNORE_INDEX } from "../data/encoded-row.js";
import type { Tokenizer } from "../data/tokenizer.js";
import { withPreparedRun } from "../training/prepare-run.js";
import type { MeasuredModel } from "./measured-model.js";
import type { TokenMeasurement, TokenShift, TracedRow } from "./measurement.js";
import type { TokenOrder } from "./run-order.js";
import { readTaskSamples } from "./task-samples.js";
import { type TokenDifference, tokenDifferences } from "./token-differences.js";
import { tokenKind } from "./token-kind.js";

/** Probabilities under the base model at which the groups of the view begin. */
const BOUNDS = [0, 0.01, 0.1, 0.5, 0.9, 0.99] as const;
const BOUND_NAMES = [
  "below 0.01",
  "0.01 to 0.1",
  "0.1 to 0.5",
  "0.5 to 0.9",
  "0.9 to 0.99",
  "0.99 and above",
];

/** Rows that are kept token by token, and items of each forgetting task that are looked at. */
const TRACED_ROWS = 4;
const FORGETTING_ITEMS = 100;

/**
 * Compares a trained model with its base as an order says.
 *
 * @param addSpecialTokens false where prompts come from a chat template, which has written them
 */
export async function measureTokens(
  base: MeasuredModel,
  trained: MeasuredModel,
  config: TrainConfig,
  { baseFolder, forgetting, rows: count }: TokenOrder,
  addSpecialTokens: boolean,
): Promise<Omit<TokenMeasurement, "fingerprint">> {
  const answers = await baseAnswers(base.tokenizer, baseFolder, forgetting, addSpecialTokens);
  const kept = tokenDifferences(base.model, trained.model, known(base, answers));
  const rows = count === 0 ? [] : known(base, await trainingRows(config, count));
  const learned = tokenDifferences(base.model, trained.model, rows);
  const texts = await textsOf(trained.tokenizer, rows);
  return {
    kl_from_base: kept.length === 0 ? null : mean(kept.map(({ divergence }) => divergence)),
    kl_tokens: kept.length,
    by_probability: groups(learned, ({ before }) => BOUND_NAMES[boundOf(Math.exp(before))]!, BOUND_NAMES),
    by_kind: groups(learned, ({ tokenId }) => tokenKind(texts.get(tokenId)!)),
    rows: rows.slice(0, TRACED_ROWS).map((row) => tracedRow(row, learned, texts)),
  };
}

/** Rows of tokens that the base model knows: training may have added others. */
const known = ({ model }: MeasuredModel, rows: readonly EncodedRow[]): EncodedRow[] =>
  rows.filter(({ inputIds }) => inputIds.every((id) => id < model.vocabSize));

/** The base model's own answers to the items of tasks, as rows in which the answer is learned. */
async function baseAnswers(
  tokenizer: Tokenizer,
  folder: string,
  tasks: readonly string[],
  addSpecialTokens: boolean,
): Promise<EncodedRow[]> {
  const samples = tasks.flatMap((task) => readTaskSamples(folder, task).slice(0, FORGETTING_ITEMS));
  const answered = samples.filter(({ prompt, response }) => prompt !== "" && response !== "");
  const encode = (texts: readonly string[]) => tokenizer.encodeBatch(texts, { addSpecialTokens });
  const prompts = await encode(answered.map(({ prompt }) => prompt));
  const wholes = await encode(answered.map(({ prompt, response }) => prompt + response));
  return wholes.map((ids, id) => {
    const inputIds = Int32Array.from(ids);
    const labels = Int32Array.from(ids);
    labels.fill(IGNORE_INDEX, 0, commonPrefix(prompts[id]!, ids));
    return { id, inputIds, labels };
  });
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** The first rows of the data set, as training sees them. */
const trainingRows = (config: TrainConfig, count: number): Promise<EncodedRow[]> =>
  withPreparedRun(config, ({ dataset: { rows } }) =>
    rows.read(Array.from({ length: Math.min(count, rows.length) }, (_, at) => at)),
  );

async function textsOf(tokenizer: Tokenizer, rows: readonly EncodedRow[]): Promise<Map<number, string>> {
  const ids = [...new Set(rows.flatMap(({ inputIds }) => [...inputIds]))];
  return new Map(await Promise.all(ids.map(async (id) => [id, await tokenizer.decode([id])] as const)));
}

const boundOf = (probability: number): number => BOUNDS.findLastIndex((bound) => probability >= bound);

function groups(
  tokens: readonly TokenDifference[],
  groupOf: (token: TokenDifference) => string,
  order: readonly string[] = [],
): TokenShift[] {
  const members = new Map<string, TokenDifference[]>(order.map((group) => [group, []]));
  for (const token of tokens) {
    const group = groupOf(token);
    members.set(group, [...(members.get(group) ?? []), token]);
  }
  return [...members]
    .filter(([, own]) => own.length > 0)
    .map(([group, own]) => ({
      group,
      tokens: own.length,
      before: mean(own.map(({ before }) => Math.exp(before))),
      after: mean(own.map(({ after }) => Math.exp(after))),
      shift: mean(own.map(({ before, after }) => after - before)),
    }));
}

function tracedRow(
  { id, inputIds }: EncodedRow,
  differences: readonly TokenDifference[],
  texts: ReadonlyMap<number, string>,
): TracedRow {
  const own = new Map(
    differences.filter(({ rowId }) => rowId === id).map((token) => [token.position, token] as const),
  );
  const probability = (logProbability: number | undefined) =>
    logProbability === undefined ? null : Number(Math.exp(logProbability).toPrecision(4));
  return {
    row: id,
    tokens: [...inputIds].map((token, position) => ({
      text: texts.get(token)!,
      before: probability(own.get(position)?.before),
      after: probability(own.get(position)?.after),
    })),
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

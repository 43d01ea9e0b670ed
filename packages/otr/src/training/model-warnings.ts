/** @file Where the rows of a run ask more of its model than it can learn: the same words for training, plan and inspection. */
import { isGgufFile } from "../config/is-gguf-file.js";
import { counted } from "../config/format-value.js";
import { endOfTurnOf } from "../data/end-of-turn.js";
import type { MixedDataset } from "../data/load-sources.js";
import type { Tokenizer } from "../data/tokenizer.js";
import { countSimilarRows } from "../models/count-similar-rows.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import { embeddingName, headName } from "../models/parameter-layout.js";
import type { RunModel } from "./run-model.js";

/**
 * Sentences on what is probably not meant, and what to do.
 *
 * @param folder of the base model, or its GGUF file
 */
export async function modelWarnings(
  { spec, adapter }: Pick<RunModel, "spec" | "adapter">,
  folder: string,
  tokenizer: Tokenizer,
  dataset: MixedDataset,
): Promise<string[]> {
  const end = await frozenEndWarning({ spec, adapter }, folder, tokenizer, dataset);
  return [...contextWarnings(dataset, spec), ...(end === null ? [] : [end])];
}

function contextWarnings({ rows }: MixedDataset, { maxPositionEmbeddings }: DecoderSpec): string[] {
  const beyond = rows.lengths.reduce(
    (count, length) => (length > maxPositionEmbeddings ? count + 1 : count),
    0,
  );
  if (beyond === 0) return [];
  return [
    `${beyond} ${beyond === 1 ? "row is" : "rows are"} longer than the ${maxPositionEmbeddings} positions that the model was made for; ` +
      `lower max_length to ${maxPositionEmbeddings} unless that is meant.`,
  ];
}

/** Beside an adapter that leaves the head as it is, tokens with the same row of it have the same logit for ever. */
async function frozenEndWarning(
  { spec, adapter }: Pick<RunModel, "spec" | "adapter">,
  folder: string,
  tokenizer: Tokenizer,
  dataset: MixedDataset,
): Promise<string | null> {
  if (adapter === null || isGgufFile(folder) || trainsHead(adapter)) return null;
  const end = await lastLearned(tokenizer, dataset);
  if (end === null) return null;
  const row = await countSimilarRows(folder, spec.tiedEmbeddings ? embeddingName : headName, end);
  if (row === null || (row.similar === 0 && !row.isZero)) return null;
  const token = JSON.stringify(await tokenizer.decode([end]));
  const likeness = row.isZero ? "is zero" : `is nearly that of ${counted(row.similar, "other token")}`;
  return (
    `The base model seems never to have learned ${token}, which ends a text here: its row of the head ${likeness}. ` +
    "Beside an adapter that row stays as it is, so the model will hardly learn to stop; train embedding and head too, with " +
    "--lora_modules_to_save embed_tokens,lm_head."
  );
}

const trainsHead = ({ layout }: NonNullable<RunModel["adapter"]>): boolean =>
  layout.saved.some(({ name }) => name === headName) || layout.targets.some(({ kind }) => kind === "head");

/** The token that ends generation and that the first row teaches last; the tokenizer's own where that row teaches none. */
async function lastLearned(tokenizer: Tokenizer, { rows }: MixedDataset): Promise<number | null> {
  const [row] = await rows.read([0]);
  const last = row === undefined ? null : (await endOfTurnOf(tokenizer)).lastTrained(row);
  return last !== null && tokenizer.stopTokenIds.includes(last) ? last : tokenizer.eosTokenId;
}

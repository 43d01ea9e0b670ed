/** @file The tokenizer of a run, and a vocabulary that fits it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { counted } from "../config/format-value.js";
import type { TrainConfig } from "../config/train-options.js";
import { extendTokenizer } from "../data/extend-tokenizer.js";
import { checkTokenizerFitsModel, loadTokenizer, type Tokenizer } from "../data/tokenizer.js";
import { readTokenizerFiles } from "../data/tokenizer-files.js";
import { readJsonObject, tokenIds } from "../data/tokenizer-json.js";
import { DataError } from "../errors.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import { withVocabSize } from "../models/grow-vocabulary.js";
import type { LoraConfig } from "../models/lora-config.js";
import { holdsVocabulary } from "../models/lora-targets.js";
import type { ModelConfig } from "../models/model-config.js";
import { modelFolder } from "../models/model-folder.js";
import { nameFew } from "../models/name-few.js";
import { decoderSpecOf } from "../models/registry.js";

/** The options that decide on tokens. */
type TokenOptions = Pick<TrainConfig, "addSpecialTokens" | "eosToken">;

/** The tokenizer of a run. */
export interface RunTokenizer {
  readonly tokenizer: Tokenizer;
  /** Tokens that the base model's does not have. */
  readonly newTokens: number;
}

/**
 * The base model's tokenizer, with the tokens that the options add.
 *
 * @param model its folder, or GGUF file
 * @throws {DataError} those of `loadTokenizer` and `extendTokenizer`
 */
export async function loadRunTokenizer(
  { addSpecialTokens: specialTokens, eosToken }: TokenOptions,
  model: string,
): Promise<RunTokenizer> {
  const { folder, newTokens } = await extendTokenizer(await modelFolder(model), { specialTokens, eosToken });
  return { tokenizer: await loadTokenizer(folder), newTokens };
}

/**
 * What the model computes with a vocabulary that has a row for each token.
 *
 * @param adapter the settings of the adapter that is trained; null: the model itself is
 * @throws {DataError} `TOKENIZER_DOES_NOT_FIT`; `NEW_TOKENS_FROZEN` where an adapter would leave the rows of new tokens as
 *   they are
 */
export function fitVocabulary(
  base: { readonly config: ModelConfig; readonly spec: DecoderSpec },
  { tokenizer, newTokens }: RunTokenizer,
  adapter: LoraConfig | null,
): { modelConfig: ModelConfig; spec: DecoderSpec } {
  if (newTokens > 0 && adapter !== null && !holdsVocabulary(adapter)) {
    throw new DataError(
      "NEW_TOKENS_FROZEN",
      "the tokens of add_special_tokens have rows that no training has seen, and beside an adapter they stay so: add embed_tokens and lm_head to lora_modules_to_save, or use tokens that the tokenizer has",
    );
  }
  if (newTokens === 0 || tokenizer.vocabSize <= base.config.vocabSize) {
    checkTokenizerFitsModel(tokenizer, base.config.vocabSize);
    return { modelConfig: base.config, spec: base.spec };
  }
  const modelConfig = withVocabSize(base.config, tokenizer.vocabSize);
  return { modelConfig, spec: decoderSpecOf(modelConfig) };
}

/**
 * Checks that a run has each token that the adapter which it goes on from was trained with, under the same id.
 *
 * @param folder of the adapter; where it holds no tokenizer, the base model's is its own
 * @throws {DataError} `ADAPTER_TOKENS_MISSING`
 */
export function checkAdapterTokens(folder: string, { tokenizer }: RunTokenizer): void {
  if (!existsSync(join(folder, "tokenizer.json"))) return;
  const known = tokensOf(tokenizer.folder);
  const missing = [...tokensOf(folder)]
    .filter(([token, { id, isAdded }]) => isAdded && known.get(token)?.id !== id)
    .map(([token]) => token);
  if (missing.length === 0) return;
  throw new DataError(
    "ADAPTER_TOKENS_MISSING",
    `the adapter in ${folder} was trained with ${nameFew(missing)}, which this run's tokenizer does not have, so their text would become other tokens; give the adapter's own add_special_tokens, in their order`,
  );
}

/** Each token of a folder's tokenizer with its id, those included that only its configuration names. */
function tokensOf(folder: string): Map<string, { readonly id: number; readonly isAdded: boolean }> {
  const { addedTokens, missingTokens, largestId } = readTokenizerFiles(folder);
  const ids = tokenIds(readJsonObject(join(folder, "tokenizer.json")));
  for (const [index, { content }] of missingTokens.entries()) {
    if (!ids.has(content)) ids.set(content, largestId + 1 + index);
  }
  const added = new Set([...addedTokens, ...missingTokens].map(({ content }) => content));
  return new Map([...ids].map(([token, id]) => [token, { id, isAdded: added.has(token) }]));
}

/** What to say of the tokens that are added. */
export function vocabularyNotes(
  { addSpecialTokens, eosToken }: TokenOptions,
  base: DecoderSpec,
  spec: DecoderSpec,
): string[] {
  const added = spec.vocabSize - base.vocabSize;
  const end = eosToken === null ? "" : ` Texts end with ${eosToken}.`;
  if (addSpecialTokens.length === 0) return end === "" ? [] : [end.trim()];
  const rows =
    added > 0
      ? `the vocabulary grows by ${counted(added, "row")} to ${spec.vocabSize}`
      : "there are rows for all";
  return [`Special tokens ${addSpecialTokens.join(" ")}: ${rows}.${end}`];
}

/** @file The tokenizer of a run, and a vocabulary that fits it. */
import { counted } from "../config/format-value.js";
import type { TrainConfig } from "../config/train-options.js";
import { extendTokenizer } from "../data/extend-tokenizer.js";
import { checkTokenizerFitsModel, loadTokenizer, type Tokenizer } from "../data/tokenizer.js";
import { DataError } from "../errors.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import { withVocabSize } from "../models/grow-vocabulary.js";
import type { ModelConfig } from "../models/model-config.js";
import { modelFolder } from "../models/model-folder.js";
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
 * @throws {DataError} `TOKENIZER_DOES_NOT_FIT`; `NEW_TOKENS_FROZEN` where an adapter would leave the rows of new tokens as
 *   they are
 */
export function fitVocabulary(
  config: TrainConfig,
  base: { readonly config: ModelConfig; readonly spec: DecoderSpec },
  { tokenizer, newTokens }: RunTokenizer,
): { modelConfig: ModelConfig; spec: DecoderSpec } {
  const { usePeft, loraModulesToSave: saved } = config;
  const isGrown = newTokens > 0 && tokenizer.vocabSize > base.config.vocabSize;
  const areTrained = ["embed_tokens", "lm_head"].every((name) => saved.includes(name));
  if (usePeft && newTokens > 0 && (isGrown || !areTrained)) {
    throw new DataError(
      "NEW_TOKENS_FROZEN",
      isGrown
        ? `the embedding has ${base.config.vocabSize} rows and the tokens of add_special_tokens need ${tokenizer.vocabSize}, but beside an adapter no rows are added: fine-tune the whole model with these tokens first, or use tokens that it has`
        : "the tokens of add_special_tokens have rows that no training has seen, and beside an adapter they stay so: add embed_tokens and lm_head to lora_modules_to_save, or use tokens that the tokenizer has",
    );
  }
  if (!isGrown) {
    checkTokenizerFitsModel(tokenizer, base.config.vocabSize);
    return { modelConfig: base.config, spec: base.spec };
  }
  const modelConfig = withVocabSize(base.config, tokenizer.vocabSize);
  return { modelConfig, spec: decoderSpecOf(modelConfig) };
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

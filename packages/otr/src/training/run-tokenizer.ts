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

/**
 * The base model's tokenizer, with the tokens that the options add.
 *
 * @param model its folder, or GGUF file
 * @throws {DataError} those of `loadTokenizer` and `extendTokenizer`
 */
export async function loadRunTokenizer(
  { addSpecialTokens: specialTokens, eosToken }: TokenOptions,
  model: string,
): Promise<Tokenizer> {
  return loadTokenizer(await extendTokenizer(await modelFolder(model), { specialTokens, eosToken }));
}

/**
 * What the model computes with a vocabulary that has a row for each token.
 *
 * @throws {DataError} `TOKENIZER_DOES_NOT_FIT`; `NEW_TOKENS_FROZEN` where rows would be added that an adapter does not train
 */
export function fitVocabulary(
  { addSpecialTokens, usePeft }: TrainConfig,
  { config, spec }: { config: ModelConfig; spec: DecoderSpec },
  tokenizer: Tokenizer,
): { modelConfig: ModelConfig; spec: DecoderSpec } {
  if (addSpecialTokens.length === 0 || tokenizer.vocabSize <= config.vocabSize) {
    checkTokenizerFitsModel(tokenizer, config.vocabSize);
    return { modelConfig: config, spec };
  }
  if (usePeft) {
    throw new DataError(
      "NEW_TOKENS_FROZEN",
      `the embedding has ${config.vocabSize} rows and the tokens of add_special_tokens need ${tokenizer.vocabSize}, but beside ` +
        "an adapter no rows are added: fine-tune the whole model with these tokens first, or use tokens that it has",
    );
  }
  const modelConfig = withVocabSize(config, tokenizer.vocabSize);
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

type Json = Readonly<Record<string, unknown>>;

/** What a `tokenizer.json` is made of, in the terms of the tokenizers library. */
export interface TokenizerParts {
  readonly normalizer: Json | null;
  readonly preTokenizer: Json | null;
  /** What follows the model, the tokens around a text apart. */
  readonly postProcessor: Json | null;
  readonly decoder: Json;
  readonly model: Json;
  /** Whether the beginning token stands before a text, where the file does not say it. */
  readonly addsBos: boolean;
}

/** @file What a person is told about an option, kept beside its type in one registry. */
import { z } from "zod";

/** The words that belong to an option; its type, limits and default are in its zod schema. */
export interface OptionText {
  /** Heading under which help and reference list the option. */
  readonly group: string;
  /** What the option sets, as one or two plain sentences. */
  readonly description: string;
  /** Unit of a number: "tokens", "optimizer steps", "bytes". */
  readonly unit?: string;
  /** Stands for the value in the help text where the type alone says too little: "FOLDER". */
  readonly placeholder?: string;
  /** What an error message says is needed, where the limits are not visible in the type. */
  readonly expected?: string;
  /** Set where the items of a list are names, which hold no commas: one text may then be several of them. */
  readonly commas?: true;
}

/** Every option's words; `z.toJSONSchema(..., { metadata: optionTexts })` merges them in. */
export const optionTexts = z.registry<OptionText>();

/** Registers the words of an option and returns its schema unchanged. */
export function option<Schema extends z.ZodType>(schema: Schema, text: OptionText): Schema {
  optionTexts.add(schema, text);
  return schema;
}

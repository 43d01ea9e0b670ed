/** @file Rotary position embedding settings, in both spellings that published `config.json` files use. */
import { z } from "zod";
import { wrongFields } from "./wrong-fields.js";

/** Rotary settings of a model. `theta` is the base wavelength; lengths are in tokens. */
export type RopeParameters =
  | { readonly type: "default"; readonly theta: number }
  | { readonly type: "linear"; readonly theta: number; readonly factor: number }
  | {
      readonly type: "llama3";
      readonly theta: number;
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      readonly originalMaxPositionEmbeddings: number;
    };

const positive = z.number().positive();

/** The fields of `config.json` that describe rotary embeddings: older and newer spelling. */
export const ropeFields = {
  rope_theta: positive.nullish(),
  rope_scaling: z.looseObject({}).nullish(),
  rope_parameters: z.looseObject({}).nullish(),
  partial_rotary_factor: z.number().nullish(),
};

const scalingSchema = z.looseObject({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: positive.optional(),
  partial_rotary_factor: z.number().optional(),
});

const linearSchema = z.looseObject({ factor: z.number().min(1) });

const llama3Schema = z
  .looseObject({
    factor: z.number().min(1),
    low_freq_factor: positive,
    high_freq_factor: positive,
    original_max_position_embeddings: positive.optional(),
  })
  .refine((scaling) => scaling.high_freq_factor > scaling.low_freq_factor, {
    message: "high_freq_factor must be greater than low_freq_factor",
  });

/** A `config.json` that passed the schema of {@link ropeFields}. */
interface RopeFields {
  readonly rope_theta?: number | null | undefined;
  readonly rope_scaling?: Record<string, unknown> | null | undefined;
  readonly rope_parameters?: Record<string, unknown> | null | undefined;
  readonly partial_rotary_factor?: number | null | undefined;
  readonly max_position_embeddings: number;
}

/**
 * Rotary settings from `rope_theta` + `rope_scaling` (older) or `rope_parameters` (newer). As in transformers,
 * `rope_scaling` wins where both stand, and theta is 10000 where none does.
 *
 * @throws {Error} with a sentence for the user when the values are wrong or of a type that is not supported.
 */
export function readRopeParameters(fields: RopeFields): RopeParameters {
  const scaling = parse(scalingSchema, fields.rope_scaling ?? fields.rope_parameters ?? {});
  const type = scaling.rope_type ?? scaling.type ?? "default";
  const newerTheta = parse(scalingSchema, fields.rope_parameters ?? {}).rope_theta;
  const theta = scaling.rope_theta ?? newerTheta ?? fields.rope_theta ?? 10_000;
  const rotaryShare = scaling.partial_rotary_factor ?? fields.partial_rotary_factor ?? 1;
  if (rotaryShare !== 1) {
    throw new Error(
      `partial_rotary_factor is ${rotaryShare}: heads that are rotated in part only are not supported`,
    );
  }
  switch (type) {
    case "default":
      return { type, theta };
    case "linear":
      return { type, theta, factor: parse(linearSchema, scaling).factor };
    case "llama3": {
      const llama3 = parse(llama3Schema, scaling);
      return {
        type,
        theta,
        factor: llama3.factor,
        lowFreqFactor: llama3.low_freq_factor,
        highFreqFactor: llama3.high_freq_factor,
        originalMaxPositionEmbeddings:
          llama3.original_max_position_embeddings ?? fields.max_position_embeddings,
      };
    }
    default:
      throw new Error(
        `rope type "${type}" is not supported; supported are default, linear, llama3 (another type would move every position)`,
      );
  }
}

function parse<Schema extends z.ZodObject>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`rotary embedding settings: ${wrongFields(schema, value).join("; ")}`);
}

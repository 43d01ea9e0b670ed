/** @file Rotary position embedding settings, in both spellings that published `config.json` files use. */
import { z } from "zod";
import { formatValue } from "../config/format-value.js";
import { factor } from "./factor.js";
import { wrongFields } from "./wrong-fields.js";

/** Rotary settings of a model. `theta` is the base wavelength; lengths are in tokens. */
export type RopeParameters =
  | { readonly type: "default"; readonly theta: number }
  | { readonly type: "linear"; readonly theta: number; readonly factor: number }
  | {
      /** Rows that are longer than `maxPositionEmbeddings` are rotated more slowly. */
      readonly type: "dynamic";
      readonly theta: number;
      readonly factor: number;
      readonly maxPositionEmbeddings: number;
    }
  | {
      readonly type: "llama3";
      readonly theta: number;
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      readonly originalMaxPositionEmbeddings: number;
    }
  | {
      readonly type: "yarn";
      readonly theta: number;
      readonly factor: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      readonly truncate: boolean;
      /** What cosine and sine are multiplied by. */
      readonly attentionFactor: number;
      readonly originalMaxPositionEmbeddings: number;
    }
  | {
      readonly type: "longrope";
      readonly theta: number;
      /** Of each plane of rotation, for rows of up to `originalMaxPositionEmbeddings`. */
      readonly shortFactor: readonly number[];
      /** The same for longer rows. */
      readonly longFactor: readonly number[];
      /** What cosine and sine are multiplied by. */
      readonly attentionFactor: number;
      readonly originalMaxPositionEmbeddings: number;
    };

const rotatedShare = factor.max(1).nullish();

/** The fields of `config.json` that describe rotary embeddings: older and newer spelling. */
export const ropeFields = {
  rope_theta: factor.nullish(),
  rope_scaling: z.looseObject({}).nullish(),
  rope_parameters: z.looseObject({ partial_rotary_factor: rotatedShare }).nullish(),
  partial_rotary_factor: rotatedShare,
  original_max_position_embeddings: factor.nullish(),
};

const scalingSchema = z.looseObject({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: factor.optional(),
});

const linearSchema = z.looseObject({ factor: z.number().min(1) });

const originalLength = { original_max_position_embeddings: factor.optional() };

const llama3Schema = z
  .looseObject({
    factor: z.number().min(1),
    low_freq_factor: factor,
    high_freq_factor: factor,
    ...originalLength,
  })
  .refine((scaling) => scaling.high_freq_factor > scaling.low_freq_factor, {
    message: "high_freq_factor must be greater than low_freq_factor",
  });

const yarnSchema = z.looseObject({
  factor: z.number().min(1).nullish(),
  attention_factor: factor.nullish(),
  beta_fast: factor.nullish(),
  beta_slow: factor.nullish(),
  mscale: z.number().nullish(),
  mscale_all_dim: z.number().nullish(),
  truncate: z.boolean().nullish(),
  ...originalLength,
});

const factors = z.array(factor).min(1).max(65_536);

const longropeSchema = z.looseObject({
  factor: factor.nullish(),
  attention_factor: factor.nullish(),
  short_factor: factors,
  long_factor: factors,
  ...originalLength,
});

/** A `config.json` that passed the schema of {@link ropeFields}. */
interface RopeFields {
  readonly rope_theta?: number | null | undefined;
  readonly rope_scaling?: Record<string, unknown> | null | undefined;
  readonly rope_parameters?: Record<string, unknown> | null | undefined;
  readonly original_max_position_embeddings?: number | null | undefined;
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
  const named = scaling.rope_type ?? scaling.type ?? "default";
  // What early files of Phi 3 call it.
  const isLongrope = named === "su" || (named === "yarn" && "long_factor" in scaling);
  const type = isLongrope ? "longrope" : named;
  const newerTheta = parse(scalingSchema, fields.rope_parameters ?? {}).rope_theta;
  const theta = scaling.rope_theta ?? newerTheta ?? fields.rope_theta ?? 10_000;
  const maxPositionEmbeddings = fields.max_position_embeddings;
  /** The length of rows in pre-training, which stands beside the settings or among them. */
  const originalOf = (settings: { original_max_position_embeddings?: number | undefined }) =>
    fields.original_max_position_embeddings ??
    settings.original_max_position_embeddings ??
    maxPositionEmbeddings;
  switch (type) {
    case "default":
      return { type, theta };
    case "linear":
      return { type, theta, factor: parse(linearSchema, scaling).factor };
    case "dynamic":
      return { type, theta, factor: parse(linearSchema, scaling).factor, maxPositionEmbeddings };
    case "llama3": {
      const llama3 = parse(llama3Schema, scaling);
      return {
        type,
        theta,
        factor: llama3.factor,
        lowFreqFactor: llama3.low_freq_factor,
        highFreqFactor: llama3.high_freq_factor,
        originalMaxPositionEmbeddings: originalOf(llama3),
      };
    }
    case "yarn": {
      const yarn = parse(yarnSchema, scaling);
      const originalMaxPositionEmbeddings = originalOf(yarn);
      const factor = yarn.factor ?? maxPositionEmbeddings / originalMaxPositionEmbeddings;
      const isRelative = Boolean(yarn.mscale && yarn.mscale_all_dim);
      return {
        type,
        theta,
        factor,
        betaFast: yarn.beta_fast ?? 32,
        betaSlow: yarn.beta_slow ?? 1,
        truncate: yarn.truncate ?? true,
        attentionFactor:
          yarn.attention_factor ??
          (isRelative
            ? yarnMagnitude(factor, yarn.mscale!) / yarnMagnitude(factor, yarn.mscale_all_dim!)
            : yarnMagnitude(factor, 1)),
        originalMaxPositionEmbeddings,
      };
    }
    case "longrope": {
      const longrope = parse(longropeSchema, scaling);
      const originalMaxPositionEmbeddings = originalOf(longrope);
      const factor = longrope.factor ?? maxPositionEmbeddings / originalMaxPositionEmbeddings;
      const growth = Math.log(Math.max(1, factor)) / Math.log(originalMaxPositionEmbeddings);
      return {
        type,
        theta,
        shortFactor: longrope.short_factor,
        longFactor: longrope.long_factor,
        attentionFactor: longrope.attention_factor ?? Math.sqrt(1 + growth),
        originalMaxPositionEmbeddings,
      };
    }
    default:
      throw new Error(
        `rope type ${formatValue(type)} is not supported; supported are default, linear, dynamic, llama3, yarn, longrope (another type would move every position)`,
      );
  }
}

/** How much larger queries and keys are made where positions are stretched by `factor` (YaRN, arXiv 2309.00071, section 3.4). */
const yarnMagnitude = (factor: number, mscale: number): number =>
  factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;

function parse<Schema extends z.ZodObject>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`rotary embedding settings: ${wrongFields(schema, value).join("; ")}`);
}

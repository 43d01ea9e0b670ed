/** @file Which layers attend to a window of the last tokens only, in the fields that families share. */
import { z } from "zod";
import { formatValue } from "../config/format-value.js";
import { DataError } from "../errors.js";
import { type ModelConfig, optional, readFamilyFields } from "./model-config.js";

const windowFields = z.looseObject({
  use_sliding_window: optional(z.boolean(), false),
  sliding_window: z.number().int().positive().nullish(),
  layer_types: z.array(z.string()).nullish(),
});

/** Where `config.json` leaves the choice to the family. */
export interface WindowDefaults {
  /** Whether a layer has a window, where `layer_types` does not say so. */
  readonly isWindowed: (layer: number) => boolean;
  /** The window where the field is absent, in tokens; null there means that there is none. */
  readonly window?: number;
  /** Whether there are windows only where `use_sliding_window` is true. */
  readonly areOptional?: boolean;
}

/**
 * The window of each layer in tokens, 0 for layers that attend to everything before.
 *
 * @throws {DataError} `MODEL_CONFIG_INVALID`
 */
export function slidingWindows(config: ModelConfig, defaults: WindowDefaults): number[] {
  const fields = readFamilyFields(config, windowFields);
  const { layer_types: types, use_sliding_window: areUsed } = fields;
  const window = fields.sliding_window === undefined ? defaults.window : fields.sliding_window;
  checkLayerTypes(config, types ?? []);
  return Array.from({ length: config.numHiddenLayers }, (_, layer) => {
    if (!window || (defaults.areOptional && !areUsed)) return 0;
    const has = types ? types[layer] === "sliding_attention" : defaults.isWindowed(layer);
    return has ? window : 0;
  });
}

function checkLayerTypes({ source, numHiddenLayers }: ModelConfig, types: readonly string[]): void {
  const problem = (sentence: string) => new DataError("MODEL_CONFIG_INVALID", `${source}: ${sentence}`);
  if (types.length > 0 && types.length !== numHiddenLayers) {
    throw problem(`layer_types has ${types.length} entries for ${numHiddenLayers} layers`);
  }
  const unknown = types.find((type) => type !== "full_attention" && type !== "sliding_attention");
  if (unknown !== undefined) {
    throw problem(
      `layer_types holds ${formatValue(unknown)}; supported are full_attention and sliding_attention`,
    );
  }
}

import { DataError } from "../errors.js";
import type { ModelConfig } from "./model-config.js";

/**
 * Refuses a model whose layers attend to a window of the last tokens only.
 *
 * @throws {DataError} `MODEL_CONFIG_INVALID`
 */
export function refuseSlidingWindow(config: ModelConfig): void {
  const layers = config.slidingWindowLayers;
  if (layers.length === 0) return;
  throw new DataError(
    "MODEL_CONFIG_INVALID",
    `${config.source}: ${layers.length} of ${config.numHiddenLayers} layers use sliding-window attention, which is not supported; for texts shorter than the window, set use_sliding_window to false`,
  );
}

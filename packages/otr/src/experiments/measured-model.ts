/** @file A model as it is measured: with its adapter where it has one, and its tokenizer. */
import { setNumThreads } from "@one-token/torch";
import { loadTokenizer, type Tokenizer } from "../data/tokenizer.js";
import { loadAdapter } from "../models/adapter-files.js";
import type { CausalLM } from "../models/causal-lm.js";
import { chooseDevice } from "../models/choose-device.js";
import { findModel, tokenizerOfAdapter } from "../models/find-model.js";
import { loadModel } from "../models/load-model.js";
import type { ModelSource, RunOrder } from "./run-order.js";

/** A loaded model with its tokenizer. */
export interface MeasuredModel {
  readonly model: CausalLM;
  readonly tokenizer: Tokenizer;
}

/**
 * Loads a model, with its adapter where it has one, hands it to `body`, and frees it.
 *
 * @throws what `findModel`, `loadModel`, `loadAdapter` and `loadTokenizer` throw
 */
export async function withMeasuredModel<T>(
  { path, revision, adapter: named }: ModelSource,
  { device, numThreads, evaluation }: Pick<RunOrder, "device" | "numThreads" | "evaluation">,
  body: (measured: MeasuredModel) => Promise<T>,
): Promise<T> {
  const found = await findModel(path, named === null ? [] : [named], {
    ...(revision !== null && { revision }),
  });
  const adapter = found.adapters.at(-1);
  setNumThreads(numThreads);
  const model = await loadModel(found.model, { device: chooseDevice(device), dtype: evaluation.dtype });
  try {
    if (adapter !== undefined) model.adapter = await loadAdapter(model, adapter);
    const tokenizer = await loadTokenizer(
      adapter === undefined ? found.tokenizer : tokenizerOfAdapter(adapter, found),
    );
    return await body({ model, tokenizer });
  } finally {
    model.adapter?.dispose();
    model.dispose();
  }
}

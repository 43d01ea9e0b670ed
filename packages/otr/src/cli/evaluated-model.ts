/** @file The model of `otr evaluate`: found first, loaded once everything else is in order. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { EvaluateConfig } from "../config/evaluate-options.js";
import type { Tokenizer } from "../data/tokenizer.js";
import type { CausalLM } from "../models/causal-lm.js";
import type { FoundModel } from "../models/find-model.js";
import type { TransferDisplay } from "./transfer-display.js";
import { writeNote } from "./write-note.js";

/** A model with at most one adapter. */
export class EvaluatedModel {
  #model: CausalLM | null = null;

  private constructor(
    readonly found: FoundModel,
    readonly tokenizer: Tokenizer,
    /** Tells it from other models, and from itself after more training. */
    readonly identity: string,
  ) {}

  /** Finds the files, downloads what is of the Hub, and loads the tokenizer. */
  static async find(
    name: string,
    { adapterNameOrPath, modelRevision: revision }: EvaluateConfig,
    transfers: TransferDisplay,
  ): Promise<EvaluatedModel> {
    const [{ findModel, tokenizerOfAdapter }, { loadTokenizer }, { modelFingerprint }] = await Promise.all([
      import("../models/find-model.js"),
      import("../data/tokenizer.js"),
      import("../models/model-fingerprint.js"),
    ]);
    const adapters = adapterNameOrPath === null ? [] : [adapterNameOrPath];
    const finding = findModel(name, adapters, { revision, onProgress: transfers.show });
    const found = await finding.finally(transfers.clear);
    for (const note of found.notes) writeNote(note);
    const adapter = found.adapters.at(-1);
    const tokenizer = await loadTokenizer(
      adapter === undefined ? found.tokenizer : tokenizerOfAdapter(adapter, found),
    );
    const identity = [modelFingerprint(found.model), ...(adapter === undefined ? [] : adapterFiles(adapter))];
    return new EvaluatedModel(found, tokenizer, identity.join("\n"));
  }

  /** Loads the model, the first time that it is asked for. */
  async load({ dtype, device, numThreads }: EvaluateConfig): Promise<CausalLM> {
    if (this.#model !== null) return this.#model;
    const [{ setNumThreads }, { chooseDevice }, { loadModel }, { loadAdapter }, { checkTokenizerFitsModel }] =
      await Promise.all([
        import("@one-token/torch"),
        import("../models/choose-device.js"),
        import("../models/load-model.js"),
        import("../models/adapter-files.js"),
        import("../data/tokenizer.js"),
      ]);
    const chosen = chooseDevice(device);
    setNumThreads(numThreads);
    const model = await loadModel(this.found.model, { dtype, device: chosen });
    this.#model = model;
    const adapter = this.found.adapters.at(-1);
    if (adapter !== undefined) model.adapter = await loadAdapter(model, adapter);
    checkTokenizerFitsModel(this.tokenizer, model.vocabSize);
    return model;
  }

  dispose(): void {
    this.#model?.adapter?.dispose();
    this.#model?.dispose();
  }
}

/** Name, size and time of each file of an adapter. */
const adapterFiles = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith("adapter_"))
    .sort()
    .map((name) => {
      const { size, mtimeMs } = statSync(join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    });

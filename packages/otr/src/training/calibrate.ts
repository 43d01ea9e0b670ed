/** @file How long a step takes, from a few steps of a model of one layer and of another of several. */
import { scope } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import type { EncodedRow } from "../data/encoded-row.js";
import type { CausalLM } from "../models/causal-lm.js";
import { initModel } from "../models/init-model.js";
import { createAdapter } from "../models/lora-adapter.js";
import type { ModelConfig } from "../models/model-config.js";
import { quantizeModel } from "../models/quantize-model.js";
import type { Objective } from "../objectives/objective.js";
import { type AdapterSettings, quantizationOf } from "./adapter-settings.js";
import { gradientNorm } from "./gradient-norm.js";
import { createOptimizer } from "./optimizers/registry.js";
import type { Precision } from "./precision.js";
import { tokenWeight } from "./supervised-tokens.js";
import { TrainingModel } from "./training-model.js";

export interface CalibrationSettings {
  readonly config: TrainConfig;
  readonly modelConfig: ModelConfig;
  readonly adapter: AdapterSettings | null;
  readonly objective: Objective;
  readonly computeDtype: Precision["computeDtype"];
  readonly device: string;
  /** Micro-batches, at least one. */
  readonly samples: readonly (readonly EncodedRow[])[];
}

/** Seconds, for the whole model. */
export interface StepTime {
  /** Forward and backward pass, for each token. */
  readonly token: number;
  /** Norm of the gradients, and the optimizer. */
  readonly update: number;
}

/**
 * Numbers in the layers of the larger model. Its weights and gradients must not fit the processor's caches, because
 * those of the whole model do not either; and a machine that is about to train has memory for them.
 */
const TRIAL_NUMBERS = 2 ** 25;
const MOST_LAYERS = 8;
/** Numbers in the embedding of the models; of a larger one a part is computed. */
const LARGEST_EMBEDDING = 2 ** 26;
/** The calibration ends when the time is up, or when each sample was seen. */
const SECONDS = 5;

/**
 * Measures with random weights of the real shapes, at the run's dtype, threads, objective and optimizer, and with rows of
 * its own. Takes a few seconds.
 */
export function calibrate(settings: CalibrationSettings): StepTime {
  const { samples } = settings;
  const { numHiddenLayers, vocabSize } = settings.modelConfig;
  const [smaller, larger] = trialConfigs(settings.modelConfig);
  const { vocabSize: vocabulary, numHiddenLayers: layers } = larger;
  // Their difference is the time of layers, the rest that of embedding and head.
  const few = new TrialModel(settings, smaller);
  const more = new TrialModel(settings, larger);
  try {
    few.warmUp(samples[0]!);
    more.warmUp(samples[0]!);
    const deadline = performance.now() + SECONDS * 1000;
    let tokens = 0;
    let measured = 0;
    for (const rows of [...samples.slice(1), samples[0]!]) {
      few.step(rows);
      more.step(rows);
      tokens += rows.reduce((sum, { inputIds }) => sum + inputIds.length, 0);
      measured++;
      if (performance.now() > deadline) break;
    }
    const scaled = (what: "gradients" | "updates") => {
      const layer = Math.max(0, (more.seconds[what] - few.seconds[what]) / (layers - 1));
      const rest = Math.max(0, few.seconds[what] - layer);
      return numHiddenLayers * layer + (rest * vocabSize) / vocabulary;
    };
    return { token: scaled("gradients") / tokens, update: scaled("updates") / measured };
  } finally {
    few.dispose();
    more.dispose();
  }
}

/** The two models that a calibration trains: of one layer and of several, with part of a large vocabulary. */
export function trialConfigs(modelConfig: ModelConfig): [ModelConfig, ModelConfig] {
  const { vocabSize, hiddenSize } = modelConfig;
  const vocabulary = Math.min(vocabSize, Math.max(256, Math.floor(LARGEST_EMBEDDING / hiddenSize)));
  const layers = Math.max(2, Math.min(MOST_LAYERS, Math.floor(TRIAL_NUMBERS / numbersOfLayer(modelConfig))));
  const { layer_types: types } = modelConfig.raw;
  const trial = (numHiddenLayers: number) => ({
    ...modelConfig,
    numHiddenLayers,
    raw: Array.isArray(types)
      ? {
          ...modelConfig.raw,
          layer_types: Array.from({ length: numHiddenLayers }, (_, layer) => types[layer % types.length]),
        }
      : modelConfig.raw,
    vocabSize: vocabulary,
    padTokenId: null,
  });
  return [trial(1), trial(layers)];
}

/** Numbers in the matrices of a layer, of attention as if all its heads had keys and values. */
const numbersOfLayer = ({ hiddenSize, intermediateSize }: ModelConfig): number =>
  hiddenSize * (4 * hiddenSize + 3 * intermediateSize);

/** A frozen model with an adapter on modules of the names that the run's adapter has. */
function adapted(settings: CalibrationSettings, adapter: AdapterSettings, trial: ModelConfig): CausalLM {
  const { config, computeDtype: dtype, device } = settings;
  const { seed } = config;
  const whole = initModel(trial, { seed, device, dtype, trainable: false });
  const quantization = quantizationOf(config);
  const model = quantization === null ? whole : quantizeModel(whole, quantization);
  const hasExperts = model.spec.layers.some(({ mixture }) => mixture);
  const targetModules = targetsByEnd(adapter, hasExperts);
  model.adapter = createAdapter(model, { ...adapter.config, targetModules }, seed, "calibration");
  return model;
}

/** An expression for the modules of any layer that are called as the run's targets are; null: none may be, so the usual ones. */
function targetsByEnd({ layout: { targets } }: AdapterSettings, hasExperts: boolean): string | null {
  const ends = (isExpert: boolean) => [
    ...new Set(
      targets
        .filter(({ kind }) => (kind === "expert") === isExpert)
        .map(({ module }) => module.split(".").at(-1)!),
    ),
  ];
  const [plain, ofExperts] = [ends(false), hasExperts ? ends(true) : []];
  const expressions = [
    // Experts may be called as the projections of layers that have none.
    ...(plain.length > 0 ? [`(?:(?!\\.experts\\.).)*(?:${plain.join("|")})`] : []),
    ...(ofExperts.length > 0 ? [`.*\\.experts\\..*(?:${ofExperts.join("|")})`] : []),
  ];
  return expressions.length > 0 ? expressions.join("|") : null;
}

/** A model that is trained for its time alone. */
class TrialModel {
  /** Sums over the steps. */
  readonly seconds = { gradients: 0, updates: 0 };
  readonly #model: TrainingModel;
  readonly #optimizer: ReturnType<typeof createOptimizer>;
  readonly #vocabulary: number;
  #steps = 0;

  constructor(settings: CalibrationSettings, trial: ModelConfig) {
    const { config, objective, computeDtype, device } = settings;
    const { headChunkBytes, gradientCheckpointing, seed } = config;
    const model =
      settings.adapter === null
        ? initModel(trial, { seed, device })
        : adapted(settings, settings.adapter, trial);
    const options = { model, objective, computeDtype, headChunkBytes, gradientCheckpointing, seed };
    this.#model = new TrainingModel(options);
    this.#optimizer = createOptimizer(this.#model.parameters, config, this.#model.copies);
    this.#vocabulary = trial.vocabSize;
  }

  /** A step that does not count. */
  warmUp(rows: readonly EncodedRow[]): void {
    this.step(rows);
    Object.assign(this.seconds, { gradients: 0, updates: 0 });
  }

  step(given: readonly EncodedRow[]): void {
    const fold = (ids: Int32Array) => ids.map((id) => (id < 0 ? id : id % this.#vocabulary));
    const rows = given.map(({ id, inputIds, labels }) => ({
      id,
      inputIds: fold(inputIds),
      labels: fold(labels),
    }));
    const start = performance.now();
    this.#model.accumulateGradients(rows, this.#steps++, tokenWeight(rows, "token"));
    const between = performance.now();
    gradientNorm(this.#model.parameters.values());
    this.#optimizer.step(1e-6);
    this.#waitForDevice();
    const end = performance.now();
    this.seconds.gradients += (between - start) / 1000;
    this.seconds.updates += (end - between) / 1000;
  }

  dispose(): void {
    this.#optimizer.dispose();
    this.#model.dispose();
  }

  /** A GPU works on after the host has asked it to; a number read from there is a number computed. */
  #waitForDevice(): void {
    const [parameter] = this.#model.parameters.values();
    scope(() => void parameter!.detach().view([-1]).narrow(0, 0, 1).item());
  }
}

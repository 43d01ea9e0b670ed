/** @file How long a step takes, from a few steps of a model of one layer and of another of three. */
import type { DType } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import type { EncodedRow } from "../data/encoded-row.js";
import { initModel } from "../models/init-model.js";
import type { ModelConfig } from "../models/model-config.js";
import type { Objective } from "../objectives/objective.js";
import { gradientNorm } from "./gradient-norm.js";
import { createOptimizer } from "./optimizers/registry.js";
import { tokenWeight } from "./supervised-tokens.js";
import { TrainingModel } from "./training-model.js";

export interface CalibrationSettings {
  readonly config: TrainConfig;
  readonly modelConfig: ModelConfig;
  readonly objective: Objective;
  readonly computeDtype: DType;
  readonly device: string;
  /** A typical micro-batch. */
  readonly rows: readonly EncodedRow[];
}

/** Seconds, for the whole model. */
export interface StepTime {
  /** Forward and backward pass of the rows. */
  readonly microBatch: number;
  /** Norm of the gradients, and the optimizer. */
  readonly update: number;
}

/** Layers of the two models. Their difference is the time of layers, the rest that of embedding and head. */
const [FEW, MORE] = [1, 3];
/** Numbers in the embedding of the models; of a larger one a part is computed. */
const LARGEST_EMBEDDING = 2 ** 26;
/**
 * Times that each model is measured, behind one that warms up, or fewer when the time is up; the fastest counts, because
 * others only disturb.
 */
const REPETITIONS = 5;
const SECONDS = 5;

/**
 * Measures with random weights of the real shapes, at the run's dtype, threads, objective and optimizer, and with its own
 * rows. Takes a few seconds.
 */
export function calibrate(settings: CalibrationSettings): StepTime {
  const { numHiddenLayers, vocabSize, hiddenSize } = settings.modelConfig;
  const vocabulary = Math.min(vocabSize, Math.max(256, Math.floor(LARGEST_EMBEDDING / hiddenSize)));
  const few = new TrialModel(settings, FEW, vocabulary);
  const more = new TrialModel(settings, MORE, vocabulary);
  try {
    const end = performance.now() + SECONDS * 1000;
    for (let repetition = 0; repetition <= REPETITIONS; repetition++) {
      if (repetition > 1 && performance.now() > end) break;
      few.step();
      more.step();
    }
    const scaled = (what: "microBatch" | "update") => {
      const layer = Math.max(0, (more.fastest[what] - few.fastest[what]) / (MORE - FEW));
      const rest = Math.max(0, few.fastest[what] - FEW * layer);
      return numHiddenLayers * layer + (rest * vocabSize) / vocabulary;
    };
    return { microBatch: scaled("microBatch"), update: scaled("update") };
  } finally {
    few.dispose();
    more.dispose();
  }
}

/** A model that is trained for its time alone. */
class TrialModel {
  readonly fastest = { microBatch: Number.POSITIVE_INFINITY, update: Number.POSITIVE_INFINITY };
  readonly #model: TrainingModel;
  readonly #optimizer: ReturnType<typeof createOptimizer>;
  readonly #rows: readonly EncodedRow[];
  #steps = 0;

  constructor(settings: CalibrationSettings, layers: number, vocabulary: number) {
    const { config, modelConfig, objective, computeDtype, device, rows } = settings;
    const { headChunkBytes, gradientCheckpointing, seed } = config;
    const trial = { ...modelConfig, numHiddenLayers: layers, vocabSize: vocabulary, padTokenId: null };
    const model = initModel(trial, { seed, device });
    const options = { model, objective, computeDtype, headChunkBytes, gradientCheckpointing, seed };
    this.#model = new TrainingModel(options);
    this.#optimizer = createOptimizer(this.#model.parameters, config, this.#model.copies);
    const fold = (ids: Int32Array) => ids.map((id) => (id < 0 ? id : id % vocabulary));
    this.#rows = rows.map(({ id, inputIds, labels }) => ({
      id,
      inputIds: fold(inputIds),
      labels: fold(labels),
    }));
  }

  step(): void {
    const start = performance.now();
    this.#model.accumulateGradients(this.#rows, this.#steps, tokenWeight(this.#rows, "token"));
    const between = performance.now();
    gradientNorm(this.#optimizer.gradients);
    this.#optimizer.step(1e-6);
    const end = performance.now();
    this.#steps++;
    if (this.#steps === 1) return;
    this.fastest.microBatch = Math.min(this.fastest.microBatch, (between - start) / 1000);
    this.fastest.update = Math.min(this.fastest.update, (end - between) / 1000);
  }

  dispose(): void {
    this.#optimizer.dispose();
    this.#model.dispose();
  }
}

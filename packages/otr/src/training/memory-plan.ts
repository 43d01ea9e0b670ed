/** @file How much memory a run will take, computed before anything is loaded. */
import { type DType, ITEM_SIZE } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import { activationBytes } from "../models/activation-bytes.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import { countNumbers, embeddingName, parameterLayout } from "../models/parameter-layout.js";
import { optimizerStateBytes } from "./optimizers/state-bytes.js";

/** A micro-batch, for what it takes. */
export interface BatchSize {
  readonly tokens: number;
  readonly supervisedTokens: number;
}

/** The options that decide on memory. */
export type MemoryOptions = Pick<TrainConfig, "optim" | "gradientCheckpointing" | "headChunkBytes">;

export interface MemorySettings extends MemoryOptions {
  readonly spec: DecoderSpec;
  readonly computeDtype: DType;
  /** The micro-batch that takes most. */
  readonly batch: BatchSize;
  /** The largest batch of evaluation; null: none. */
  readonly evaluation: BatchSize | null;
  /** What the process holds without any of this. */
  readonly process: number;
}

/** Bytes. `peak` is the sum of all others, of `head` and `backward` the larger. */
export interface MemoryPlan {
  /** Program and libraries. */
  readonly process: number;
  /** float32 */
  readonly weights: number;
  /** The matrices in the compute dtype, where that is not float32. */
  readonly copies: number;
  readonly gradients: number;
  readonly optimizer: number;
  /** What is kept from the forward to the backward pass. */
  readonly activations: number;
  /** What the head holds beside it: a block of logits, and hidden states with their gradients. */
  readonly head: number;
  /** What the layer holds that the backward pass is in. */
  readonly backward: number;
  readonly peak: number;
}

/** What the run will hold where it holds most. */
export function planMemory(settings: MemorySettings): MemoryPlan {
  const { spec, computeDtype, optim, gradientCheckpointing, batch, evaluation } = settings;
  const layout = parameterLayout(spec);
  const multiplied = layout.filter(
    ({ name, kind }) => kind === "matrix" && (name !== embeddingName || spec.tiedEmbeddings),
  );
  const itemSize = ITEM_SIZE[computeDtype];
  const weights = ITEM_SIZE.float32 * countNumbers(layout);
  const copies = computeDtype === "float32" ? 0 : itemSize * countNumbers(multiplied);
  const optimizer = optimizerStateBytes(optim, layout);

  const bytes = activationBytes(spec, { ...batch, itemSize });
  const activations = bytes.base + spec.numLayers * (gradientCheckpointing ? bytes.layerInput : bytes.layer);
  const hidden = batch.tokens * spec.hiddenSize * itemSize;
  // Hidden states of the supervised tokens and their gradient stay until the step is done.
  const states = 2 * batch.supervisedTokens * spec.hiddenSize * itemSize;
  // The gradient of what came out of the model is held, and with checkpointing what a layer handed down.
  const backward = gradientCheckpointing
    ? Math.max(bytes.layerForward, bytes.layer + bytes.layerBackward) + 2 * hidden + states
    : bytes.layerBackward + hidden + states;
  const head = logitBytes(settings, batch) + hidden + states;
  const evaluated = evaluation === null ? 0 : evaluationBytes(settings, evaluation) - activations;

  const held = settings.process + 2 * weights + copies + optimizer + activations;
  return {
    process: settings.process,
    weights,
    copies,
    gradients: weights,
    optimizer,
    activations,
    head,
    backward,
    peak: held + Math.max(head, backward, evaluated),
  };
}

/** The block of logits. */
function logitBytes({ spec, computeDtype, headChunkBytes }: MemorySettings, batch: BatchSize): number {
  const logits = batch.supervisedTokens * spec.vocabSize * ITEM_SIZE[computeDtype];
  // Chunks are evened out.
  return logits / Math.max(1, Math.ceil(logits / headChunkBytes));
}

/** A forward pass of which nothing is kept, then the head without gradients. */
function evaluationBytes(settings: MemorySettings, batch: BatchSize): number {
  const bytes = activationBytes(settings.spec, { ...batch, itemSize: ITEM_SIZE[settings.computeDtype] });
  return bytes.base + Math.max(bytes.layerForward, logitBytes(settings, batch));
}

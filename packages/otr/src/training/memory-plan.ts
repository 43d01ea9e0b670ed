/** @file How much memory a run will take, computed before anything is loaded. */
import { type DType, ITEM_SIZE } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import { activationBytes } from "../models/activation-bytes.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import { embeddingName, parameterLayout } from "../models/parameter-layout.js";
import { optimizerStateBytes } from "./optimizers/state-bytes.js";

/** A micro-batch, for what it takes. */
export interface BatchSize {
  readonly tokens: number;
  readonly supervisedTokens: number;
  /** Whether all rows have one length. */
  readonly oneLength: boolean;
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
  /** What the head holds meanwhile: a block of logits, and hidden states and their gradients. */
  readonly head: number;
  /** What the layer holds that the backward pass is in. */
  readonly backward: number;
  readonly peak: number;
}

/** The part of a product of matrices that is added to a gradient at once. */
const PRODUCT_BYTES = 2 ** 21;

/** What the run will hold where it holds most. */
export function planMemory(settings: MemorySettings): MemoryPlan {
  const { spec, computeDtype, optim, gradientCheckpointing, batch, evaluation } = settings;
  const layout = parameterLayout(spec);
  const numel = ({ shape }: { shape: readonly number[] }) =>
    shape.reduce((product, size) => product * size, 1);
  const count = sum(layout, numel);
  const multiplied = layout.filter(
    ({ name, kind }) => kind === "matrix" && (name !== embeddingName || spec.tiedEmbeddings),
  );
  const itemSize = ITEM_SIZE[computeDtype];
  const weights = ITEM_SIZE.float32 * count;
  const copies = computeDtype === "float32" ? 0 : itemSize * sum(multiplied, numel);
  const optimizer = optimizerStateBytes(optim, layout);

  const bytes = activationBytes(spec, { ...batch, itemSize });
  const activations = bytes.base + spec.numLayers * (gradientCheckpointing ? bytes.layerInput : bytes.layer);
  const hidden = batch.tokens * spec.hiddenSize * itemSize;
  const recomputed = gradientCheckpointing
    ? Math.max(bytes.layerForward, bytes.layer + bytes.layerBackward)
    : 0;
  // Beside a layer the gradients of what came out of it are held.
  const backward = Math.max(recomputed, bytes.layerBackward) + 2 * hidden + PRODUCT_BYTES;
  const head = headBytes(settings, batch) + hidden;
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

/** Block of logits, hidden states of the supervised tokens and their gradient. */
function headBytes({ spec, computeDtype, headChunkBytes }: MemorySettings, batch: BatchSize): number {
  const itemSize = ITEM_SIZE[computeDtype];
  const logits = batch.supervisedTokens * spec.vocabSize * itemSize;
  const states = batch.supervisedTokens * spec.hiddenSize * itemSize;
  // Chunks are evened out.
  return logits / Math.max(1, Math.ceil(logits / headChunkBytes)) + 2 * states;
}

/** A forward pass of which nothing is kept, then the head without gradients. */
function evaluationBytes(settings: MemorySettings, batch: BatchSize): number {
  const bytes = activationBytes(settings.spec, { ...batch, itemSize: ITEM_SIZE[settings.computeDtype] });
  return bytes.base + Math.max(bytes.layerForward, headBytes(settings, batch));
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

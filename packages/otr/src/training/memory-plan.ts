/** @file How much memory a run will take, computed before anything is loaded. */
import { type DType, ITEM_SIZE } from "@one-token/torch";
import type { TrainConfig } from "../config/train-options.js";
import { activationBytes } from "../models/activation-bytes.js";
import type { DecoderSpec } from "../models/decoder-spec.js";
import type { LoraAdapter } from "../models/lora-adapter.js";
import {
  countNumbers,
  embeddingName,
  headName,
  isProjection,
  type ParameterSpec,
  parameterLayout,
} from "../models/parameter-layout.js";
import { type Quantization, quantizedBytes } from "../models/quantized-matrix.js";
import type { MemoryMoment } from "./memory-moment.js";
import type { copiedForCheckpoints } from "./checkpoints/checkpoint-bytes.js";
import { rowsOfChunk } from "../objectives/chunked-head.js";
import { blocksOf } from "../generation/block-pool.js";
import { blockBytes } from "../generation/key-value-cache.js";
import { CACHE_BYTES, GENERATED_TOGETHER } from "../generation/generation-options.js";
import { optimizerStateBytes } from "./optimizers/state-bytes.js";

/** A micro-batch, for what it takes. */
export interface BatchSize {
  readonly tokens: number;
  readonly supervisedTokens: number;
}

/** What a model writes at a time, for what it takes. */
export interface RolloutSize {
  readonly completions: number;
  /** Of a prompt with its completion, at most. */
  readonly tokens: number;
  /** Whether a model stays as it was at the start, to be compared with. */
  readonly hasReference: boolean;
}

/** The options that decide on memory. */
export type MemoryOptions = Pick<
  TrainConfig,
  "optim" | "gradientCheckpointing" | "headChunkBytes" | "gradientAccumulationSteps"
>;

export interface MemorySettings extends MemoryOptions {
  readonly spec: DecoderSpec;
  /** The adapter that is trained; null: the model itself is. */
  readonly adapter: Pick<LoraAdapter, "config" | "layout"> | null;
  /** How the projections are held beside an adapter; null: in the compute dtype. */
  readonly quantization: Quantization | null;
  readonly computeDtype: DType;
  /** The micro-batch that takes most. */
  readonly batch: BatchSize;
  /** The largest batch of evaluation; null: none. */
  readonly evaluation: BatchSize | null;
  /** What a step has the model write; default: nothing. */
  readonly rollouts?: RolloutSize | null;
  /** What is copied while a checkpoint is written; default: nothing. */
  readonly copied?: ReturnType<typeof copiedForCheckpoints>;
  /** What the process holds without any of this. */
  readonly process: number;
}

/** What a step holds beside what is always there, in bytes. Gradients are made while activations are freed. */
interface Moment {
  readonly during: "the head" | "the backward pass" | "the rollouts" | "evaluation" | "a save";
  /** float32 */
  readonly gradients: number;
  /** What is kept from the forward to the backward pass. */
  readonly activations: number;
  /** What else is at work: a block of logits and hidden states, or what the layer holds that the backward pass is in. */
  readonly working: number;
}

/** Bytes of what is held when a run holds most; `peak` is their sum. */
export interface MemoryPlan extends Moment {
  /** Program and libraries. */
  readonly process: number;
  /** float32; beside an adapter the frozen matrices in the compute dtype, or in few bits */
  readonly weights: number;
  /** The trained matrices in the compute dtype, where that is not float32. */
  readonly copies: number;
  readonly optimizer: number;
  /** The model as it was at the start, where the trained one is compared with it. */
  readonly reference: number;
  /** Copies of what a checkpoint holds, while it is written; not made where they would not fit. */
  readonly checkpoint: number;
  readonly peak: number;
}

/** Beside weights and optimizer a save takes no more than a tensor at a time. */
const NOTHING_MORE: Moment = { during: "a save", gradients: 0, activations: 0, working: 0 };

const totalOf = ({ gradients, activations, working }: Moment) => gradients + activations + working;

/** What the run will hold where it holds most; or where it holds most in a moment of one kind. */
export function planMemory(settings: MemorySettings, moment?: MemoryMoment): MemoryPlan {
  const { spec, computeDtype, optim, process } = settings;
  const trained = trainedLayout(settings);
  const multiplied = trained.filter(
    ({ name, kind }) =>
      kind === "matrix" && (name !== embeddingName || headNameOf(settings) === embeddingName),
  );
  const frozen = settings.adapter === null ? 0 : frozenBytes(parameterLayout(spec), settings);
  const trainedBytes = ITEM_SIZE.float32 * countNumbers(trained);
  const weights = frozen + trainedBytes;
  const copies = computeDtype === "float32" ? 0 : ITEM_SIZE[computeDtype] * countNumbers(multiplied);
  const optimizer = optimizerStateBytes(optim, trained);
  const moments = moment === "save" ? [NOTHING_MORE] : momentsOfStep(settings);
  const ofKind = moments.filter(
    ({ during }) => moment === undefined || (during === "evaluation") === (moment === "evaluation"),
  );
  const fullest = ofKind.reduce((a, b) => (totalOf(b) > totalOf(a) ? b : a));
  const checkpoint = {
    nothing: 0,
    "the model": trainedBytes,
    "the model and the optimizer": trainedBytes + optimizer,
  }[settings.copied ?? "nothing"];
  const reference = settings.rollouts?.hasReference ? trainedBytes + copies : 0;
  const peak = process + weights + copies + optimizer + reference + checkpoint + totalOf(fullest);
  return { ...fullest, process, weights, copies, optimizer, reference, checkpoint, peak };
}

/** The parameters that have gradients. */
const trainedLayout = ({
  spec,
  adapter,
}: Pick<MemorySettings, "spec" | "adapter">): readonly ParameterSpec[] =>
  adapter?.layout.parameters ?? parameterLayout(spec);

/** What is multiplied with to make logits, where it is trained: beside an adapter head and embedding are apart. */
const headNameOf = ({ spec, adapter }: Pick<MemorySettings, "spec" | "adapter">): string =>
  spec.tiedEmbeddings && adapter === null ? embeddingName : headName;

function frozenBytes(
  layout: readonly ParameterSpec[],
  { computeDtype, quantization }: Pick<MemorySettings, "computeDtype" | "quantization">,
): number {
  return layout.reduce((sum, parameter) => {
    const numbers = countNumbers([parameter]);
    const { name, shape, kind } = parameter;
    if (quantization && isProjection(name, shape))
      return sum + quantizedBytes(quantization, numbers, shape[0]!);
    return sum + numbers * (kind === "matrix" ? ITEM_SIZE[computeDtype] : ITEM_SIZE.float32);
  }, 0);
}

/** What decides on how many layers of a micro-batch are recorded. */
export type RecordingSettings = Pick<
  MemorySettings,
  "spec" | "adapter" | "computeDtype" | "gradientCheckpointing" | "headChunkBytes" | "batch"
>;

/**
 * How many of its last layers a step with gradient checkpointing may record at once all the same. Their activations lie
 * where the backward pass makes the gradients of the layers while it frees them, so the peak is that of recording none.
 */
export function recordedLayers(settings: RecordingSettings): number {
  const { spec, computeDtype, batch } = settings;
  const step = { ...settings, gradientAccumulationSteps: 1, evaluation: null, rollouts: null };
  const moments = momentsOfStep(step);
  const [head, backward] = momentsOfStep({ ...step, gradientCheckpointing: false });
  const working = Math.max(head.working, backward!.working);
  const room = Math.max(...moments.map(totalOf)) - totalOf({ ...moments[0], working });
  const bytes = activationBytes(spec, { ...batch, itemSize: ITEM_SIZE[computeDtype] }, settings.adapter);
  const layers = Math.floor(room / (bytes.layer - bytes.layerInput));
  return Math.max(0, Math.min(spec.layers.length, layers));
}

/** The moments at which a step may hold most: activations shrink and gradients grow layer by layer between them. */
function momentsOfStep(
  settings: Omit<MemorySettings, "optim" | "process" | "quantization">,
): [Moment, ...Moment[]] {
  const { spec, adapter, computeDtype, gradientCheckpointing, gradientAccumulationSteps, batch, evaluation } =
    settings;
  const itemSize = ITEM_SIZE[computeDtype];
  const bytes = activationBytes(spec, { ...batch, itemSize }, adapter);
  const keptOfLayer = gradientCheckpointing ? bytes.layerInput : bytes.layer;
  const all = bytes.base + spec.layers.length * keptOfLayer;
  const hidden = batch.tokens * spec.hiddenSize * itemSize;
  // Hidden states of the supervised tokens and their gradient stay until the step is done.
  const states = 2 * batch.supervisedTokens * spec.hiddenSize * itemSize;
  // The gradient of what came out of the model is held, and with checkpointing what a layer handed down.
  const layer = gradientCheckpointing
    ? Math.max(bytes.layerForward, bytes.layer + bytes.layerBackward) + 2 * hidden + states
    : bytes.layerBackward + hidden + states;

  const layout = trainedLayout(settings);
  const gradientOf = (belongs: (name: string) => boolean) =>
    ITEM_SIZE.float32 * countNumbers(layout.filter(({ name }) => belongs(name)));
  const allGradients = gradientOf(() => true);
  const head = headNameOf(settings);
  const ofHead = gradientOf((name) => name === head);
  const ofEmbedding = head === embeddingName ? 0 : gradientOf((name) => name === embeddingName);
  const ofFirstLayer = gradientOf((name) => name.startsWith("model.layers.0."));
  // A later micro-batch adds to gradients that are all there.
  const made = (gradients: number) => (gradientAccumulationSteps > 1 ? allGradients : gradients);
  const written: Moment[] =
    settings.rollouts == null
      ? []
      : [
          {
            during: "the rollouts",
            gradients: 0,
            activations: 0,
            working: rolloutBytes(settings, settings.rollouts),
          },
        ];
  const evaluated: Moment[] =
    evaluation === null
      ? []
      : [
          {
            during: "evaluation",
            gradients: 0,
            activations: 0,
            working: evaluationBytes(settings, evaluation),
          },
        ];
  return [
    {
      during: "the head",
      gradients: made(ofHead),
      activations: all,
      working: logitBytes(settings, batch) + hidden + states,
    },
    { during: "the backward pass", gradients: made(ofHead), activations: all, working: layer },
    {
      during: "the backward pass",
      gradients: made(allGradients - ofEmbedding - ofFirstLayer),
      activations: bytes.base + keptOfLayer,
      working: layer,
    },
    {
      during: "the backward pass",
      gradients: allGradients,
      activations: bytes.base,
      working: hidden + states,
    },
    ...written,
    ...evaluated,
  ];
}

/** Keys and values of all completions, as far as the generator holds them together, and its copies of the weights. */
function rolloutBytes(
  { spec, adapter, computeDtype }: Pick<MemorySettings, "spec" | "adapter" | "computeDtype">,
  { completions, tokens }: RolloutSize,
): number {
  const rows = Math.min(completions, GENERATED_TOGETHER);
  const cache = Math.min(rows * blocksOf(tokens) * blockBytes(spec, computeDtype), CACHE_BYTES);
  const copied = ITEM_SIZE[computeDtype] * countNumbers(parameterLayout(spec));
  const logits = 3 * rows * spec.vocabSize * ITEM_SIZE.float32;
  // Frozen matrices are in the compute dtype as they are; where they are laid out anew they take their place again.
  return cache + logits + (adapter !== null && computeDtype === "float32" ? 0 : copied);
}

/** The block of logits, as the head makes it. */
function logitBytes(
  { spec, computeDtype, headChunkBytes }: Pick<MemorySettings, "spec" | "computeDtype" | "headChunkBytes">,
  batch: BatchSize,
): number {
  const bytesOfToken = spec.vocabSize * ITEM_SIZE[computeDtype];
  return bytesOfToken * rowsOfChunk(batch.supervisedTokens, bytesOfToken, headChunkBytes);
}

/** A forward pass of which nothing is kept, then the head without gradients. */
function evaluationBytes(
  settings: Pick<MemorySettings, "spec" | "computeDtype" | "headChunkBytes">,
  batch: BatchSize,
): number {
  const bytes = activationBytes(settings.spec, { ...batch, itemSize: ITEM_SIZE[settings.computeDtype] });
  return bytes.base + Math.max(bytes.layerForward, logitBytes(settings, batch));
}

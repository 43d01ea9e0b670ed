import { aten, type DType, keep, noGrad, releaseFreeMemory, type Tensor } from "@one-token/torch";
import { attentionForm, packedAttention } from "./attention.js";
import { CheckpointedPass } from "./checkpointed-pass.js";
import { type Attend, type DecoderInput, type DecoderPass, decoderPass, runDecoder } from "./decoder.js";
import type { DecoderSpec } from "./decoder-spec.js";
import {
  bindDecoderWeights,
  type DecoderWeights,
  type EmbeddingPair,
  type LoraWeights,
  type Matrix,
} from "./decoder-weights.js";
import type { LoraAdapter } from "./lora-adapter.js";
import { moduleOf } from "./lora-modules.js";
import { multiply } from "./linear.js";
import type { ModelConfig } from "./model-config.js";
import type { PackedMatrices } from "./packed-matrix.js";
import type { PackedRows } from "./packed-rows.js";
import { embeddingName, headName } from "./parameter-layout.js";
import type { QuantizedMatrix } from "./quantized-matrix.js";

/** Matrices in the dtype of the computation, by parameter name. */
export type WeightCopies = ReadonlyMap<string, Tensor>;

/** How to compute. */
export interface ForwardOptions {
  readonly computeDtype?: DType;
  /** In `computeDtype`, from {@link CausalLM.copyMatrices}. */
  readonly copies?: WeightCopies;
  /** Parameters laid out for few rows of input, from `packMatrices`; only for passes without gradients. */
  readonly packed?: PackedMatrices;
  /** What the pair of a linear module sees of its input in training; default: all of it. */
  readonly dropout?: (module: string, input: Tensor) => Tensor;
}

/**
 * A decoder-only language model: parameters and forward pass.
 *
 * It owns its parameters, which live outside of scopes until {@link dispose}.
 */
export class CausalLM {
  /**
   * @param parameters leaf tensors by Hugging Face name, in checkpoint order; a tied head appears once, as
   * `model.embed_tokens.weight`
   * @param eosTokenIds the tokens that end a text, from `generation_config.json`, else from `config.json`
   * @param storedDType of the file that the model was loaded from
   * @param quantized frozen matrices that are held in few bits, which are no `parameters`
   */
  constructor(
    readonly config: ModelConfig,
    readonly spec: DecoderSpec,
    readonly parameters: ReadonlyMap<string, Tensor>,
    readonly eosTokenIds: readonly number[] = config.eosTokenIds,
    readonly storedDType: DType | null = null,
    readonly quantized: ReadonlyMap<string, QuantizedMatrix> = new Map(),
  ) {}

  /** The adapter that the model computes with, which its maker owns; null: none. One may take another's place at any time. */
  adapter: LoraAdapter | null = null;

  /** The dtype in which the parameters are held. */
  get dtype(): DType {
    return this.baseParameter(embeddingName).dtype;
  }

  /** Where the parameters are: `"cpu"`, `"cuda:0"`. */
  get device(): string {
    return this.baseParameter(embeddingName).device;
  }

  /**
   * Hidden states `(T, D)` after the final norm, in `computeDtype` (the parameters' own unless given). With a
   * narrower `computeDtype` each matrix is cast once, or taken from `copies`; the backward pass adds its gradient to the
   * parameter's own `grad`, which it makes where there is none.
   */
  forward(packed: PackedRows, options: ForwardOptions = {}): Tensor {
    return runDecoder(this.packedPass(packed, options));
  }

  /**
   * As {@link forward}, but of the activations only each layer's input is kept; backward computes the rest again.
   *
   * @param recorded how many of the last layers keep their activations all the same
   */
  forwardCheckpointed(packed: PackedRows, options: ForwardOptions = {}, recorded = 0): CheckpointedPass {
    return new CheckpointedPass(this.packedPass(packed, options), recorded);
  }

  /** The pieces of a forward pass over `input` in which tokens attend as `attend` says. */
  decoderPass(input: DecoderInput, attend: Attend, options: ForwardOptions = {}): DecoderPass {
    const { computeDtype = this.dtype } = options;
    return decoderPass(this.spec, this.weights(options), input, computeDtype, attend);
  }

  /** Rows of embedding and head: the adapter's, where it holds more of them. */
  get vocabSize(): number {
    return this.adapter?.layout.vocabSize ?? this.spec.vocabSize;
  }

  /** What training changes, by name: parameters that record gradients, the adapter's included. */
  get trainedParameters(): ReadonlyMap<string, Tensor> {
    const own = [...this.parameters].filter(([, parameter]) => parameter.requiresGrad);
    const adapters = [...(this.adapter?.parameters ?? [])].filter(([, parameter]) => parameter.requiresGrad);
    return new Map([...own, ...adapters]);
  }

  /**
   * Copies in another dtype of the trained matrices that are multiplied with (an embedding that is no head is only looked
   * up), to be disposed of and kept up to date by the caller.
   */
  copyMatrices(dtype: DType): WeightCopies {
    const matrices = [...this.trainedParameters].filter(
      ([name, parameter]) =>
        parameter.shape.length === 2 &&
        parameter.dtype !== dtype &&
        (name !== embeddingName || this.isEmbeddingMultiplied),
    );
    return new Map(
      noGrad(() => matrices.map(([name, parameter]) => [name, keep(aten._to_copy(parameter, { dtype }))])),
    );
  }

  /** The language-model head `(V, D)`, as it is held or copied; the token embedding where the two are tied. */
  headWeight(copies: WeightCopies = new Map()): Tensor {
    const { adapter, spec } = this;
    // An adapter that trains the embedding of a tied model, or its head, parts the two: each alone is its own.
    if (spec.tiedEmbeddings && adapter && !adapter.parameters.has(headName))
      return this.baseParameter(embeddingName);
    const name = spec.tiedEmbeddings && !adapter ? embeddingName : headName;
    return copies.get(name) ?? this.parameter(name);
  }

  /** The pair beside the head, in the dtype of the computation; null: there is none. */
  headPair(options: ForwardOptions = {}): LoraWeights | null {
    return this.pairOf(moduleOf({ name: headName }), options);
  }

  /** A base weight by name, dequantised where it is held in few bits; for the scope that asks. */
  denseWeight(name: string): Tensor {
    return this.quantized.get(name)?.dequantize("float32") ?? this.baseParameter(name).detach();
  }

  /** Logits `(T, V)` of hidden states `(T, D)`, float32 (float64 for float64 hidden states). */
  logits(hidden: Tensor, { packed, copies }: ForwardOptions = {}): Tensor {
    const own =
      packed?.get(this.headWeight())?.linear(hidden) ??
      aten.linear(hidden, inDType(this.headWeight(copies), hidden.dtype));
    const pair = this.headPair({ computeDtype: hidden.dtype });
    const product = pair ? own.add(multiply(multiply(hidden, pair.down), pair.up).mul(pair.scale)) : own;
    const logits = hidden.dtype === "float64" ? product : inDType(product, "float32");
    const cap = this.spec.logitSoftcap;
    return cap === 0 ? logits : aten.tanh(logits.div(cap)).mul(cap);
  }

  /** Frees the parameters. The model is of no use afterwards. */
  dispose(): void {
    for (const parameter of this.parameters.values()) parameter.dispose();
    for (const matrix of this.quantized.values()) matrix.dispose();
    releaseFreeMemory();
  }

  private packedPass(packed: PackedRows, options: ForwardOptions): DecoderPass {
    const attend: Attend = (layer, query, key, value) =>
      packedAttention(query, key, value, packed.lengths, attentionForm(this.spec, layer));
    return this.decoderPass(packed, attend, options);
  }

  /** The parameters by role, cast to `computeDtype` where they are not held in it. */
  private weights(options: ForwardOptions): DecoderWeights {
    const { adapter } = this;
    const matrix = (name: string): Matrix => {
      const weight = adapter?.parameters.has(name)
        ? undefined
        : (this.quantized.get(name) ?? options.packed?.get(this.parameter(name)));
      return weight ? { weight, parameter: null } : this.dense(name, options);
    };
    return bindDecoderWeights(this.spec, {
      stored: (name) => this.parameter(name),
      matrix,
      vector: (name) => this.dense(name, options).weight,
      lora: (module) => this.pairOf(module, options),
      embeddingPair: this.embeddingPair(options),
    });
  }

  /** A parameter in the dtype of the computation, and itself where it is trained. */
  private dense(
    name: string,
    { computeDtype = this.dtype, copies }: ForwardOptions,
  ): Matrix & { readonly weight: Tensor } {
    const parameter = this.parameter(name);
    const weight = copies?.get(name) ?? inDType(parameter, computeDtype);
    return { weight, parameter: parameter.requiresGrad ? parameter : null };
  }

  private pairOf(module: string, options: ForwardOptions): LoraWeights | null {
    const { adapter } = this;
    const target = adapter?.target(module);
    if (!adapter || !target) return null;
    const { dropout } = options;
    return {
      down: this.dense(target.down.name, options),
      up: this.dense(target.up.name, options),
      scale: target.scale,
      magnitude: target.magnitude && this.parameter(target.magnitude.name),
      dropout: dropout && adapter.config.dropout > 0 ? (input) => dropout(module, input) : null,
    };
  }

  private embeddingPair(options: ForwardOptions): EmbeddingPair | null {
    const target = this.adapter?.target(moduleOf({ name: embeddingName }));
    if (!target) return null;
    const { down, up, scale } = target;
    return { down: this.parameter(down.name), up: this.dense(up.name, options), scale };
  }

  /** Whether the trained embedding is the head too. */
  private get isEmbeddingMultiplied(): boolean {
    return this.spec.tiedEmbeddings && this.adapter === null;
  }

  /** The parameter of a name: the adapter's, where it has trained one whole. */
  private parameter(name: string): Tensor {
    return this.adapter?.parameters.get(name) ?? this.baseParameter(name);
  }

  private baseParameter(name: string): Tensor {
    const parameter = this.parameters.get(name);
    if (!parameter) throw new Error(`the model has no parameter ${name}`);
    return parameter;
  }
}

const inDType = (tensor: Tensor, dtype: DType): Tensor =>
  tensor.dtype === dtype ? tensor : tensor.to(dtype);

import { aten, type DType, keep, noGrad, releaseFreeMemory, type Tensor } from "@one-token/torch";
import { packedAttention } from "./attention.js";
import { CheckpointedPass } from "./checkpointed-pass.js";
import { type Attend, type DecoderInput, type DecoderPass, decoderPass, runDecoder } from "./decoder.js";
import type { DecoderSpec } from "./decoder-spec.js";
import { bindDecoderWeights, type DecoderWeights } from "./decoder-weights.js";
import type { ModelConfig } from "./model-config.js";
import type { PackedRows } from "./packed-rows.js";
import { embeddingName, headName } from "./parameter-layout.js";

/** Matrices in the dtype of the computation, by parameter name. */
export type WeightCopies = ReadonlyMap<string, Tensor>;

/** How to compute. */
export interface ForwardOptions {
  readonly computeDtype?: DType;
  /** In `computeDtype`, from {@link CausalLM.copyMatrices}. */
  readonly copies?: WeightCopies;
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
   */
  constructor(
    readonly config: ModelConfig,
    readonly spec: DecoderSpec,
    readonly parameters: ReadonlyMap<string, Tensor>,
    readonly eosTokenIds: readonly number[] = config.eosTokenIds,
    readonly storedDType: DType | null = null,
  ) {}

  /** The dtype in which the parameters are held. */
  get dtype(): DType {
    return this.parameter(embeddingName).dtype;
  }

  /** Where the parameters are: `"cpu"`, `"cuda:0"`. */
  get device(): string {
    return this.parameter(embeddingName).device;
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
    const { computeDtype = this.dtype, copies } = options;
    return decoderPass(this.spec, this.weights(computeDtype, copies), input, computeDtype, attend);
  }

  /**
   * Copies in another dtype of the matrices that are multiplied with (an embedding that is no head is only looked up),
   * to be disposed of and kept up to date by the caller.
   */
  copyMatrices(dtype: DType): WeightCopies {
    const matrices = [...this.parameters].filter(
      ([name, { shape }]) => shape.length === 2 && (name !== embeddingName || this.spec.tiedEmbeddings),
    );
    return new Map(
      noGrad(() => matrices.map(([name, parameter]) => [name, keep(aten._to_copy(parameter, { dtype }))])),
    );
  }

  /** The language-model head `(V, D)`, as it is held or copied; the token embedding where the two are tied. */
  headWeight(copies: WeightCopies = new Map()): Tensor {
    const name = this.spec.tiedEmbeddings ? embeddingName : headName;
    return copies.get(name) ?? this.parameter(name);
  }

  /** Logits `(T, V)` of hidden states `(T, D)`, float32 (float64 for float64 hidden states). */
  logits(hidden: Tensor): Tensor {
    const logits = aten.linear(hidden, inDType(this.headWeight(), hidden.dtype));
    return hidden.dtype === "float64" ? logits : inDType(logits, "float32");
  }

  /** Frees the parameters. The model is of no use afterwards. */
  dispose(): void {
    for (const parameter of this.parameters.values()) parameter.dispose();
    releaseFreeMemory();
  }

  private packedPass(packed: PackedRows, options: ForwardOptions): DecoderPass {
    const attend: Attend = (_layer, query, key, value) => packedAttention(query, key, value, packed.lengths);
    return this.decoderPass(packed, attend, options);
  }

  /** The parameters by role, cast to `computeDtype` where they are not held in it. */
  private weights(computeDtype: DType, copies: WeightCopies = new Map()): DecoderWeights {
    return bindDecoderWeights(
      this.spec,
      (name) => this.parameter(name),
      (name) => copies.get(name) ?? inDType(this.parameter(name), computeDtype),
      (name) => {
        const parameter = this.parameter(name);
        return parameter.requiresGrad ? parameter : null;
      },
    );
  }

  private parameter(name: string): Tensor {
    const parameter = this.parameters.get(name);
    if (!parameter) throw new Error(`the model has no parameter ${name}`);
    return parameter;
  }
}

const inDType = (tensor: Tensor, dtype: DType): Tensor =>
  tensor.dtype === dtype ? tensor : tensor.to(dtype);

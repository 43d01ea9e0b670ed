/** @file The model with everything that a loss needs of it: precision, objective, critic. */
import { aten, type DType, keep, noGrad, recordFunction, scope, type Tensor, zeros } from "@one-token/torch";
import { countSupervised, type EncodedRow } from "../data/encoded-row.js";
import type { CausalLM, ForwardOptions, WeightCopies } from "../models/causal-lm.js";
import type { CheckpointedPass } from "../models/checkpointed-pass.js";
import { type PackedRows, packRows } from "../models/packed-rows.js";
import { chunkedHead } from "../objectives/chunked-head.js";
import { nll } from "../objectives/nll.js";
import type { Objective, TokenContext } from "../objectives/objective.js";
import { precedingTokens } from "../objectives/preceding-tokens.js";
import { keyedStream, type TokenPlaces } from "../objectives/random-stream.js";
import { recordLogProbabilities } from "../objectives/record-log-probabilities.js";
import { readStatistics, type StatisticName } from "../objectives/statistics.js";
import { TokenDistribution } from "../objectives/token-distribution.js";
import { predictValues, type ValueHead } from "../objectives/value-head.js";
import { keyedDropout } from "./keyed-dropout.js";
import { type RecordedHeadPair, recordHeadPair } from "./recorded-head-pair.js";
import { type BatchSize, recordedLayers } from "./memory-plan.js";
import { rolloutTokensOf } from "./rollout-row.js";
import { type SupervisedTokens, supervisedTokens } from "./supervised-tokens.js";
import type { TrainedModel } from "./trained-model.js";

/** Sums over supervised tokens, by name. */
export type StatisticSums = Record<StatisticName, number>;

export interface TrainingModelOptions {
  readonly model: CausalLM;
  readonly objective: Objective;
  /** Dtype of activations and matrix multiplications; the parameters stay as they are. */
  readonly computeDtype: DType;
  readonly headChunkBytes: number;
  /** Whether the backward pass computes activations again, layer by layer, instead of keeping them. */
  readonly gradientCheckpointing: boolean;
  readonly seed: number;
}

/** The supervised tokens of a micro-batch, with what the objective wants to know of each beside its logits. */
type StepTokens = Pick<SupervisedTokens, "index" | "targets" | "weights"> & TokenInputs;

type TokenInputs = Pick<TokenContext, "stream" | "preceding" | "rollouts">;

/** What stands in for an objective that trains rollouts where rows of the data set are measured. */
const measuredInstead = nll({ labelSmoothingFactor: 0, entropyCoef: 0 });

/** A model under an objective: adds gradients, or evaluates. */
export class TrainingModel implements TrainedModel {
  readonly #options: TrainingModelOptions;
  readonly #valueHead: ValueHead | null;
  /** The matrices in the compute dtype where that is not their own; the optimizer keeps them up to date. */
  readonly copies: WeightCopies;

  constructor(options: TrainingModelOptions) {
    this.#options = options;
    const { model, computeDtype } = options;
    this.copies = model.copyMatrices(computeDtype);
    this.#valueHead = options.objective.valueLossCoef === null ? null : makeValueHead(options.model);
  }

  get model(): CausalLM {
    return this.#options.model;
  }

  get valueHead(): ValueHead | null {
    return this.#valueHead;
  }

  /** Whether it trains completions that the model writes. */
  get trainsRollouts(): boolean {
    return this.#options.objective.trainsRollouts !== undefined;
  }

  /** The same settings around another model, whose owner disposes of it. */
  of(model: CausalLM): TrainingModel {
    return new TrainingModel({ ...this.#options, model });
  }

  /** What the optimizer updates: parameters of the model, or of its adapter, and the critic's. */
  get parameters(): ReadonlyMap<string, Tensor> {
    const critic: [string, Tensor][] = this.#valueHead
      ? [
          ["value_head.weight", this.#valueHead.weight],
          ["value_head.bias", this.#valueHead.bias],
        ]
      : [];
    return new Map([...this.#options.model.trainedParameters, ...critic]);
  }

  /**
   * Adds the gradient of a micro-batch into the parameters' `grad`, which is made where it is null.
   *
   * @param step optimizer step, which keys the random draws
   * @param weightOf factor of each row's token losses
   */
  accumulateGradients(
    rows: readonly EncodedRow[],
    step: number,
    weightOf: (row: EncodedRow) => number,
  ): StatisticSums {
    return scope(() => {
      // All of it before anything is computed: an upload to a GPU waits for what is queued there.
      const { objective } = this.#options;
      const inputs = () => this.#inputs(rows, objective, step, weightOf);
      const { packed, tokens } = recordFunction("inputs", inputs);
      const dropout = this.#dropout(rows, packed, step);
      const batch = { tokens: packed.inputIds.shape[0]!, supervisedTokens: tokens.targets.shape[0]! };
      const trunk = recordFunction("forward", () => this.#recordedTrunk(packed, batch, dropout));
      const { hiddenGradient, valueHeadGradient, statistics } = recordFunction("head and objective", () => {
        const head = this.model.headWeight();
        const headInput = this.#headInput(tokens, objective, trunk.hidden);
        const headPair = this.#headPair(trunk.hidden, tokens.index, dropout);
        const needs = { hiddenGradient: true, headGradient: head.requiresGrad };
        const output = chunkedHead({ ...headInput, pair: headPair, needs, headGradient: head.grad });
        if (head.requiresGrad) head.grad = output.headGradient;
        const gradient = headPair?.backward(output.pairGradient!) ?? aten.zeros_like(trunk.hidden.detach());
        return {
          ...output,
          hiddenGradient: aten.index_add_(gradient, 0, tokens.index, output.hiddenGradient!),
        };
      });
      recordFunction("backward", () => trunk.backward(hiddenGradient));
      if (this.#valueHead && valueHeadGradient) {
        addGradient(this.#valueHead.weight, valueHeadGradient.weight);
        addGradient(this.#valueHead.bias, valueHeadGradient.bias);
      }
      return readStatistics(statistics);
    });
  }

  /** Statistics of `rows` without touching anything. */
  evaluate(rows: readonly EncodedRow[], step: number): StatisticSums {
    return this.#evaluate(rows, this.#measured, step).sums;
  }

  /**
   * log pi of the tokens of each row that are learned, in order, without touching anything: digit for digit what a training
   * step without dropout computes, at the temperature of the objective's rollouts.
   */
  logProbabilities(rows: readonly EncodedRow[]): number[][] {
    const record: number[] = [];
    const temperature = this.#options.objective.trainsRollouts?.temperature ?? 1;
    const { order } = this.#evaluate(rows, recordLogProbabilities(record, temperature), 0);
    const ofRow: number[][] = rows.map(() => []);
    let start = 0;
    for (const which of order) {
      const end = start + countSupervised(rows[which]!.labels);
      ofRow[which] = record.slice(start, end);
      start = end;
    }
    return ofRow;
  }

  /** What measures rows of the data set. */
  get #measured(): Objective {
    const { objective } = this.#options;
    return objective.trainsRollouts ? measuredInstead : objective;
  }

  #evaluate(rows: readonly EncodedRow[], objective: Objective, step: number) {
    return noGrad(() =>
      scope(() => {
        const { packed, tokens } = this.#inputs(rows, objective, step, () => 1);
        const hidden = this.model.forward(packed, this.#forwardOptions);
        const headInput = this.#headInput(tokens, objective, hidden);
        const pair = this.#headPair(hidden, tokens.index);
        const needs = { hiddenGradient: false, headGradient: false };
        const { statistics } = chunkedHead({ ...headInput, pair, needs });
        return { sums: readStatistics(statistics), order: packed.order };
      }),
    );
  }

  /**
   * What the objective sees of the first supervised tokens of a row, without touching anything.
   *
   * @param limit how many tokens at most
   * @param read takes from the context, whose tensors end with the call, what is wanted; `positions` are those of the
   *   tokens in the row
   */
  probe<T>(
    row: EncodedRow,
    step: number,
    limit: number,
    read: (context: TokenContext, objective: Objective, positions: readonly number[]) => T,
  ): T {
    const { model, computeDtype } = this.#options;
    const objective = this.#measured;
    return noGrad(() =>
      scope(() => {
        const packed = packRows([row], model.device);
        const found = supervisedTokens([row], packed, () => 1, model.device);
        const count = Math.min(limit, found.positions.length);
        const rowIds = Array.from(found.rowIds).slice(0, count);
        const positions = Array.from(found.positions).slice(0, count);
        const hidden = model.forward(packed, this.#forwardOptions);
        const states = hidden.indexSelect(0, found.index.narrow(0, 0, count)).to(computeDtype);
        const policy = new TokenDistribution(model.logits(states));
        const targets = found.targets.narrow(0, 0, count).unsqueeze(1);
        const context = {
          policy,
          targets,
          targetLogProbability: policy.logProbability(targets).squeeze(1),
          values: this.#valueHead && predictValues(this.#valueHead, states, policy.shifted.dtype),
          ...this.#tokenInputs([row], objective, step, { rowIds, positions }),
        };
        return read(context, objective, positions);
      }),
    );
  }

  dispose(): void {
    for (const copy of this.copies.values()) copy.dispose();
    this.#valueHead?.weight.dispose();
    this.#valueHead?.bias.dispose();
    this.#options.model.adapter?.dispose();
    // Last, because it gives the memory of all back to the system.
    this.#options.model.dispose();
  }

  get #forwardOptions(): ForwardOptions {
    return { computeDtype: this.#options.computeDtype, copies: this.copies };
  }

  /** Hidden states `(T, D)` after the final norm, and how their gradient is back-propagated. */
  #recordedTrunk(
    packed: PackedRows,
    batch: BatchSize,
    dropout: ForwardOptions["dropout"],
  ): Pick<CheckpointedPass, "hidden" | "backward"> {
    const { model, ...settings } = this.#options;
    const options = { ...this.#forwardOptions, ...(dropout && { dropout }) };
    if (settings.gradientCheckpointing) {
      // What is counted is what the kernels of the CPU keep; and gradients that are there already leave no room.
      const isFirst = [...model.trainedParameters.values()].every(({ grad }) => grad === null);
      const hasRoom = model.device === "cpu" && isFirst;
      const recorded = hasRoom
        ? recordedLayers({ ...settings, spec: model.spec, adapter: model.adapter, batch })
        : 0;
      return model.forwardCheckpointed(packed, options, recorded);
    }
    const hidden = this.model.forward(packed, options);
    return { hidden, backward: (gradient) => hidden.backward(gradient) };
  }

  /** The dropout of the adapter; undefined: there is none. */
  #dropout(rows: readonly EncodedRow[], packed: PackedRows, step: number): ForwardOptions["dropout"] {
    const { model, seed } = this.#options;
    const probability = model.adapter?.config.dropout ?? 0;
    return probability > 0
      ? keyedDropout(rows, packed, { seed, step, probability }, model.device)
      : undefined;
  }

  /** A micro-batch on the model's device. */
  #inputs(
    rows: readonly EncodedRow[],
    objective: Objective,
    step: number,
    weightOf: (row: EncodedRow) => number,
  ): { packed: PackedRows; tokens: StepTokens } {
    const { device } = this.model;
    const packed = packRows(rows, device);
    const { index, targets, weights, rowIds, positions } = supervisedTokens(rows, packed, weightOf, device);
    const inputs = this.#tokenInputs(rows, objective, step, { rowIds, positions });
    return { packed, tokens: { index, targets, weights, ...inputs } };
  }

  #tokenInputs(
    rows: readonly EncodedRow[],
    objective: Objective,
    step: number,
    places: TokenPlaces,
  ): TokenInputs {
    const { model, seed } = this.#options;
    return {
      stream: objective.samples ? keyedStream({ seed, step, ...places }, model.device) : null,
      preceding: objective.readsPrecedingTokens ? precedingTokens(rows, places, model.device) : null,
      rollouts: objective.trainsRollouts ? rolloutTokensOf(rows, places, model.device) : null,
    };
  }

  /**
   * What the pair beside the head, where there is one, makes of hidden states at the supervised positions.
   *
   * @param trunkHidden `(T, D)`
   */
  #headPair(
    trunkHidden: Tensor,
    index: Tensor,
    dropout?: ForwardOptions["dropout"],
  ): RecordedHeadPair | null {
    const pair = this.model.headPair({ ...this.#forwardOptions, ...(dropout && { dropout }) });
    return pair && recordHeadPair(pair, trunkHidden, index);
  }

  /** @param trunkHidden `(T, D)` */
  #headInput({ index, ...tokens }: StepTokens, objective: Objective, trunkHidden: Tensor) {
    const { model, computeDtype, headChunkBytes } = this.#options;
    return {
      ...tokens,
      hidden: noGrad(() => trunkHidden.indexSelect(0, index)),
      headWeight: model.headWeight(this.copies),
      objective,
      valueHead: this.#valueHead,
      headChunkBytes,
      computeDtype,
      softcap: model.spec.logitSoftcap,
    };
  }
}

function addGradient(parameter: Tensor, gradient: Tensor): void {
  const { grad } = parameter;
  if (grad) grad.add_(gradient);
  else parameter.grad = gradient;
}

function makeValueHead(model: CausalLM): ValueHead {
  const dtype: DType = model.dtype === "float64" ? "float64" : "float32";
  const options = { dtype, device: model.device };
  const weight = keep(zeros([model.config.hiddenSize], options));
  const bias = keep(zeros([], options));
  weight.requiresGrad = true;
  bias.requiresGrad = true;
  return { weight, bias };
}

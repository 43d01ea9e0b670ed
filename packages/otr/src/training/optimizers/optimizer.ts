import { noGrad, scope, type Tensor } from "@one-token/torch";

/** One optimizer step. */
export interface OptimizerStep {
  /** Counts from 1. */
  readonly number: number;
  readonly learningRate: number;
  /** What the gradients are multiplied by before anything else: clipping. */
  readonly gradientScale: number;
}

/** How some parameters are updated. */
export interface UpdateRule {
  /** What is remembered from step to step, by `<parameter>.<what>`: part of a checkpoint. */
  readonly state: ReadonlyMap<string, Tensor>;
  /** Updates parameters and their copies, and drops the gradients. */
  update(step: OptimizerStep): void;
}

/** Parameters under one rule or several. */
export class Optimizer {
  /** The state of all rules; with `steps`, all that a checkpoint needs. */
  readonly state: ReadonlyMap<string, Tensor>;
  /** Steps done. */
  steps = 0;
  readonly #rules: readonly UpdateRule[];
  #isUpdating = false;

  /** @param rules which together update each parameter once */
  constructor(rules: readonly UpdateRule[]) {
    this.state = new Map(rules.flatMap(({ state }) => [...state]));
    this.#rules = rules;
  }

  /** Bytes that `state` holds. */
  get stateBytes(): number {
    return [...this.state.values()].reduce((sum, tensor) => sum + tensor.ownedBytes, 0);
  }

  /** Whether an update failed in the middle: parameters and state are then of no step. */
  get isBroken(): boolean {
    return this.#isUpdating;
  }

  /**
   * One update. Afterwards no parameter has a `grad`: the memory of gradients is the next forward pass's.
   *
   * @param gradientScale what the gradients are multiplied by before
   */
  step(learningRate: number, gradientScale = 1): void {
    this.#isUpdating = true;
    this.steps++;
    const step = { number: this.steps, learningRate, gradientScale };
    noGrad(() => {
      for (const rule of this.#rules) scope(() => rule.update(step));
    });
    this.#isUpdating = false;
  }

  /** Frees the state. */
  dispose(): void {
    for (const tensor of this.state.values()) tensor.dispose();
  }
}

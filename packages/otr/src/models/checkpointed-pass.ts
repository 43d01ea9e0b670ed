import { backward, enableGrad, noGrad, scope, type Tensor } from "@one-token/torch";
import type { DecoderPass, DecoderState } from "./decoder.js";

/**
 * Gradient checkpointing by layer (Chen et al., arXiv 1604.06174): the forward pass keeps each layer's input, one tensor
 * `(T, D)`; the backward pass goes from the last layer to the first, computes one again with recording, back-propagates
 * it and frees it. The last layers may be recorded at once instead. The operators and their order are those of a pass that
 * is recorded as a whole, so the gradients are equal.
 */
export class CheckpointedPass {
  readonly #pass: DecoderPass;
  /** What enters each layer that is not recorded. Its norm is cheap to compute again, and comes out the same. */
  readonly #inputs: Tensor[] = [];
  /** What enters the first recorded layer, as leaves; null: none is recorded. */
  readonly #recordedInput: DecoderState | null;
  /** Hidden states `(T, D)` after the final norm; where layers are recorded, until {@link backward}. */
  readonly hidden: Tensor;

  /** @param recorded how many of the last layers keep their activations */
  constructor(pass: DecoderPass, recorded = 0) {
    this.#pass = pass;
    const first = pass.layers.length - recorded;
    let state = noGrad(() => scope(() => pass.embed()));
    for (const layer of pass.layers.slice(0, first)) {
      const { hidden, normed } = state;
      this.#inputs.push(hidden);
      state = noGrad(() => scope(() => layer({ hidden, normed })));
      normed.dispose();
    }
    this.#recordedInput = recorded > 0 ? state : null;
    if (recorded > 0) for (const tensor of tensorsOf(state)) tensor.requiresGrad = true;
    for (const layer of pass.layers.slice(first)) {
      const input = state;
      // Only autograd holds what is inside the layer, so that it frees each activation as it passes it.
      state = scope(() => enableGrad(() => layer(input)));
      if (input !== this.#recordedInput) for (const tensor of tensorsOf(input)) tensor.dispose();
    }
    state.hidden.dispose();
    this.hidden = state.normed;
  }

  /**
   * Adds the gradients of all parameters into their `grad`. Can be called once: what it has used it frees.
   *
   * @param gradient of `hidden`, `(T, D)`
   */
  backward(gradient: Tensor): void {
    let outgoing = this.#backwardRecorded(gradient);
    for (const [index, layer] of [...this.#pass.layers.entries()].slice(0, this.#inputs.length).reverse()) {
      const hidden = this.#inputs.pop()!;
      const incoming = scope(() => {
        const input = { hidden, normed: noGrad(() => this.#pass.norm(hidden, index)) };
        for (const tensor of tensorsOf(input)) tensor.requiresGrad = true;
        backPropagate(() => layer(input), outgoing);
        return tensorsOf(input).map((tensor) => tensor.grad!);
      });
      for (const tensor of [hidden, ...outgoing]) tensor.dispose();
      outgoing = incoming;
    }
    backPropagate(() => this.#pass.embed(), outgoing);
    for (const tensor of outgoing) tensor.dispose();
  }

  /** The gradients of what enters the recorded layers; where there are none, of what comes out of the last layer. */
  #backwardRecorded(gradient: Tensor): Tensor[] {
    const input = this.#recordedInput;
    if (input === null) return scope(() => [gradient.detach()]);
    this.hidden.backward(gradient);
    const gradients = scope(() => tensorsOf(input).map((tensor) => tensor.grad!));
    // The result leads to the input, and that to its gradients.
    for (const tensor of [this.hidden, ...tensorsOf(input)]) tensor.dispose();
    return gradients;
  }
}

/** The norm first: of the last layer's output, nothing else has a gradient. */
const tensorsOf = ({ hidden, normed }: DecoderState): [Tensor, Tensor] => [normed, hidden];

function backPropagate(piece: () => DecoderState, gradients: readonly Tensor[]): void {
  scope(() => {
    // Only autograd holds what is inside the piece, so that it frees each activation as it passes it.
    const output = scope(() => enableGrad(piece));
    const recorded = tensorsOf(output)
      .slice(0, gradients.length)
      .flatMap((tensor, index) => (tensor.requiresGrad ? [{ tensor, gradient: gradients[index]! }] : []));
    // Of a frozen embedding there is nothing to compute.
    if (recorded.length === 0) return;
    backward(
      recorded.map(({ tensor }) => tensor),
      recorded.map(({ gradient }) => gradient),
    );
  });
}

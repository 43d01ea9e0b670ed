import { backward, enableGrad, noGrad, scope, type Tensor } from "@one-token/torch";
import type { DecoderPass, DecoderState } from "./decoder.js";

/**
 * Gradient checkpointing by layer (Chen et al., arXiv 1604.06174): the forward pass keeps each layer's input, one tensor
 * `(T, D)`; the backward pass goes from the last layer to the first, computes one again with recording, back-propagates
 * it and frees it. The operators and their order are those of a pass that is recorded at once, so the gradients are equal.
 */
export class CheckpointedPass {
  readonly #pass: DecoderPass;
  /** What enters each layer. Its norm is cheap to compute again, and comes out the same. */
  readonly #inputs: Tensor[] = [];
  /** Hidden states `(T, D)` after the final norm, not recorded. */
  readonly hidden: Tensor;

  constructor(pass: DecoderPass) {
    this.#pass = pass;
    this.hidden = noGrad(() => {
      let state = scope(() => pass.embed());
      for (const layer of pass.layers) {
        const { hidden, normed } = state;
        this.#inputs.push(hidden);
        state = scope(() => layer({ hidden, normed }));
        normed.dispose();
      }
      state.hidden.dispose();
      return state.normed;
    });
  }

  /**
   * Adds the gradients of all parameters into their `grad`. Can be called once: what it has used it frees.
   *
   * @param gradient of `hidden`, `(T, D)`
   */
  backward(gradient: Tensor): void {
    let outgoing = scope(() => [gradient.detach()]);
    for (const [index, layer] of [...this.#pass.layers.entries()].reverse()) {
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
}

/** The norm first: of the last layer's output, nothing else has a gradient. */
const tensorsOf = ({ hidden, normed }: DecoderState): [Tensor, Tensor] => [normed, hidden];

function backPropagate(piece: () => DecoderState, gradients: readonly Tensor[]): void {
  scope(() => {
    // Only autograd holds what is inside the piece, so that it frees each activation as it passes it.
    const output = scope(() => enableGrad(piece));
    backward(tensorsOf(output).slice(0, gradients.length), gradients);
  });
}

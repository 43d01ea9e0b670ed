import { TorchError } from "./errors.js";
import { type Handle, native } from "./native.js";
import { Tensor } from "./tensor.js";

function withGradMode<T>(enabled: boolean, body: () => T): T {
  const before = native().isGradEnabled();
  native().setGradEnabled(enabled);
  try {
    const result = body();
    if (result instanceof Promise) {
      throw new TorchError("TORCH_SCOPE", "noGrad() and enableGrad() take synchronous functions only");
    }
    return result;
  } finally {
    native().setGradEnabled(before);
  }
}

/** Runs `body` without recording for autograd. */
export function noGrad<T>(body: () => T): T {
  return withGradMode(false, body);
}

/** Runs `body` with recording, inside a {@link noGrad}. */
export function enableGrad<T>(body: () => T): T {
  return withGradMode(true, body);
}

/** Whether operators are being recorded in this thread. */
export function isGradEnabled(): boolean {
  return native().isGradEnabled();
}

const handle = (tensor: Tensor): Handle => {
  const found = Tensor.handleOf(tensor);
  if (found === null) throw new TorchError("TORCH_ARGUMENT_TYPE", "expected a tensor");
  return found;
};

/** Back-propagates from several tensors at once into the leaves' `grad`; each output has its gradient. */
export function backward(outputs: readonly Tensor[], outputGradients: readonly Tensor[]): void {
  native().backward(outputs.map(handle), outputGradients.map(handle), false);
}

/**
 * Gradients of `outputs` with respect to `inputs`, without touching any `grad` but those of parameters that
 * `kernels.linear` and `kernels.embedding` were given: these add to it in every backward pass, and return nothing.
 *
 * @param options.outputGradients one for each output; not needed for scalars
 * @param options.createGraph record the gradients themselves, for second derivatives
 * @param options.allowUnused answer null for an input that no output depends on, instead of throwing
 */
export function gradients(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  options: {
    outputGradients?: readonly Tensor[];
    retainGraph?: boolean;
    createGraph?: boolean;
    allowUnused?: boolean;
  } = {},
): (Tensor | null)[] {
  const createGraph = options.createGraph ?? false;
  const results = native().gradients(
    outputs.map(handle),
    inputs.map(handle),
    options.outputGradients?.map(handle) ?? null,
    options.retainGraph ?? createGraph,
    createGraph,
    options.allowUnused ?? false,
  );
  return results.map((result) => (result === null ? null : new Tensor(result)));
}

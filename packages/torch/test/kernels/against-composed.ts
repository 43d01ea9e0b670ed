import { type DType, Generator, gradients, noGrad, randn, Tensor } from "../../src/index.js";

/** Largest errors: `computing` relative to the largest number of the tensor or 1, `rounding` to the number itself. */
const TOLERANCE: Partial<Record<DType, { readonly computing: number; readonly rounding: number }>> = {
  float64: { computing: 1e-12, rounding: 0 },
  float32: { computing: 1e-6, rounding: 0 },
  bfloat16: { computing: 2e-6, rounding: 2 ** -8 },
  float16: { computing: 2e-6, rounding: 2 ** -11 },
};

type Form = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

const list = (result: Tensor | readonly Tensor[]): readonly Tensor[] =>
  result instanceof Tensor ? [result] : result;

const leaves = (inputs: readonly Tensor[], dtype?: DType): Tensor[] =>
  inputs.map((input) => {
    const leaf = input.detach().to(dtype ?? input.dtype);
    leaf.requiresGrad = true;
    return leaf;
  });

const leavesAndDerivatives = (form: Form, inputs: Tensor[], outputGradients: (like: Tensor) => Tensor) => {
  const outputs = list(form(...inputs));
  const derived = gradients(outputs, inputs, { outputGradients: outputs.map(outputGradients) });
  return [...outputs, ...derived.map((gradient) => gradient!)];
};

/** A standard normal tensor, the same for the same seed; `transposed` in memory, or dense. */
export function normal(shape: readonly number[], seed: number, dtype: DType, transposed = false): Tensor {
  const generator = new Generator({ seed });
  const made = randn(transposed ? shape.toReversed() : shape, { generator, dtype: "float64" }).to(dtype);
  return transposed ? made.permute(shape.map((_, index) => shape.length - 1 - index)) : made;
}

/**
 * Throws unless the kernel's outputs and the gradients of all inputs agree with the composed form's, which is computed
 * in float64 from the same (rounded) numbers.
 *
 * @param inputs of any dtypes; all are made leaves that require gradients
 * @param transposed whether the outputs' gradients lie transposed in memory
 */
export function expectAgreement(
  kernel: Form,
  composed: Form,
  inputs: readonly Tensor[],
  transposed = false,
): void {
  const seed = (like: Tensor, index: number) => normal(like.shape, 100 + index, like.dtype, transposed);
  const seeds = noGrad(() => list(kernel(...inputs)).map(seed));
  const next = (cast: (tensor: Tensor) => Tensor) => {
    let index = 0;
    return () => cast(seeds[index++]!);
  };
  const actual = leavesAndDerivatives(
    kernel,
    leaves(inputs),
    next((tensor) => tensor),
  );
  const expected = leavesAndDerivatives(
    composed,
    leaves(inputs, "float64"),
    next((tensor) => tensor.to("float64")),
  );
  const outputs = actual.length - inputs.length;
  for (const [index, tensor] of actual.entries()) {
    const what = index < outputs ? `output ${index}` : `gradient of input ${index - outputs}`;
    const wanted = expected[index]!;
    if (tensor.shape.join() !== wanted.shape.join()) {
      throw new Error(`${what} is of shape (${tensor.shape.join(", ")}), not (${wanted.shape.join(", ")})`);
    }
    if (index >= outputs && tensor.dtype !== inputs[index - outputs]!.dtype) {
      throw new Error(`${what} is ${tensor.dtype}`);
    }
    const numbers = wanted.toArray();
    const largest = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const { computing, rounding } = TOLERANCE[tensor.dtype]!;
    for (const [place, value] of tensor.toArray().entries()) {
      const expected = numbers[place]!;
      if (!(Math.abs(value - expected) <= computing * largest + rounding * Math.abs(expected))) {
        throw new Error(`${what}: ${value} instead of ${expected} at ${place}`);
      }
    }
  }
}

/** The numbers of a kernel's outputs and of the gradients of all its inputs. */
export function numbersOf(kernel: Form, inputs: readonly Tensor[]): number[][] {
  const ones = (like: Tensor) => normal(like.shape, 100, like.dtype);
  return leavesAndDerivatives(kernel, leaves(inputs), ones).map((tensor) => tensor.toArray());
}

/** @file Linear projections by the weights of a decoder. */
import { aten, kernels, noGrad, scope, Tensor } from "@one-token/torch";
import type { LinearWeights, LoraWeights, Matrix } from "./decoder-weights.js";
import { PackedMatrix } from "./packed-matrix.js";

/** `(T, outputs)` of `input` `(T, inputs)`. */
export function linear(input: Tensor, weights: LinearWeights): Tensor {
  const { weight, parameter, bias, lora } = weights;
  if (lora === null && weight instanceof PackedMatrix) return weight.linear(input, bias);
  const isPlain = lora === null && parameter === null && weight instanceof Tensor;
  if (isPlain) return aten.linear(input, weight, bias);
  const base = multiply(input, weights);
  if (lora?.magnitude) return withBias(doraSum(input, base, weights, lora), bias);
  const output = withBias(base, bias);
  return lora
    ? aten.add_.Tensor(output, pairOutput(lora.dropout?.(input) ?? input, lora), { alpha: lora.scale })
    : output;
}

/** The outputs of several projections of these widths, which may be parts of one. */
export function project(
  input: Tensor,
  weights: readonly LinearWeights[],
  widths: readonly number[],
): Tensor[] {
  const [only, ...others] = weights as [LinearWeights, ...LinearWeights[]];
  if (others.length === 0) return aten.split_with_sizes(linear(input, only), [...widths], -1);
  return weights.map((each) => linear(input, each));
}

/** `(T, outputs)` of `input` `(T, inputs)` by a matrix alone. */
export function multiply(input: Tensor, { weight, parameter }: Matrix): Tensor {
  if (!(weight instanceof Tensor)) return weight.linear(input);
  return kernels.linear(input, weight, parameter);
}

const withBias = (output: Tensor, bias: Tensor | null): Tensor => (bias ? output.add(bias) : output);

/** `(T, outputs)`, without its scale. */
const pairOutput = (input: Tensor, { down, up }: LoraWeights): Tensor => multiply(multiply(input, down), up);

/**
 * DoRA (arXiv 2402.09353, equation 5): the sum of both matrices, each row brought to its learned length. The length that it
 * has is a constant in the gradient (section 4.3). As in PEFT, dropout spares the frozen matrix itself.
 */
function doraSum(input: Tensor, base: Tensor, weights: LinearWeights, lora: LoraWeights): Tensor {
  const { dropout, scale, magnitude } = lora;
  const ratio = magnitude!.div(rowLengths(weights, lora)).to(input.dtype);
  const seen = dropout?.(input) ?? input;
  const delta = pairOutput(seen, lora).mul(scale);
  if (dropout === null) return base.add(delta).mul(ratio);
  return base.add(multiply(seen, weights).mul(ratio.sub(1))).add(delta.mul(ratio));
}

/** `(outputs)` float32: the lengths of the rows of `W + scale B A`, found without making that matrix in float32. */
function rowLengths({ weight }: Matrix, { down, up, scale }: LoraWeights): Tensor {
  return noGrad(() =>
    scope(() => {
      const dense = weight instanceof Tensor ? weight.detach() : weight.dequantize("float32");
      const wide = dense.to(dense.dtype === "float64" ? "float64" : "float32");
      const delta = up.weight.detach().matmul(down.weight.detach()).to(wide.dtype);
      return aten.linalg_vector_norm(wide.add(delta.mul(scale)), 2, [1]);
    }),
  );
}

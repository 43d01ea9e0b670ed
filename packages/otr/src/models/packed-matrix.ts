/** @file Frozen bfloat16 matrices, laid out for products with the few rows of a decoding step. */
import { availableMemory } from "node:process";
import { type DType, keep, kernels, noGrad, scope, type Tensor } from "@one-token/torch";
import type { CausalLM } from "./causal-lm.js";
import { embeddingName } from "./parameter-layout.js";

/** A matrix `(outputs, inputs)` in panels of outputs. It owns its tensor, and holds no more than a copy of the matrix. */
export class PackedMatrix {
  private constructor(
    private readonly panels: Tensor,
    private readonly outputs: number,
  ) {}

  /** @param weight `(outputs, inputs)` on the CPU, with an even number of inputs */
  static of(weight: Tensor): PackedMatrix {
    return noGrad(() =>
      scope(() => {
        const panels = kernels.pack_linear(weight.detach().to("bfloat16"));
        return new PackedMatrix(keep(panels), weight.shape[0]!);
      }),
    );
  }

  /** `(T, outputs)` of `input` `(T, inputs)`; not differentiable. */
  linear(input: Tensor, bias: Tensor | null = null): Tensor {
    return kernels.packed_linear(input, this.panels, this.outputs, bias);
  }

  /** The matrix in rows again, for the scope that asks. */
  dequantize(dtype: DType): Tensor {
    const [panels, pairs, width] = this.panels.shape as [number, number, number, number];
    const rows = this.panels.permute([0, 2, 1, 3]).reshape([panels * width, 2 * pairs]);
    return rows.narrow(0, 0, this.outputs).to(dtype);
  }

  dispose(): void {
    this.panels.dispose();
  }
}

/** By the parameter that each is a copy of. */
export type PackedMatrices = ReadonlyMap<Tensor, PackedMatrix>;

/**
 * Packs the matrices of a model on the CPU that computes in bfloat16, for as long as they fit into half of the memory that is
 * free; no matrix of other models. To be disposed of by the caller.
 */
export function packMatrices(model: CausalLM, computeDtype: DType = model.dtype): PackedMatrices {
  const packed = new Map<Tensor, PackedMatrix>();
  if (model.device !== "cpu" || computeDtype !== "bfloat16") return packed;
  let bytes = availableMemory() / 2;
  for (const [name, parameter] of model.parameters) {
    const isMultiplied = name !== embeddingName || model.spec.tiedEmbeddings;
    if (parameter.shape.length !== 2 || parameter.shape[1]! % 2 !== 0 || !isMultiplied) continue;
    bytes -= 2 * parameter.shape[0]! * parameter.shape[1]!;
    if (bytes < 0) break;
    packed.set(parameter, PackedMatrix.of(parameter));
  }
  return packed;
}

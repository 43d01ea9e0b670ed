/** @file A frozen matrix that is held in 4 or 8 bits a number and multiplied with as if it were not. */
import { aten, type DType, keep, kernels, noGrad, scope, type Tensor } from "@one-token/torch";
import { OtrError } from "../errors.js";

/** How a matrix is held. */
export interface Quantization {
  /**
   * `nf4`: 4 bits, the quantiles of a normal distribution, times the largest magnitude of each 64 neighbours (QLoRA, arXiv
   * 2305.14314, section 3). `int8`: 8 bits, times the largest magnitude of each row over 127.
   */
  readonly format: "nf4" | "int8";
  /** Whether the magnitudes of `nf4` are held in 8 bits themselves (double quantisation, the same section). */
  readonly nested: boolean;
}

/** Neighbours that share a magnitude, in `nf4`. */
const BLOCK = 64;
/** Magnitudes that share one of their own, where they are quantised too. */
const NESTED_BLOCK = 256;

/** Bytes of a matrix of this many numbers in `rows` rows. */
export function quantizedBytes({ format, nested }: Quantization, numbers: number, rows: number): number {
  if (format === "int8") return numbers + 4 * rows;
  const blocks = Math.ceil(numbers / BLOCK);
  const magnitudes = nested ? blocks + 4 * (Math.ceil(blocks / NESTED_BLOCK) + 1) : 4 * blocks;
  return Math.ceil(numbers / 2) + magnitudes;
}

/** The error for what only a model with all of its numbers can be. */
export const quantizedModel = (what: string): OtrError =>
  new OtrError(
    "MODEL_QUANTIZED",
    `a model whose matrices are held in few bits cannot be ${what}: load it without quantization`,
  );

/** A frozen matrix `(outputs, inputs)` in few bits. It owns its tensors. */
export class QuantizedMatrix {
  private constructor(
    readonly quantization: Quantization,
    readonly shape: readonly [outputs: number, inputs: number],
    /** `nf4`: `(numbers / 2) uint8`, two to a byte, the first in the upper half; `int8`: `(outputs, inputs) int8` */
    private readonly codes: Tensor,
    /** float32, of each block or row; where they are nested, `(blocks) int8` */
    private readonly scales: Tensor,
    /** float32, where the scales are nested: the scale of each block of theirs, then what all are relative to */
    private readonly nested: Tensor | null,
  ) {}

  /** @param weight `(outputs, inputs)`, of any floating-point dtype */
  static of(weight: Tensor, quantization: Quantization): QuantizedMatrix {
    return noGrad(() =>
      scope(() => {
        const shape = weight.shape as [number, number];
        const wide = weight.detach().to("float32");
        const { codes, scales, nested } =
          quantization.format === "int8" ? toInt8(wide) : toNf4(wide, quantization);
        return new QuantizedMatrix(quantization, shape, keep(codes), keep(scales), nested && keep(nested));
      }),
    );
  }

  /** The matrix, for the scope that asks. */
  dequantize(dtype: DType): Tensor {
    return kernels.dequantize(this.codes, this.scales, this.nested, this.shape[0], { dtype });
  }

  /** `(T, outputs)` of `input` `(T, inputs)`; differentiable by the input. The matrix is made anew for each pass. */
  linear(input: Tensor): Tensor {
    return kernels.quantized_linear(input, this.codes, this.scales, this.nested, this.shape[0]);
  }

  /** Bytes that it holds. */
  get bytes(): number {
    return [this.codes, this.scales, this.nested].reduce((sum, tensor) => sum + (tensor?.ownedBytes ?? 0), 0);
  }

  dispose(): void {
    for (const tensor of [this.codes, this.scales, this.nested]) tensor?.dispose();
  }
}

interface Parts {
  readonly codes: Tensor;
  readonly scales: Tensor;
  readonly nested: Tensor | null;
}

/** A row of zeros has the scale 0, and its codes must not be 0 / 0. */
const SMALLEST = 1e-30;

function toInt8(wide: Tensor): Parts {
  const scales = aten.amax(aten.abs(wide), [1]).div(127);
  const codes = aten.round(wide.div(aten.clamp_min(scales, SMALLEST).unsqueeze(1))).to("int8");
  return { codes, scales, nested: null };
}

function toNf4(wide: Tensor, { nested }: Quantization): Parts {
  const [codes, scales] = kernels.quantize_nf4(wide);
  return nested ? { codes, ...nest(scales) } : { codes, scales, nested: null };
}

/** Magnitudes in 8 bits: their distance from the mean, times the largest such distance of 256 neighbours over 127. */
function nest(magnitudes: Tensor): Pick<Parts, "scales" | "nested"> {
  const blocks = magnitudes.shape[0]!;
  const mean = magnitudes.mean();
  const padding = Math.ceil(blocks / NESTED_BLOCK) * NESTED_BLOCK - blocks;
  const distances = aten.constant_pad_nd(magnitudes.sub(mean), [0, padding]).view([-1, NESTED_BLOCK]);
  const { codes, scales } = toInt8(distances);
  return {
    scales: aten.clone(codes.view([-1]).narrow(0, 0, blocks)),
    nested: aten.cat([scales, mean.unsqueeze(0)]),
  };
}

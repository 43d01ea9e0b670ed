import type { DType } from "./dtype.js";
import { TorchError } from "./errors.js";
import type { Generator } from "./generator.js";
import { native, type TypedArray } from "./native.js";
import { aten } from "./operators.js";
import { Tensor } from "./tensor.js";

/** Where and as what a tensor is made: default float32 on the CPU. */
export interface TensorOptions {
  dtype?: DType;
  device?: string;
}

function toTypedArray(data: readonly number[], dtype: DType): TypedArray {
  if (dtype !== "int64") return Float64Array.from(data);
  return BigInt64Array.from(data, (element) => {
    if (!Number.isSafeInteger(element)) {
      throw new TorchError(
        "TORCH_ARGUMENT_VALUE",
        `an int64 tensor cannot hold ${element}: not an exact integer`,
      );
    }
    return BigInt(element);
  });
}

/**
 * A tensor with a copy of `data`.
 *
 * @param data numbers, or a typed array whose dtype is kept unless `dtype` asks for another
 * @param options.shape default: one dimension
 * @param options.dtype default: float32 for numbers
 */
export function tensor(
  data: readonly number[] | TypedArray,
  options: TensorOptions & { shape?: readonly number[] } = {},
): Tensor {
  const { shape = [data.length], device } = options;
  const dtype = options.dtype ?? (Array.isArray(data) ? "float32" : undefined);
  const array: TypedArray = ArrayBuffer.isView(data) ? data : toTypedArray(data, dtype ?? "float32");
  const made = new Tensor(native().fromTypedArray(array, shape));
  const isSame = (dtype === undefined || made.dtype === dtype) && (device === undefined || device === "cpu");
  if (isSame) return made;
  const converted = aten._to_copy(made, { dtype, device });
  made.dispose();
  return converted;
}

const defaults = ({ dtype = "float32", device = "cpu" }: TensorOptions) => ({ dtype, device });

/** A new tensor of zeros; float32 on the CPU unless `options` say otherwise. */
export function zeros(shape: readonly number[], options: TensorOptions = {}): Tensor {
  return aten.zeros(shape, defaults(options));
}

/** A new tensor of ones. */
export function ones(shape: readonly number[], options: TensorOptions = {}): Tensor {
  return aten.ones(shape, defaults(options));
}

/** A new tensor whose every element is `value`. */
export function full(shape: readonly number[], value: number, options: TensorOptions = {}): Tensor {
  return aten.full(shape, value, defaults(options));
}

/** Uninitialised memory. */
export function empty(shape: readonly number[], options: TensorOptions = {}): Tensor {
  return aten.empty.memory_format(shape, defaults(options));
}

/** 0, 1, ..., end - 1; default int64. */
export function arange(end: number, options: TensorOptions = {}): Tensor {
  return aten.arange(end, { dtype: options.dtype ?? "int64", device: options.device ?? "cpu" });
}

/** Normal random numbers, mean 0, standard deviation 1, from an explicit generator. */
export function randn(shape: readonly number[], options: TensorOptions & { generator: Generator }): Tensor {
  return aten.randn.generator(shape, { ...defaults(options), generator: options.generator });
}

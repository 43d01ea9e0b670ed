/**
 * An error of the tensor library: a bad call, a libtorch error, exhausted memory, a damaged file.
 *
 * `code` is stable: `TORCH_ARGUMENT_COUNT`, `TORCH_ARGUMENT_TYPE`, `TORCH_ARGUMENT_VALUE`, `TORCH_DISPOSED`,
 * `TORCH_OTHER_THREAD`, `TORCH_UNKNOWN_OPERATOR`, `TORCH_UNSUPPORTED`, `TORCH_SECOND_COPY`, `TORCH_OUT_OF_MEMORY`,
 * `TORCH_INDEX`, `TORCH_VALUE`, `TORCH_TYPE`, `TORCH_NOT_IMPLEMENTED`, `TORCH_LINEAR_ALGEBRA`, `TORCH_OPERATOR`,
 * `TORCH_SCOPE`, `TORCH_FILE`, `TORCH_LOCKED`, `TORCH_DISK_FULL`, `TORCH_SAFETENSORS`, `TORCH_LIBRARY_NOT_LOADED`, `TORCH_INTERNAL`.
 */
export class TorchError extends Error {
  override readonly name = "TorchError";
  /** The operator that failed, such as `aten::mm`, or null. Its arguments' dtypes and shapes are in the message. */
  readonly operator: string | null;

  constructor(
    readonly code: string,
    message: string,
    operator: string | null = null,
  ) {
    super(message);
    this.operator = operator || null;
  }
}

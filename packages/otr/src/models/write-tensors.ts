import { type DType, scope, type Tensor, writeSafetensors } from "@one-token/torch";

/** Tensors by name, each with the dtype that it is stored in. */
export type TensorsToWrite = ReadonlyMap<string, { readonly tensor: Tensor; readonly dtype: DType }>;

/** Writes a safetensors file, now or later. */
export type TensorWriter = (
  path: string,
  tensors: TensorsToWrite,
  metadata: Readonly<Record<string, string>>,
) => void | Promise<void>;

/** Writes a safetensors file so that it is complete or absent. */
export const writeTensors: TensorWriter = (path, tensors, metadata) =>
  scope(() => {
    const stored = [...tensors].map(([name, { tensor, dtype }]): [string, Tensor] => [
      name,
      tensor.detach().to("cpu").to(dtype),
    ]);
    writeSafetensors(path, new Map(stored), metadata);
  });

/** Writes a safetensors file on another thread; the tensors, which lie on the CPU, must not change before it is done. */
export async function writeTensorsInBackground(...file: Parameters<TensorWriter>): Promise<void> {
  await writeTensors(...file);
}

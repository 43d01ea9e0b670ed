import { type StoredTensors, writeSafetensors } from "@one-token/torch";

/** Writes a safetensors file, now or later. */
export type TensorWriter = (
  path: string,
  tensors: StoredTensors,
  metadata: Readonly<Record<string, string>>,
) => void | Promise<void>;

/** Writes a safetensors file before it returns, so that it is complete or absent. */
export const writeTensors: TensorWriter = writeSafetensors;

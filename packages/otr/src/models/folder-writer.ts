import { writeFile } from "node:fs/promises";
import { type StoredTensors, writeSafetensors } from "@one-token/torch";
import { writeFileAtomically } from "./write-file-atomically.js";

/** How the files of a model folder are written. */
export interface FolderWriter {
  /** Writes a safetensors file, now or later. */
  tensors(
    path: string,
    tensors: StoredTensors,
    metadata: Readonly<Record<string, string>>,
  ): void | Promise<void>;
  /** Writes a small file. */
  file(path: string, content: string | Uint8Array): Promise<void>;
}

/** Each file is complete or absent, and on the disk when the next begins. */
export const atomicWriter: FolderWriter = { tensors: writeSafetensors, file: writeFileAtomically };

/** For a folder that nobody looks into before all of it is there and on the disk. */
export const plainWriter: FolderWriter = { tensors: writeSafetensors, file: (...file) => writeFile(...file) };

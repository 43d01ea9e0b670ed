/** @file The two ways in which a GGUF file cannot be used. */
import { DataError } from "../errors.js";

/** `GGUF_INVALID`: the file is damaged, or says what cannot be. */
export const ggufInvalid = (path: string, found: string): DataError =>
  new DataError(
    "GGUF_INVALID",
    `${path} is no sound GGUF file: ${found}; download it again, or convert the model once more`,
  );

/** `GGUF_UNSUPPORTED`: the file may be sound, but what it holds is not read here. `remedy` says what would be. */
export const ggufUnsupported = (path: string, found: string, remedy: string): DataError =>
  new DataError("GGUF_UNSUPPORTED", `${path}: ${found}; ${remedy}`);

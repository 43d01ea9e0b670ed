import { TorchError } from "../src/index.js";

/** The TorchError that a call throws; the test fails when it throws none, or something else. */
export function torchError(call: () => unknown): TorchError {
  try {
    call();
  } catch (error) {
    if (error instanceof TorchError) return error;
    throw error;
  }
  throw new Error("the call did not throw");
}

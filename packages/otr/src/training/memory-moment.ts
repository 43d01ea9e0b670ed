/** @file Tells in what memory ran out, where that was not a step. */
import { isOutOfMemory } from "../errors.js";

/** What a run does that takes memory of its own; a step unless it is said. */
export type MemoryMoment = "step" | "evaluation" | "save";

/** Memory ran out in something else than a step. */
export class OutOfMemoryError extends Error {
  constructor(
    readonly moment: Exclude<MemoryMoment, "step">,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

/**
 * Does `body`.
 *
 * @throws {OutOfMemoryError} where it could not get its memory
 */
export async function inMoment<T>(moment: OutOfMemoryError["moment"], body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw error instanceof Error && isOutOfMemory(error) ? new OutOfMemoryError(moment, error) : error;
  }
}

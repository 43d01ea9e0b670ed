/** @file How many threads may be asked for. */
import { availableParallelism } from "node:os";
import { counted } from "./format-value.js";
import type { Mistake } from "./option-set.js";

/** Some more than the machine has are allowed, because results depend on the number, and a run may be repeated. */
const THREADS_A_PROCESSOR = 4;

/** The mistake of an option that asks for so many threads that they would spend their time waiting for each other. */
export function tooManyThreads(
  key: string,
  threads: number | null,
  processors = availableParallelism(),
): Mistake[] {
  const limit = THREADS_A_PROCESSOR * processors;
  if (threads === null || threads <= limit) return [];
  const found = counted(processors, "processor");
  return [
    {
      key,
      message:
        `found ${threads}, but this process may use ${found}, and so many threads would wait for each other ` +
        `instead of computing. Give at most ${limit}, best ${processors}, or leave it out.`,
    },
  ];
}

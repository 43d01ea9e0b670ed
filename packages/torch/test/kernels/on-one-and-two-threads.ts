import { getNumThreads, setNumThreads } from "../../src/index.js";

/** What `run` gives on one thread, and what it gives on two. */
export function onOneAndTwoThreads<T>(run: () => T): [one: T, two: T] {
  const before = getNumThreads();
  try {
    setNumThreads(1);
    const one = run();
    setNumThreads(2);
    return [one, run()];
  } finally {
    setNumThreads(before);
  }
}

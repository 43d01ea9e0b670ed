import { Worker } from "node:worker_threads";

/** Two answers and how they are compared. */
export interface ComparisonRequest {
  readonly rule: "math-verify" | "minerva";
  readonly gold: string;
  readonly answer: string;
}

/** Seconds after which math-verify and lm-evaluation-harness give a comparison up. */
const TIME_LIMIT_MS = 5000;
const MEMORY_LIMIT_MIB = 256;

/** Compiled, whether this file is or not: a thread runs JavaScript. The path is the same from `src` and `dist`. */
const WORKER = new URL("../../../dist/evaluation/mathematics/comparison-worker.js", import.meta.url);

/** What becomes of a request. */
type Outcome = { readonly isEqual: boolean } | { readonly error: Error };

/** A thread and what it tells its outcomes to. */
interface ComparisonThread {
  readonly worker: Worker;
  settle: (outcome: Outcome) => void;
}

/** The thread that waits for a request; null before the first one, and after one was ended. */
let idle: ComparisonThread | null = null;
let last: Promise<unknown> = Promise.resolve();

/**
 * Compares two answers on a thread, one request after the other. A comparison that takes more than its time or memory is
 * ended with its thread and counts as "not equal": answers are written by models, and may be anything.
 *
 * @param timeLimit in milliseconds; 5000 where nothing is said
 */
export function compareOnThread(request: ComparisonRequest, timeLimit = TIME_LIMIT_MS): Promise<boolean> {
  const answer = last.then(() => answerOf(request, timeLimit));
  last = answer.catch(() => {});
  return answer;
}

async function answerOf(request: ComparisonRequest, timeLimit: number): Promise<boolean> {
  const thread = idle ?? startThread();
  idle = null;
  // An idle thread keeps no program alive, one that works does.
  thread.worker.ref();
  let timer: NodeJS.Timeout | undefined;
  const outcome = await new Promise<Outcome | null>((resolve) => {
    thread.settle = resolve;
    timer = setTimeout(() => resolve(null), timeLimit);
    thread.worker.postMessage(request);
  });
  clearTimeout(timer);
  if (outcome && "isEqual" in outcome) {
    thread.worker.unref();
    idle = thread;
    return outcome.isEqual;
  }
  await thread.worker.terminate();
  if (outcome && !isOutOfMemory(outcome.error)) throw outcome.error;
  return false;
}

const isOutOfMemory = (error: Error): boolean => "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";

function startThread(): ComparisonThread {
  const worker = new Worker(WORKER, {
    // Options of the program that are for its own entry, such as --input-type, would fail here.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT_MIB },
  });
  const thread: ComparisonThread = { worker, settle: () => {} };
  worker.on("message", (isEqual: boolean) => thread.settle({ isEqual }));
  worker.on("error", (error) => thread.settle({ error }));
  return thread;
}

/** @file Worker threads that encode blocks of lines side by side. */
import { Worker } from "node:worker_threads";
import { DataError, OtrError } from "../errors.js";
import type { EncodedBlock, EncodingOptions, FirstRow } from "./encode-block.js";

/** What each worker needs to make its own encoder. */
export interface WorkerSetting {
  readonly tokenizerFolder: string;
  readonly options: EncodingOptions;
  readonly first: FirstRow;
}

export type WorkerRequest = { readonly number: number; readonly block: Uint8Array } | "close";

export type WorkerAnswer = { readonly number: number } & (
  | { readonly encoded: EncodedBlock }
  | { readonly error: { readonly code: string; readonly message: string } }
);

interface Job {
  readonly resolve: (encoded: EncodedBlock) => void;
  readonly reject: (error: unknown) => void;
}

interface BusyWorker {
  readonly thread: Worker;
  /** By number. */
  readonly jobs: Map<number, Job>;
  readonly ended: Promise<void>;
  /** Why it takes no more blocks. */
  failure: unknown;
}

/** Encodes as a `BlockEncoder` does, on threads. */
export class EncodingWorkers {
  readonly #workers: readonly BusyWorker[];
  #next = 0;

  constructor(count: number, setting: WorkerSetting) {
    this.#workers = Array.from({ length: count }, () => startWorker(setting));
  }

  /** @throws DataError what the encoder throws; OtrError `ENCODING_THREAD_ENDED` */
  encode(block: Uint8Array): Promise<EncodedBlock> {
    const ended = this.#workers.find(({ failure }) => failure !== null);
    if (ended) return Promise.reject(ended.failure);
    const number = this.#next++;
    const [first, ...others] = this.#workers;
    const worker = others.reduce(
      (idlest, other) => (other.jobs.size < idlest.jobs.size ? other : idlest),
      first!,
    );
    const { promise, resolve, reject } = withResolvers();
    worker.jobs.set(number, { resolve, reject });
    const request: WorkerRequest = { number, block };
    worker.thread.postMessage(request);
    return promise;
  }

  /** Ends the threads, each after the blocks that it has. */
  async close(): Promise<void> {
    const request: WorkerRequest = "close";
    for (const { thread } of this.#workers) thread.postMessage(request);
    await Promise.all(this.#workers.map(({ ended }) => ended));
  }
}

function withResolvers(): Job & { promise: Promise<EncodedBlock> } {
  let job: Job | undefined;
  const promise = new Promise<EncodedBlock>((resolve, reject) => {
    job = { resolve, reject };
  });
  return { promise, ...job! };
}

function startWorker(setting: WorkerSetting): BusyWorker {
  const thread = new Worker(new URL("./encode-worker.js", import.meta.url), { workerData: setting });
  const jobs = new Map<number, Job>();
  thread.on("message", (answer: WorkerAnswer) => {
    const job = jobs.get(answer.number);
    jobs.delete(answer.number);
    if ("encoded" in answer) job?.resolve(answer.encoded);
    else job?.reject(new DataError(answer.error.code, answer.error.message));
  });
  const ended = new Promise<void>((resolve) => void thread.on("exit", () => resolve()));
  const worker: BusyWorker = { thread, jobs, ended, failure: null };
  const fail = (error: unknown) => {
    worker.failure ??= error;
    for (const { reject } of jobs.values()) reject(worker.failure);
    jobs.clear();
  };
  thread.on("error", fail);
  thread.on("exit", (code) =>
    fail(
      new OtrError(
        "ENCODING_THREAD_ENDED",
        `a thread that encodes rows ended with exit code ${code}; --dataset_num_proc 1 encodes without threads`,
      ),
    ),
  );
  return worker;
}

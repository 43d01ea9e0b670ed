/** @file Starts a run in a child process, so that runs side by side do not share a thread. */
import { fork } from "node:child_process";
import type { Running } from "one-token-rollout";
import type { RunResult, RunSpecification } from "./run-specification.js";

/** What a child tells its parent. `share` of the run is done, from 0 to 1. */
export type ChildMessage =
  | { readonly type: "progress"; readonly share: number }
  | { readonly type: "result"; readonly result: RunResult };

/**
 * Starts `module` as a child process, sends it the specification and waits for its result.
 * The result rejects when the child ends without one, with the last lines that it wrote to standard error.
 */
export function startChildRun(
  module: string,
  specification: RunSpecification,
  onProgress: (share: number) => void,
): Running<RunResult> {
  const child = fork(module, {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
  });
  let complaints = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  let answer: RunResult | null = null;
  child.on("message", (message: ChildMessage) => {
    if (message.type === "progress") onProgress(message.share);
    else answer = message.result;
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const result = new Promise<RunResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => {
      if (answer) return resolve(answer);
      const ending = signal ? `was ended by ${signal}` : `ended with exit status ${status}`;
      reject(new Error(`A fine-tuning process ${ending} before it had a result.\n${complaints}`.trimEnd()));
    });
  });
  child.send(specification, (error) => {
    // A child that is gone already is reported by its exit status.
    if (error) child.kill("SIGKILL");
  });
  return {
    result,
    kill: async () => {
      // The rejection that follows is this function's own doing.
      result.catch(() => {});
      child.kill("SIGKILL");
      await closed;
    },
  };
}

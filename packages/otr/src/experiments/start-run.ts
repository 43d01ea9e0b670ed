/** @file Starts a run in a process of its own: its memory is given back, and its failure is its own. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { RunError } from "../errors.js";
import type { RunMessage, RunOrder } from "./run-order.js";
import type { Running } from "./run-queue.js";

const PROGRAM = fileURLToPath(new URL("./run-process.js", import.meta.url));

/**
 * Starts the process of a run.
 *
 * @param program the module that it runs
 * @returns a result that rejects with {@link RunError} `RUN_FAILED` where the process ends without it
 */
export function startRun(
  order: RunOrder,
  onProgress: (doing: string, share: number) => void,
  program = PROGRAM,
): Running<void> {
  const child = fork(program, { stdio: ["ignore", "ignore", "pipe", "ipc"], serialization: "json" });
  let complaints = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  let answer: RunMessage | null = null;
  child.on("message", (message: RunMessage) => {
    if (message.type === "progress") onProgress(message.doing, message.share);
    else answer = message;
  });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const result = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status, signal) => {
      if (answer?.type === "done") return resolve();
      const ending = signal
        ? `its process was ended by ${signal}`
        : `its process ended with status ${status}`;
      const reason = answer?.type === "failed" ? answer.reason : `${ending}\n${complaints}`.trimEnd();
      reject(new RunError("RUN_FAILED", reason));
    });
  });
  child.send(order, (error) => {
    // A child that is gone already is reported by how it ended.
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

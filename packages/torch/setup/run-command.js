/** @file Runs other programs and leaves none behind, however the set-up ends. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** Of what a program says only the last part is kept. */
const KEPT_OUTPUT = 256 * 1024;

/** @type {Set<{ pid?: number }>} */
const running = new Set();

/** @type {readonly NodeJS.Signals[]} */
const FATAL_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a program to its end. A signal that ends this process ends the program and its descendants first.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ status: number | null, output: string }>} exit status (null: ended by a signal) and the end
 *   of what it wrote to both its outputs
 * @throws {NodeJS.ErrnoException} when it cannot be started, with `code` such as ENOENT
 */
export function runCommand(command, args, { cwd, env = process.env } = {}) {
  return new Promise((fulfil, reject) => {
    // A program may be at work before spawn returns: a signal must find this process watching by then.
    /** @type {{ pid?: number }} */
    const program = {};
    watch(program);
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    program.pid = child.pid;
    let output = "";
    const append = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
    };
    child.stdout.on("data", append);
    child.stderr.on("data", append);
    child.on("error", (error) => {
      unwatch(program);
      reject(error);
    });
    child.on("close", (status) => {
      unwatch(program);
      fulfil({ status, output });
    });
  });
}

/** @param {{ pid?: number }} program */
function watch(program) {
  if (running.size === 0) for (const signal of FATAL_SIGNALS) process.on(signal, stop);
  running.add(program);
}

/** @param {{ pid?: number }} program */
function unwatch(program) {
  running.delete(program);
  if (running.size === 0) for (const signal of FATAL_SIGNALS) process.off(signal, stop);
}

/** @param {NodeJS.Signals} signal */
function stop(signal) {
  for (const { pid } of running) if (pid !== undefined) endTree(pid);
  for (const each of FATAL_SIGNALS) process.off(each, stop);
  process.stderr.write("\nInterrupted; the same command goes on from here.\n");
  process.kill(process.pid, signal);
}

/**
 * Ends a program and what it started: a compiler driver that is ended alone leaves the compiler proper at work.
 *
 * @param {number} pid
 */
function endTree(pid) {
  let children = "";
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  } catch {
    // It has ended already, or the kernel does not tell.
  }
  for (const child of children.trim().split(/\s+/).filter(Boolean)) endTree(Number(child));
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    // It ended in the meantime.
  }
}

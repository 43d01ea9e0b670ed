/** @file The options that all comparisons share, and the arguments of a run that follow from them. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * @param {string[]} needed further options, all of which must be given
 * @param {string} usage
 */
export function readSettings(needed, usage) {
  const text = { type: "string" };
  const { values } = parseArgs({
    options: {
      model: text,
      data: text,
      loss: { ...text, default: "nll" },
      steps: { ...text, default: "6" },
      warm: { ...text, default: "2" },
      threads: { ...text, default: "2" },
      alternations: { ...text, default: "5" },
      fp32: { type: "boolean", default: false },
      checkpointing: { type: "boolean", default: false },
      ...Object.fromEntries(needed.map((name) => [name, text])),
    },
  });
  const missing = ["model", "data", ...needed].filter((name) => values[name] === undefined);
  if (missing.length > 0) {
    console.error(`missing: ${missing.map((name) => `--${name}`).join(", ")}\nusage: ${usage}`);
    process.exit(2);
  }
  return values;
}

/** Arguments of one run, of this project's or the peer's. */
export function runArguments(settings, changes = {}) {
  const chosen = { ...settings, ...changes };
  const named = ["model", "data", "loss", "steps", "warm", "threads"];
  const flags = ["fp32", "checkpointing"].filter((name) => chosen[name]);
  return [...named.flatMap((name) => [`--${name}`, chosen[name]]), ...flags.map((name) => `--${name}`)];
}

/** What two ways of training are compared by: names for people, and the fields of a run's JSON. */
export const STEP_COSTS = {
  "seconds a step": "step_s",
  "processor seconds a step": "processor_s",
  "peak memory": "peak_rss_mib",
};

/** The program that times one run of the clone in `folder`. */
export const oneRun = (folder = root) => join(folder, "bench", "one-run.js");

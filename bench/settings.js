/** @file The options that all comparisons share, and the arguments of a run that follow from them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Options of one run, of this project's or the peer's (which has no `device`), with their defaults. */
const OF_A_RUN = {
  model: undefined,
  data: undefined,
  loss: "nll",
  steps: "6",
  warm: "2",
  batch: "4",
  "max-length": "512",
  threads: "2",
  device: undefined,
  fp32: false,
  checkpointing: false,
  packing: false,
  lora: false,
};

/**
 * @param {string} usage
 * @param {object} options
 * @param {string[]} options.needed options, shared ones or not, that must be given
 * @param {Record<string, string | boolean>} [options.further] options of the script itself, with their defaults
 */
export function readSettings(usage, { needed, further = {} }) {
  const defaults = { ...OF_A_RUN, alternations: "5", ...further };
  for (const name of needed) defaults[name] ??= undefined;
  const options = Object.entries(defaults).map(([name, value]) => [
    name,
    typeof value === "boolean" ? { type: "boolean", default: value } : { type: "string", default: value },
  ]);
  const refuse = (problem) => {
    console.error(
      `${problem}\nusage: ${usage}\nand of a run: ${Object.keys(OF_A_RUN).join(", ")}, alternations`,
    );
    process.exit(2);
  };
  try {
    const { values } = parseArgs({ options: Object.fromEntries(options) });
    const missing = needed.filter((name) => values[name] === undefined);
    if (missing.length > 0) refuse(`missing: ${missing.map((name) => `--${name}`).join(", ")}`);
    for (const name of ["steps", "warm", "batch", "alternations"]) {
      if (!(Number(values[name]) >= 1)) refuse(`--${name} is ${values[name]}; it must be 1 or more`);
    }
    if (values.model !== undefined && !existsSync(join(values.model, "config.json"))) {
      refuse(`--model ${values.model} is no folder with a config.json`);
    }
    return values;
  } catch (error) {
    refuse(error.message);
  }
}

/** Arguments of one run, of this project's or the peer's. */
export function runArguments(settings, changes = {}) {
  const chosen = { ...settings, ...changes };
  return Object.keys(OF_A_RUN).flatMap((name) => {
    const value = chosen[name];
    if (value === undefined || value === false) return [];
    return value === true ? [`--${name}`] : [`--${name}`, String(value)];
  });
}

/** What two ways of training are compared by: names for people, and the fields of a run's JSON. */
export const STEP_COSTS = {
  "seconds a step": "step_s",
  "processor seconds a step": "processor_s",
  "peak memory": "peak_rss_mib",
};

/** The program that times one run of the clone in `folder`. */
export const oneRun = (folder = root) => join(folder, "bench", "one-run.js");

/** A list of numbers as an option holds it: `16,64`. */
export const numbers = (list) => list.split(",").map(Number);

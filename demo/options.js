/**
 * @file The options of `npm start`. Plain JavaScript, so that help and mistakes are answered before anything is
 * installed or compiled.
 */
import { parseArgs } from "node:util";
import { nearest } from "../scripts/nearest.js";

const HELP = `Usage: npm start -- [options]

Fine-tunes a small model with SFT, DFT and One-Token Rollout (OTR) at equal
budgets, in three settings and over several seeds, and prints what was measured.
The first time it sets everything up.

  --seeds N   runs of each method in each setting (default 3, at least 2)
  --json      one JSON document on standard output; progress goes to standard
              error
  --help      this text

docs/demonstration.md says how the base model was made and what figures mean.
`;

/**
 * The options, or null where there is nothing to do: help was asked for and printed, or a mistake was named and the
 * exit status set to 2.
 *
 * @param {string[]} args
 * @returns {{ seeds: number, json: boolean } | null}
 */
export function readOptions(args) {
  try {
    const { seeds, json, help } = parse(args);
    if (!help) return { seeds: seedCount(seeds), json };
    process.stdout.write(HELP);
  } catch (error) {
    process.stderr.write(`${/** @type {Error} */ (error).message}\n\n${HELP}`);
    process.exitCode = 2;
  }
  return null;
}

/** @param {string[]} args */
function parse(args) {
  const options = /** @type {const} */ ({
    seeds: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false, short: "h" },
  });
  for (const token of parseArgs({ args, options, strict: false, tokens: true }).tokens) {
    if (token.kind === "option" && !(token.name in options)) {
      const near = nearest(token.name, Object.keys(options));
      throw new Error(`There is no option ${token.rawName}.${near ? ` Did you mean --${near}?` : ""}`);
    }
  }
  return parseArgs({ args, options }).values;
}

/** @param {string} text */
function seedCount(text) {
  const seeds = Number(text);
  if (Number.isInteger(seeds) && seeds >= 2 && seeds <= 100) return seeds;
  throw new Error(`--seeds is "${text}", but a standard error needs a whole number from 2 to 100.`);
}

/** @file `otr schema`: the options for editors and other programs. */
import type { z } from "zod";
import { listWords } from "../config/describe-options.js";
import { compareOptions } from "../config/compare-options.js";
import { readFlags } from "../config/flags-layer.js";
import { evaluateOptions } from "../config/evaluate-options.js";
import { generateOptions } from "../config/generate-options.js";
import { inspectOptions } from "../config/inspect-options.js";
import { jsonSchema } from "../config/json-schema.js";
import { optionReference } from "../config/reference.js";
import { trainOptions } from "../config/train-options.js";
import { ConfigError, UsageError } from "../errors.js";
import { EXIT } from "./report-error.js";

const SCHEMAS: ReadonlyMap<string, z.ZodObject> = new Map<string, z.ZodObject>([
  ["train", trainOptions],
  ["inspect", inspectOptions],
  ["generate", generateOptions],
  ["evaluate", evaluateOptions],
  ["compare", compareOptions],
]);

const HELP = `Usage: otr schema [train|inspect|generate|evaluate|compare] [--reference]

Prints the JSON Schema of a configuration file of otr train (or of another of
these commands), for editors that check and complete YAML and JSON.

  --reference   Print the option reference of all commands in Markdown instead.
  --help        Show this text.
`;

/** Prints a JSON Schema or the option reference; returns the exit status. */
export async function runSchema(args: readonly string[]): Promise<number> {
  const { switches, positionals, problems } = readFlags(args, [], ["help", "reference"]);
  if (switches.has("help")) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  if (problems.length > 0) throw new ConfigError(problems);
  if (switches.has("reference")) {
    process.stdout.write(optionReference());
    return EXIT.done;
  }
  const command = positionals[0] ?? "train";
  const schema = SCHEMAS.get(command);
  if (schema === undefined || positionals.length > 1) {
    const found = positionals.join(" ");
    throw new UsageError(
      "UNKNOWN_SCHEMA",
      `otr schema takes ${listWords([...SCHEMAS.keys()])}, not ${found}.`,
    );
  }
  process.stdout.write(`${JSON.stringify(jsonSchema(schema, `otr ${command}`), null, 2)}\n`);
  return EXIT.done;
}

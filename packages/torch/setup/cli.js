#!/usr/bin/env node
/** @file `node setup/cli.js [--device cpu|cuda]`: the set-up of this package alone. */
import { parseArgs } from "node:util";
import { runSetup, SetupError, terminalLog } from "./index.js";
import { wrap } from "./setup-log.js";

/** @returns {"cpu" | "cuda" | null} null when the arguments cannot be understood */
function readDevice() {
  try {
    const { device } = parseArgs({ options: { device: { type: "string", default: "cpu" } } }).values;
    return device === "cpu" || device === "cuda" ? device : null;
  } catch {
    return null;
  }
}

const device = readDevice();
if (device === null) {
  process.stderr.write("usage: node setup/cli.js [--device cpu|cuda]\n");
  process.exitCode = 2;
} else {
  try {
    await runSetup({ device, log: terminalLog() });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${wrap(error.message, "")}\n`);
    process.exitCode = 1;
  }
}

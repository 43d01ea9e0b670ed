/** @file Set-up of the native part: finds or fetches libtorch, compiles the addons. Cheap to import. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  cacheFolder,
  defaultBuildFolder,
  LIBTORCH_VERSION,
  readBuildRecord,
  setupCommand,
} from "./folders.js";
import { locateLibtorch } from "./locate.js";
import { instructionSets } from "./processor.js";
import { SetupError } from "./setup-error.js";
import { terminalLog } from "./setup-log.js";

export {
  cacheFolder,
  instructionSets,
  LIBTORCH_VERSION,
  locateLibtorch,
  SetupError,
  setupCommand,
  terminalLog,
};

/**
 * The compiled addons: the loader, which opens libtorch, and the bridge to it.
 *
 * @param {object} [options]
 * @param {string} [options.buildFolder]
 * @returns {{ loader: string, torch: string }} absolute paths
 * @throws {SetupError} TORCH_NOT_BUILT, TORCH_BUILT_FOR_OTHER_CPU
 */
export function addonPaths({ buildFolder = defaultBuildFolder } = {}) {
  const loader = join(buildFolder, "loader.node");
  const torch = join(buildFolder, "torch.node");
  const record = readBuildRecord(buildFolder);
  if (!record || !existsSync(loader) || !existsSync(torch)) {
    throw new SetupError(
      "TORCH_NOT_BUILT",
      `The native part of @one-token/torch has not been built on this machine; run \`${setupCommand}\` once.`,
    );
  }
  const here = instructionSets();
  const lacking = record.instructionSets.filter((set) => !here.includes(set));
  if (lacking.length > 0) {
    throw new SetupError(
      "TORCH_BUILT_FOR_OTHER_CPU",
      `The native part of @one-token/torch was built for a processor with ${lacking.slice(0, 3).join(", ")}, which ` +
        `this one lacks; run \`${setupCommand}\` here.`,
    );
  }
  return { loader, torch };
}

/**
 * Makes `@one-token/torch` usable on this machine: fetches libtorch unless it is there, compiles the addons unless
 * they are up to date. Can be interrupted and run again; does nothing the second time.
 *
 * @param {object} [options]
 * @param {"cpu" | "cuda"} [options.device]
 * @param {import("./setup-log.js").SetupLog} [options.log]
 * @returns {Promise<{ libtorch: import("./locate.js").Libtorch, changed: boolean }>}
 * @throws {SetupError} with the command that mends what is missing
 */
export async function runSetup({ device = "cpu", log = terminalLog() } = {}) {
  const { setUp } = await import("./set-up.js");
  return setUp({ device, log });
}

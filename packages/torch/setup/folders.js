/** @file Where this package keeps what it builds and where it keeps libtorch. */
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The one version of libtorch that this package is built and tested with. */
export const LIBTORCH_VERSION = "2.11.0";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));

/** The C++ sources. */
export const nativeFolder = join(packageFolder, "native");

/** Where the compiled addons and the record of their build lie. */
export const defaultBuildFolder = join(packageFolder, "build");

/** The command that builds: inside a clone it is another one than in a project that installed the package. */
export const setupCommand = packageFolder.includes(`${sep}node_modules${sep}`)
  ? "npx one-token-rollout setup"
  : "npm run setup";

/**
 * The folder of this project in the user's cache: `$XDG_CACHE_HOME` (ignored unless absolute, as its
 * specification asks) or `~/.cache`, and in it `one-token-rollout`.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function cacheFolder(env = process.env) {
  const base = env.XDG_CACHE_HOME;
  return join(base && isAbsolute(base) ? base : join(homedir(), ".cache"), "one-token-rollout");
}

/**
 * Where the download puts libtorch for a kind of device.
 *
 * @param {"cpu" | "cuda"} device
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function libtorchCacheFolder(device, env = process.env) {
  return join(cacheFolder(env), `libtorch-${LIBTORCH_VERSION}${device === "cuda" ? "-cuda" : ""}`);
}

/**
 * What the last build recorded.
 *
 * @typedef {object} BuildRecord
 * @property {string} torchPath the libtorch it was linked to
 * @property {"OTR_LIBTORCH" | "python" | "cache"} source how that libtorch was found
 * @property {string} compiler identity of the compiler
 * @property {string[]} instructionSets what the processor offered, since the code was compiled for it
 * @property {string} key hash of all that went into the build
 */

/**
 * Reads the record of the last build; null where there is none or it cannot be read.
 *
 * @param {string} buildFolder
 * @returns {BuildRecord | null}
 */
export function readBuildRecord(buildFolder) {
  try {
    return JSON.parse(readFileSync(join(buildFolder, "build.json"), "utf8"));
  } catch {
    return null;
  }
}

/**
 * Makes a folder and those above it, and checks that it can be written. (Node's own recursive way never returns where
 * the system answers ENOENT to the making of a folder, as below /proc.)
 *
 * @param {string} folder
 * @throws {NodeJS.ErrnoException}
 */
export function makeWritableFolder(folder) {
  const missing = [];
  for (let path = folder; !existsSync(path); path = dirname(path)) missing.unshift(path);
  for (const path of missing) mkdirSync(path);
  accessSync(folder, constants.W_OK);
}

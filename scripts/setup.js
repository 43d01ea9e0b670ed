/**
 * @file Everything between a fresh clone and a program that runs: npm packages, libtorch, the native build,
 * TypeScript. Needs nothing but Node's own modules, and does only what has not been done.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checkPlatform } from "../packages/torch/setup/check.js";
import { runSetup, SetupError, terminalLog } from "../packages/torch/setup/index.js";
import { runCommand } from "../packages/torch/setup/run-command.js";
import { wrap } from "../packages/torch/setup/setup-log.js";
import { nearest } from "./nearest.js";

/** The root of the clone. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const HELP = `Usage: npm run setup -- [--device cpu|cuda] [--quiet]

Fetches and builds all that the project needs; does nothing where it has been
done.

  --device cuda   bring CUDA's libraries too (another 2 GB to fetch)
  --quiet         say nothing where nothing has to be done
  --help          this text
`;

/**
 * Runs all steps.
 *
 * @param {object} [options]
 * @param {"cpu" | "cuda"} [options.device]
 * @param {boolean} [options.quiet]
 * @throws {SetupError} with the command that mends what is missing
 */
export async function setUpClone({ device = "cpu", quiet = false } = {}) {
  checkPlatform();
  const log = terminalLog({ quiet });
  await installPackages(log);
  await runSetup({ device, log });
  await compileTypeScript(log);
}

/**
 * Ends with a sentence instead of a stack trace where the set-up itself names what is wrong.
 *
 * @param {{ device?: "cpu" | "cuda", quiet?: boolean }} options
 * @returns {Promise<boolean>} whether the set-up is complete
 */
export async function setUpOrExplain(options) {
  try {
    await setUpClone(options);
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(
      `\n${error.message
        .split("\n")
        .map((line) => wrap(line, ""))
        .join("\n")}\n`,
    );
    process.exitCode = 1;
    return false;
  }
}

/** @param {import("../packages/torch/setup/setup-log.js").SetupLog} log */
async function installPackages(log) {
  if (packagesAreInstalled()) {
    log.ready("npm packages", "as package-lock.json names them");
    return;
  }
  log.step(
    "Installing the npm packages",
    "Tokenizers, configuration, compiler and tests: what package-lock.json names.",
  );
  const { status, output } = await runNpm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
  if (status !== 0) throw npmError(output);
  log.done("node_modules");
}

/**
 * Whether `node_modules` holds what package-lock.json names. npm writes its own record last, so one that is there
 * speaks of a finished installation.
 *
 * @returns {boolean}
 */
function packagesAreInstalled() {
  const recordPath = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(recordPath)) return false;
  /** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, link?: boolean }>} Packages */
  const read = (/** @type {string} */ path) =>
    /** @type {Packages} */ (JSON.parse(readFileSync(path, "utf8")).packages);
  const installed = read(recordPath);
  return Object.entries(read(join(root, "package-lock.json"))).every(([path, wanted]) => {
    if (!path.startsWith("node_modules/")) return true;
    const found = installed[path];
    // Optional packages for other platforms are never installed.
    if (!found) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/** @param {string[]} args */
function runNpm(args) {
  const script = process.env.npm_execpath;
  const options = {
    cwd: root,
    env: { ...process.env, npm_config_loglevel: "error", npm_config_update_notifier: "false" },
  };
  return script?.endsWith("npm-cli.js")
    ? runCommand(process.execPath, [script, ...args], options)
    : runCommand("npm", args, options);
}

/**
 * @param {string} output
 * @returns {SetupError}
 */
function npmError(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i.test(output)) {
    return new SetupError(
      "NETWORK",
      "The npm registry could not be reached: connect to the network, or set a proxy with `npm config set proxy " +
        "http://PROXY:PORT`, then run the same command again.",
    );
  }
  const lines = output.split("\n").filter((line) => line.startsWith("npm error"));
  return new SetupError(
    "NPM_FAILED",
    `${lines.slice(0, 5).join("\n")}\nThe npm packages could not be installed: \`npm ci\`.`,
  );
}

/** @param {import("../packages/torch/setup/setup-log.js").SetupLog} log */
async function compileTypeScript(log) {
  const plan = await runCompiler(["--dry"]);
  // Whatever else the compiler says leads to a real build, which does little where little has changed.
  const upToDate = /^$|is up to date|would update timestamps/;
  if (plan.status === 0 && plan.output.split("\n").every((line) => upToDate.test(line))) {
    log.ready("TypeScript", "up to date");
    return;
  }
  log.step("Compiling TypeScript", "Node runs JavaScript; the sources are typed.");
  const { status, output } = await runCompiler([]);
  if (status !== 0) {
    const lines = output.split("\n").filter((line) => line.includes("error TS"));
    throw new SetupError(
      "TYPESCRIPT_FAILED",
      `${lines.slice(0, 5).join("\n")}\nType errors in the sources: \`npm run typecheck\` shows all of them.`,
    );
  }
  log.done("dist");
}

/** @param {string[]} args */
function runCompiler(args) {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  return runCommand(process.execPath, [compiler, "-b", "--pretty", "false", ...args], { cwd: root });
}

/**
 * Reads this script's own options.
 *
 * @param {string[]} args
 * @returns {{ device: "cpu" | "cuda", quiet: boolean, help: boolean }}
 * @throws {Error} with a sentence for the user
 */
export function readOptions(args) {
  const options = /** @type {const} */ ({
    device: { type: "string", default: "cpu" },
    quiet: { type: "boolean", default: false },
    help: { type: "boolean", default: false, short: "h" },
  });
  const { tokens, values } = parseArgs({
    args,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === "positional") throw new Error(`unexpected argument "${token.value}"`);
    if (token.kind === "option" && !(token.name in options)) {
      const near = nearest(token.name, Object.keys(options));
      throw new Error(`unknown option ${token.rawName}${near ? `; did you mean --${near}?` : ""}`);
    }
  }
  const { device, quiet, help } = values;
  if (device !== "cpu" && device !== "cuda") {
    throw new Error(`--device takes cpu or cuda${typeof device === "string" ? `, not "${device}"` : ""}`);
  }
  return { device, quiet: quiet === true, help: help === true };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { help, ...options } = readOptions(process.argv.slice(2));
    if (help) process.stdout.write(HELP);
    else await setUpOrExplain(options);
  } catch (error) {
    if (error instanceof SetupError || !(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n\n${HELP}`);
    process.exitCode = 2;
  }
}

/** @file Compiles the addons for this machine; what has not changed is not compiled again. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, freemem } from "node:os";
import { basename, dirname, join } from "node:path";
import { findCompiler } from "./check.js";
import {
  defaultBuildFolder,
  makeWritableFolder,
  nativeFolder as defaultNativeFolder,
  readBuildRecord,
  setupCommand,
} from "./folders.js";
import { instructionSets, vectorCapability } from "./processor.js";
import { runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";

/** Memory that compiling one file against libtorch's headers takes. */
const JOB_BYTES = 2 * 1024 ** 3;

/** What every file is compiled with; ABI 1 is what libtorch's wheels are built with. */
const COMPILE_FLAGS = [
  "-c",
  "-O2",
  "-std=c++17",
  "-fPIC",
  "-fopenmp",
  "-march=native",
  "-D_GLIBCXX_USE_CXX11_ABI=1",
];

/** No rpath: the loader opens libtorch by absolute path first, so that it can lie anywhere. */
const LINK_FLAGS = ["-shared", "-fopenmp", "-Wl,--allow-shlib-undefined"];
const TORCH_LIBRARIES = ["-Wl,--no-as-needed", "-ltorch_cpu", "-lc10"];

/**
 * One C++ file and the object it becomes. The object's name holds the hash of all that goes into it, so an object
 * that exists is up to date.
 *
 * @typedef {object} Unit
 * @property {string} source
 * @property {string} object
 * @property {string} key
 * @property {boolean} isLoader the loader must not link libtorch: it is what opens it
 */

/**
 * Everything that a build depends on, and whether it has been done.
 *
 * @typedef {object} BuildPlan
 * @property {string} buildFolder
 * @property {string} nativeFolder
 * @property {import("./locate.js").Libtorch} libtorch
 * @property {string[]} flags
 * @property {string[]} instructionSets
 * @property {import("./check.js").Compiler | null} compiler null when there is none and none is needed
 * @property {Unit[]} units
 * @property {string} key
 * @property {boolean} isUpToDate
 */

/**
 * Looks at sources, flags, compiler and processor.
 *
 * @param {object} options
 * @param {import("./locate.js").Libtorch} options.libtorch
 * @param {string} [options.nativeFolder]
 * @param {string} [options.buildFolder]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<BuildPlan>}
 * @throws {SetupError} COMPILER_MISSING and its kin, unless the last build can be used as it is
 */
export async function planBuild({
  libtorch,
  nativeFolder = defaultNativeFolder,
  buildFolder = defaultBuildFolder,
  env = process.env,
}) {
  const record = readBuildRecord(buildFolder);
  const sets = instructionSets();
  const capability = vectorCapability(sets);
  const flags = [...COMPILE_FLAGS, `-DCPU_CAPABILITY=${capability}`, `-DCPU_CAPABILITY_${capability}`];
  const plan = (/** @type {string} */ identity) => {
    const units = listUnits(nativeFolder, buildFolder, [identity, libtorch.version, ...flags, ...sets]);
    const key = hash([...units.map((unit) => unit.key), ...LINK_FLAGS, ...TORCH_LIBRARIES]);
    const isUpToDate = record?.key === key && addonFiles(buildFolder).every((file) => existsSync(file));
    return { buildFolder, nativeFolder, libtorch, flags, instructionSets: sets, units, key, isUpToDate };
  };
  // A build that is up to date stays usable on a machine whose compiler was removed; a CXX that is set may differ.
  if (record && !env.CXX) {
    const last = plan(record.compiler);
    if (last.isUpToDate) return { ...last, compiler: null };
  }
  const compiler = await findCompiler(env);
  return { ...plan(compiler.identity), compiler };
}

/**
 * Compiles and links what is missing, and records the build.
 *
 * @param {BuildPlan} plan
 * @param {import("./setup-log.js").SetupLog} log
 * @param {NodeJS.ProcessEnv} [env]
 * @throws {SetupError} HEADERS_MISSING, BUILD_NOT_WRITABLE, COMPILE_FAILED, LINK_FAILED
 */
export async function build(plan, log, env = process.env) {
  const { buildFolder, compiler, libtorch, units } = plan;
  if (plan.isUpToDate || !compiler) return;
  makeBuildFolder(join(buildFolder, "objects"));
  removeTemporary(buildFolder);
  const includes = [napiHeaders(), ...libtorch.includePaths, plan.nativeFolder].map((path) => `-I${path}`);
  const missing = units.filter((unit) => !existsSync(unit.object));
  const steps = missing.length + 1;
  /** @type {Set<string>} */
  const atWork = new Set();
  let finished = 0;
  const report = () => log.progress(finished / steps, `compiling ${[...atWork].join(", ")}`);
  const compileNext = async () => {
    for (let unit = missing.shift(); unit; unit = missing.shift()) {
      const what = basename(unit.source);
      atWork.add(what);
      report();
      const args = [...plan.flags, ...includes, unit.source, "-o"];
      try {
        await produce({ compiler, args, target: unit.object, code: "COMPILE_FAILED", what, env });
      } catch (error) {
        missing.length = 0;
        throw error;
      }
      finished++;
      atWork.delete(what);
      report();
    }
  };
  const jobs = Math.max(
    1,
    Math.min(availableParallelism(), Math.floor(freemem() / JOB_BYTES), missing.length),
  );
  const outcomes = await Promise.allSettled(Array.from({ length: jobs }, compileNext));
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure) throw failure.reason;

  log.progress(finished / steps, "linking");
  const [loader, torch] = addonFiles(buildFolder);
  const objects = (/** @type {boolean} */ ofLoader) =>
    units.filter((unit) => unit.isLoader === ofLoader).map((unit) => unit.object);
  const link = { compiler, code: "LINK_FAILED", env };
  await produce({
    ...link,
    args: [...LINK_FLAGS, ...objects(true), "-ldl", "-o"],
    target: loader,
    what: "loader.node",
  });
  const libraries = [`-L${libtorch.libraryPath}`, ...TORCH_LIBRARIES];
  const torchArgs = [...LINK_FLAGS, ...objects(false), ...libraries, "-o"];
  await produce({ ...link, args: torchArgs, target: torch, what: "torch.node" });

  /** @type {import("./folders.js").BuildRecord} */
  const record = {
    torchPath: libtorch.torchPath,
    source: libtorch.source,
    compiler: compiler.identity,
    instructionSets: plan.instructionSets,
    key: plan.key,
  };
  writeWhole(join(buildFolder, "build.json"), `${JSON.stringify(record, null, 2)}\n`);
  const current = new Set(units.map((unit) => basename(unit.object)));
  for (const file of readdirSync(join(buildFolder, "objects"))) {
    // Another build may be at work: what it has not finished is its own.
    if (!current.has(file) && !file.endsWith(".tmp"))
      rmSync(join(buildFolder, "objects", file), { force: true });
  }
}

/**
 * Notes in the record of an up-to-date build that libtorch now lies elsewhere.
 *
 * @param {BuildPlan} plan
 */
export function recordLibtorch({ buildFolder, libtorch }) {
  const record = readBuildRecord(buildFolder);
  if (!record || record.torchPath === libtorch.torchPath) return;
  const moved = { ...record, torchPath: libtorch.torchPath, source: libtorch.source };
  writeWhole(join(buildFolder, "build.json"), `${JSON.stringify(moved, null, 2)}\n`);
}

/**
 * The paths of the two addons in a build folder.
 *
 * @param {string} buildFolder
 * @returns {[loader: string, torch: string]}
 */
export const addonFiles = (buildFolder) => [
  join(buildFolder, "loader.node"),
  join(buildFolder, "torch.node"),
];

/**
 * @param {string} nativeFolder
 * @param {string} buildFolder
 * @param {string[]} context what all files depend on
 * @returns {Unit[]}
 */
function listUnits(nativeFolder, buildFolder, context) {
  const files = readdirSync(nativeFolder, { recursive: true, encoding: "utf8" }).sort();
  const headers = files.filter((file) => /\.(h|hpp|inc)$/.test(file));
  const shared = hash([
    ...context,
    ...headers.flatMap((file) => [file, readFileSync(join(nativeFolder, file), "utf8")]),
  ]);
  return files
    .filter((file) => file.endsWith(".cc"))
    .map((file) => {
      const source = join(nativeFolder, file);
      const key = hash([shared, file, readFileSync(source, "utf8")]);
      const object = join(buildFolder, "objects", `${basename(file, ".cc")}-${key.slice(0, 16)}.o`);
      return { source, object, key, isLoader: file === "loader.cc" };
    });
}

/**
 * Runs the compiler into a temporary file and gives that its name only when it is whole.
 *
 * @param {object} options
 * @param {import("./check.js").Compiler} options.compiler
 * @param {string[]} options.args ending with `-o`
 * @param {string} options.target
 * @param {string} options.code of the error
 * @param {string} options.what
 * @param {NodeJS.ProcessEnv} options.env
 */
async function produce({ compiler, args, target, code, what, env }) {
  const temporary = `${target}.${process.pid}.tmp`;
  const { status, output } = await runCommand(compiler.command, [...compiler.args, ...args, temporary], {
    env,
  });
  if (status !== 0) {
    rmSync(temporary, { force: true });
    const killed = status === null || /Killed|out of memory|cannot allocate/i.test(output);
    const lines = output.split("\n").filter((line) => /error|undefined reference|cannot find/i.test(line));
    const advice = killed
      ? `The compiler was ended, most often for lack of memory (it takes 2 GB): free some, then \`${setupCommand}\`.`
      : `${what} could not be compiled by ${compiler.identity}: with another compiler, \`CXX=g++ ${setupCommand}\`.`;
    throw new SetupError(code, [...lines.slice(0, 5), advice].join("\n"));
  }
  renameSync(temporary, target);
}

/** @returns {string} */
function napiHeaders() {
  try {
    const manifest = createRequire(import.meta.url).resolve("node-api-headers/package.json");
    return join(dirname(manifest), "include");
  } catch (error) {
    throw new SetupError(
      "HEADERS_MISSING",
      "The npm package node-api-headers is missing, whose headers the addon is compiled with: `npm install`.",
      { cause: error },
    );
  }
}

/** @param {string} folder */
function makeBuildFolder(folder) {
  try {
    makeWritableFolder(folder);
  } catch (error) {
    throw new SetupError(
      "BUILD_NOT_WRITABLE",
      `${folder} cannot be written (${/** @type {NodeJS.ErrnoException} */ (error).code}), and the addon is built ` +
        `there: run \`${setupCommand}\` as the owner of that folder.`,
    );
  }
}

/**
 * Removes what killed builds left; the files of a build that is at work carry the number of a living process.
 *
 * @param {string} buildFolder
 */
function removeTemporary(buildFolder) {
  for (const folder of [buildFolder, join(buildFolder, "objects")]) {
    for (const file of readdirSync(folder)) {
      const pid = /\.(\d+)\.tmp$/.exec(file)?.[1];
      if (pid && !existsSync(`/proc/${pid}`)) rmSync(join(folder, file), { force: true });
    }
  }
}

/**
 * @param {string} path
 * @param {string} text
 */
function writeWhole(path, text) {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/** @param {string[]} parts */
function hash(parts) {
  const sha = createHash("sha256");
  for (const part of parts) sha.update(`${part.length}:${part}`);
  return sha.digest("hex");
}

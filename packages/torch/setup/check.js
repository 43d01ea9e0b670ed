/** @file What a machine must have for the set-up; each missing thing is one sentence with the mending command. */
import { existsSync, statfsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setupCommand } from "./folders.js";
import { runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";

const OLDEST_NODE = [20, 19];
const OLDEST_GLIBC = [2, 28];
const OLDEST_PIP = [20, 3];
const OLDEST_GCC = 9;

/**
 * A compiler that was tried and works.
 *
 * @typedef {object} Compiler
 * @property {string} command
 * @property {string[]} args that stand before all others, as in `CXX="ccache g++"`
 * @property {string} identity its own version line
 */

/**
 * @throws {SetupError} PLATFORM_UNSUPPORTED, NODE_TOO_OLD
 */
export function checkPlatform() {
  const here = `${process.platform} ${process.arch}`;
  if (here !== "linux x64") {
    throw new SetupError(
      "PLATFORM_UNSUPPORTED",
      `This machine is ${here}; only Linux on x86-64 is supported: use such a machine, a container or WSL 2.`,
    );
  }
  const node = process.versions.node;
  if (isOlder(node, OLDEST_NODE)) {
    throw new SetupError(
      "NODE_TOO_OLD",
      `Node ${node} is too old; ${OLDEST_NODE.join(".")} or newer is needed: \`nvm install --lts\`, or a ` +
        `package from nodejs.org.`,
    );
  }
  const glibc = glibcVersion();
  if (!glibc || isOlder(glibc, OLDEST_GLIBC)) {
    throw new SetupError(
      "PLATFORM_UNSUPPORTED",
      `The C library is ${glibc ? `glibc ${glibc}` : "not glibc"}; libtorch needs glibc 2.28 or newer: use for ` +
        `instance Debian 10, Ubuntu 20.04, RHEL 8 or newer, or their container images.`,
    );
  }
}

/** @returns {string | undefined} */
export function glibcVersion() {
  if (!process.report) return undefined;
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return report.header.glibcVersionRuntime;
}

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @throws {SetupError} PYTHON_MISSING, PIP_MISSING
 */
export async function checkPip(env = process.env) {
  const python = await tryCommand("python3", ["--version"], env);
  if (python === null) {
    throw new SetupError(
      "PYTHON_MISSING",
      `python3 was not found; its pip fetches libtorch: \`${installCommand("python3-pip", env)}\`.`,
    );
  }
  const pip = await tryCommand("python3", ["-m", "pip", "--version"], env);
  if (pip === null) {
    throw new SetupError(
      "PIP_MISSING",
      `${python.split("\n")[0]} has no pip, which fetches libtorch: \`${installCommand("python3-pip", env)}\`.`,
    );
  }
  const version = /pip ([\d.]+)/.exec(pip)?.[1] ?? "0";
  if (isOlder(version, OLDEST_PIP)) {
    throw new SetupError(
      "PIP_MISSING",
      `pip ${version} is too old to fetch libtorch: \`python3 -m pip install --upgrade pip\`.`,
    );
  }
}

/**
 * Finds a compiler of C++17 with OpenMP: `CXX`, g++, c++, clang++.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<Compiler>}
 * @throws {SetupError} COMPILER_MISSING, COMPILER_TOO_OLD, COMPILER_BROKEN
 */
export async function findCompiler(env = process.env) {
  const candidates = env.CXX ? [env.CXX] : ["g++", "c++", "clang++"];
  for (const candidate of candidates) {
    const [command, ...args] = candidate.trim().split(/\s+/);
    const version = await tryCommand(command, [...args, "--version"], env);
    if (version === null) continue;
    const compiler = { command, args, identity: `${candidate}: ${version.split("\n")[0]}` };
    await checkCompiler(compiler, env);
    return compiler;
  }
  throw new SetupError(
    "COMPILER_MISSING",
    env.CXX
      ? `The compiler that CXX names (${env.CXX}) could not be started: set CXX to a C++ compiler or unset it.`
      : `No C++ compiler was found; the addon is compiled for this machine: \`${installCommand("g++", env)}\`.`,
  );
}

/**
 * @param {Compiler} compiler
 * @param {NodeJS.ProcessEnv} env
 */
async function checkCompiler({ command, args, identity }, env) {
  const probe = ["-std=c++17", "-fopenmp", "-include", "string", "-include", "omp.h", "-dM", "-E"];
  const { status, output } = await runCommand(command, [...args, ...probe, "-x", "c++", "/dev/null"], {
    env,
  });
  const gcc = Number(/__GNUC__ (\d+)/.exec(output)?.[1]);
  if (status !== 0 || Number.isNaN(gcc)) {
    throw new SetupError(
      "COMPILER_BROKEN",
      `${identity} cannot compile C++17 with OpenMP (${firstError(output)}): \`${installCommand("g++", env)}\`, or ` +
        `set CXX to another compiler.`,
    );
  }
  if (gcc < OLDEST_GCC && !output.includes("__clang__")) {
    throw new SetupError(
      "COMPILER_TOO_OLD",
      `${identity} is too old; libtorch's headers need GCC ${OLDEST_GCC} or newer: on RHEL 8 and its kin \`dnf ` +
        `install -y gcc-toolset-13-gcc-c++\`, then \`CXX=/opt/rh/gcc-toolset-13/root/usr/bin/g++ ${setupCommand}\`.`,
    );
  }
}

/**
 * @param {string} folder need not exist yet
 * @param {number} bytes
 * @throws {SetupError} DISK_FULL
 */
export function checkDisk(folder, bytes) {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  if (bavail * bsize < bytes) {
    throw new SetupError(
      "DISK_FULL",
      `${gigabytes(bavail * bsize)} GB are free in ${existing}, and ${gigabytes(bytes)} GB are needed: make room, ` +
        `or \`export XDG_CACHE_HOME=FOLDER\` on a larger disk.`,
    );
  }
}

/**
 * The command that installs a Debian package's counterpart with the package manager that is there.
 *
 * @param {"g++" | "python3-pip"} name
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string}
 */
export function installCommand(name, env = process.env) {
  const compiler = name === "g++";
  const sudo = process.getuid?.() === 0 ? "" : "sudo ";
  /** @type {[string, string][]} */
  const managers = [
    ["apt-get", `${sudo}apt-get update && ${sudo}apt-get install -y ${compiler ? "g++" : "python3-pip"}`],
    ["dnf", `${sudo}dnf install -y ${compiler ? "gcc-c++" : "python3-pip"}`],
    ["yum", `${sudo}yum install -y ${compiler ? "gcc-c++" : "python3-pip"}`],
    ["zypper", `${sudo}zypper install -y ${compiler ? "gcc-c++" : "python3-pip"}`],
    ["pacman", `${sudo}pacman -S --noconfirm ${compiler ? "gcc" : "python-pip"}`],
    ["apk", `${sudo}apk add ${compiler ? "g++" : "py3-pip"}`],
  ];
  const folders = [...(env.PATH ?? "").split(delimiter), "/usr/bin", "/sbin"];
  const found = managers.find(([manager]) => folders.some((folder) => existsSync(join(folder, manager))));
  return found?.[1] ?? `install ${name} with your system's package manager`;
}

/**
 * The first line in which a compiler or pip names an error.
 *
 * @param {string} output
 * @returns {string}
 */
export function firstError(output) {
  const lines = output.split("\n").filter((line) => line.trim());
  return (lines.find((line) => /error/i.test(line)) ?? lines[0] ?? "no message").trim();
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | null>} null when it could not be started or failed
 */
async function tryCommand(command, args, env) {
  try {
    const { status, output } = await runCommand(command, args, { env });
    return status === 0 ? output : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} version
 * @param {readonly number[]} oldest
 */
function isOlder(version, oldest) {
  const parts = version.split(".").map((part) => Number.parseInt(part, 10));
  for (const [index, least] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}

/** @param {number} bytes */
const gigabytes = (bytes) => (bytes / 1e9).toFixed(1);

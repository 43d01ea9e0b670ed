/** @file Fetches libtorch wheel by wheel into the user's cache; an interruption costs one wheel at most. */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkDisk, checkPip, firstError } from "./check.js";
import { LIBTORCH_VERSION, libtorchCacheFolder, makeWritableFolder } from "./folders.js";
import { locateLibtorch } from "./locate.js";
import { withLock } from "./lock.js";
import { runCommand } from "./run-command.js";
import { SetupError } from "./setup-error.js";

/** Room that the largest wheel (pip holds it twice for a moment) and the unpacked files need together. */
const DISK_BYTES = { cpu: 1.2e9, cuda: 5.5e9 };

/** The wheels are chosen for the platform that libtorch is built for, whatever the user's Python is. */
const PIP_PLATFORM = [
  ["--implementation", "cp", "--python-version", "3.11", "--abi", "cp311", "--abi", "none"],
  ["28", "27", "25", "18", "17", "12", "5"].flatMap((glibc) => ["--platform", `manylinux_2_${glibc}_x86_64`]),
  ["2014", "2010", "1"].flatMap((year) => ["--platform", `manylinux${year}_x86_64`]),
].flat();

/** What is kept of the wheels, by kind of device: a wheel holds the libraries of every kind, and Python's part. */
const KEPT = {
  cpu: [
    "torch/lib/libtorch_cpu.so",
    "torch/lib/libc10.so",
    "torch/lib/libgomp.so.1",
    "torch/include/*",
    "torch/version.py",
    "nvidia/cu13/lib/libcudart.so.*",
    "nvidia/cu13/lib/libcupti.so.*",
    "*.dist-info/licenses/*",
  ],
  cuda: [
    "torch/lib/libtorch_cpu.so",
    "torch/lib/libtorch_cuda*.so",
    "torch/lib/libtorch_nvshmem.so",
    "torch/lib/libc10*.so",
    "torch/lib/libcaffe2_nvrtc.so",
    "torch/lib/libgomp.so.1",
    "torch/include/*",
    "torch/version.py",
    "nvidia/*/lib/*.so*",
    "*.dist-info/licenses/*",
  ],
};

/**
 * One pinned wheel.
 *
 * @typedef {object} Wheel
 * @property {string} name
 * @property {string} version
 * @property {string} requirement the line for pip, with the hash
 * @property {number} bytes size of the wheel
 */

/**
 * The wheels that a kind of device needs, in the order of fetching.
 *
 * @param {"cpu" | "cuda"} device
 * @returns {Wheel[]}
 */
export function pinnedWheels(device) {
  const files = device === "cuda" ? ["libtorch.txt", "libtorch-cuda.txt"] : ["libtorch.txt"];
  const lines = files.flatMap((file) => readFileSync(new URL(file, import.meta.url), "utf8").split("\n"));
  return lines.flatMap((line) => {
    const match = /^(([\w-]+)==(\S+) --hash=sha256:[0-9a-f]{64}) {2}# (\d+) bytes$/.exec(line);
    return match
      ? [{ requirement: match[1], name: match[2], version: match[3], bytes: Number(match[4]) }]
      : [];
  });
}

/**
 * Downloads libtorch into the user's cache folder, checks every wheel's hash, and keeps what is needed.
 *
 * @param {object} options
 * @param {"cpu" | "cuda"} options.device
 * @param {import("./setup-log.js").SetupLog} options.log
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<string>} the folder, with `torch/` and `nvidia/` in it
 * @throws {SetupError} PYTHON_MISSING, PIP_MISSING, DISK_FULL, CACHE_NOT_WRITABLE, NETWORK, HASH_MISMATCH,
 *   DOWNLOAD_FAILED
 */
export async function downloadLibtorch({ device, log, env = process.env }) {
  const target = libtorchCacheFolder(device, env);
  const partial = `${target}.partial`;
  await checkPip(env);
  makeFolder(dirname(target));
  checkDisk(dirname(target), DISK_BYTES[device] - folderBytes(partial));
  const wheels = pinnedWheels(device);
  const total = wheels.reduce((sum, wheel) => sum + wheel.bytes, 0);
  log.step(
    `Fetching libtorch ${LIBTORCH_VERSION}${device === "cuda" ? " with CUDA" : ""}`,
    `The tensor library that does the arithmetic: ${megabytes(total)} MB by pip, with pinned hashes, kept in the ` +
      `user's cache folder for every project.`,
  );
  const waiting = (/** @type {string} */ holder) =>
    log.step("Waiting", `Another set-up (${holder}) is fetching it. If none is, delete ${target}.lock.*`);
  return withLock(`${target}.lock`, waiting, async () => {
    if (isComplete(target, device)) {
      log.done(`fetched by another set-up into ${target}`);
      return target;
    }
    rmSync(target, { recursive: true, force: true });
    let before = 0;
    for (const wheel of wheels) {
      const report = (/** @type {number} */ bytes, /** @type {string} */ verb) =>
        log.progress(
          (before + bytes) / total,
          `${wheel.name}: ${verb}, ${megabytes(before + bytes)} of ${megabytes(total)} MB`,
        );
      await fetchWheel({ wheel, partial, kept: KEPT[device], report, env });
      before += wheel.bytes;
    }
    renameSync(partial, target);
    for (const folder of ["wheels", "unpacked-wheels"]) rmSync(join(target, folder), { recursive: true });
    log.done(target);
    return target;
  });
}

/**
 * @param {string} folder
 * @param {"cpu" | "cuda"} device
 */
function isComplete(folder, device) {
  try {
    return locateLibtorch({ device, env: { OTR_LIBTORCH: folder } }) !== null;
  } catch {
    return false;
  }
}

/**
 * Downloads and unpacks one wheel, as far as an earlier call has not done so.
 *
 * @param {object} options
 * @param {Wheel} options.wheel
 * @param {string} options.partial
 * @param {string[]} options.kept
 * @param {(bytes: number, verb: string) => void} options.report
 * @param {NodeJS.ProcessEnv} options.env
 */
async function fetchWheel({ wheel, partial, kept, report, env }) {
  const finished = join(partial, "unpacked-wheels", `${wheel.name}-${wheel.version}`);
  if (existsSync(finished)) return;
  const complete = join(partial, "wheels", `${wheel.name}-${wheel.version}.whl`);
  makeFolder(dirname(finished));
  makeFolder(dirname(complete));
  if (!existsSync(complete)) await pipDownload({ wheel, partial, complete, report, env });
  report(wheel.bytes, "unpacking");
  const script = fileURLToPath(new URL("unpack.py", import.meta.url));
  const { status, output } = await runCommand("python3", ["-I", script, complete, partial, ...kept], { env });
  if (status !== 0) throw downloadError(wheel, output);
  writeFileSync(finished, "");
  rmSync(complete);
}

/**
 * @param {object} options
 * @param {Wheel} options.wheel
 * @param {string} options.partial
 * @param {string} options.complete where the whole, checked wheel goes
 * @param {(bytes: number, verb: string) => void} options.report
 * @param {NodeJS.ProcessEnv} options.env
 */
async function pipDownload({ wheel, partial, complete, report, env }) {
  const temporary = join(partial, "temporary");
  const destination = join(temporary, "wheel");
  rmSync(temporary, { recursive: true, force: true });
  makeFolder(destination);
  const requirements = join(temporary, "requirement.txt");
  writeFileSync(requirements, `${wheel.requirement}\n`);
  // pip builds the file in TMPDIR, then copies it: both stay on the cache's disk, and nothing in pip's own cache.
  const args = ["-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--only-binary=:all:"];
  args.push(...PIP_PLATFORM, "--require-hashes", "-r", requirements, "-d", destination);
  const watch = setInterval(() => {
    report(Math.min(wheel.bytes, folderBytes(temporary)), "downloading");
  }, 300);
  try {
    const { status, output } = await runCommand("python3", args, {
      env: { ...env, TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_REQUIRE_VIRTUALENV: "0" },
    });
    const [file] = existsSync(destination) ? readdirSync(destination) : [];
    if (status !== 0 || !file) throw downloadError(wheel, output);
    renameSync(join(destination, file), complete);
  } finally {
    clearInterval(watch);
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * @param {Wheel} wheel
 * @param {string} output what pip or the unpacking said
 * @returns {SetupError}
 */
function downloadError(wheel, output) {
  const what = `${wheel.name} ${wheel.version}`;
  if (/No space left on device/.test(output)) {
    return new SetupError(
      "DISK_FULL",
      `The disk filled up while fetching ${what}: make room, or \`export XDG_CACHE_HOME=FOLDER\` on a larger disk.`,
    );
  }
  if (/DO NOT MATCH THE HASHES/.test(output)) {
    return new SetupError(
      "HASH_MISMATCH",
      `What the package index sent as ${what} is not the pinned file (its SHA-256 differs) and was thrown away: ` +
        `look with \`python3 -m pip config list\` whether pip uses an index that can be trusted.`,
    );
  }
  if (
    /Retrying|ConnectionError|NewConnection|Max retries|timed out|Name or service|resolution|Network/i.test(
      output,
    )
  ) {
    return new SetupError(
      "NETWORK",
      `The package index could not be reached for ${what} (about ${megabytes(wheel.bytes)} MB): connect to the ` +
        `network, or \`export HTTPS_PROXY=http://PROXY:PORT\`, then run the same command again.`,
    );
  }
  return new SetupError(
    "DOWNLOAD_FAILED",
    `pip could not fetch ${what} (${firstError(output)}): \`python3 -m pip download --no-deps ${wheel.name}==` +
      `${wheel.version}\` shows more; with torch ${LIBTORCH_VERSION} at hand set OTR_LIBTORCH to its folder.`,
  );
}

/** @param {string} folder */
function makeFolder(folder) {
  try {
    makeWritableFolder(folder);
  } catch (error) {
    throw new SetupError(
      "CACHE_NOT_WRITABLE",
      `${folder} cannot be written (${/** @type {NodeJS.ErrnoException} */ (error).code}), and libtorch is kept ` +
        `there: \`export XDG_CACHE_HOME=FOLDER\` with a folder of yours, then run the same command again.`,
    );
  }
}

/**
 * @param {string} folder
 * @returns {number} 0 where there is none
 */
function folderBytes(folder) {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      bytes += entry.isDirectory() ? folderBytes(path) : statSync(path).size;
    }
  } catch {
    // pip removes files while they are counted.
  }
  return bytes;
}

/** @param {number} bytes */
const megabytes = (bytes) => Math.round(bytes / 1e6);

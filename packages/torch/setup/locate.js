/** @file Finds a libtorch of the right version without downloading anything. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  defaultBuildFolder,
  LIBTORCH_VERSION,
  libtorchCacheFolder,
  readBuildRecord,
  setupCommand,
} from "./folders.js";
import { SetupError } from "./setup-error.js";

/**
 * A libtorch that can be loaded and compiled against.
 *
 * @typedef {object} Libtorch
 * @property {string} version with its local part, such as `2.11.0+cu130`
 * @property {"OTR_LIBTORCH" | "python" | "cache"} source how it was found
 * @property {string} torchPath the folder that holds `lib` and `include`
 * @property {string} libraryPath
 * @property {string[]} includePaths
 * @property {string[]} libraries absolute paths, to be opened with RTLD_GLOBAL in this order
 */

/** @typedef {"cpu" | "cuda"} DeviceKind */

/**
 * Finds libtorch: `OTR_LIBTORCH`, what the last build used, an installed Python `torch`, the user's cache
 * folder. Python is started only when neither of the first two names a place.
 *
 * @param {object} [options]
 * @param {DeviceKind} [options.device] the kind of device whose libraries must be there
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.buildFolder]
 * @returns {Libtorch}
 * @throws {SetupError} LIBTORCH_NOT_FOUND; for what `OTR_LIBTORCH` names also LIBTORCH_WRONG_VERSION,
 *   LIBTORCH_INCOMPLETE and LIBTORCH_NO_CUDA
 */
export function locateLibtorch({ device = "cpu", env = process.env, buildFolder = defaultBuildFolder } = {}) {
  if (env.OTR_LIBTORCH) return inspect(resolve(env.OTR_LIBTORCH), "OTR_LIBTORCH", device);

  /** @type {string[]} */
  const refusals = [];
  const attempt = (/** @type {string} */ folder, /** @type {Libtorch["source"]} */ source) => {
    try {
      return inspect(folder, source, device);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      if (existsSync(folder)) refusals.push(error.message);
      return null;
    }
  };

  const record = readBuildRecord(buildFolder);
  const recorded = record && existsSync(record.torchPath) && attempt(record.torchPath, record.source);
  if (recorded) return recorded;

  const python = pythonTorch(env);
  const installed = python && attempt(python, "python");
  if (installed) return installed;

  for (const kind of device === "cuda" ? ["cuda"] : ["cpu", "cuda"]) {
    const cached = attempt(libtorchCacheFolder(/** @type {DeviceKind} */ (kind), env), "cache");
    if (cached) return cached;
  }
  const option =
    device === "cuda" ? (setupCommand.startsWith("npm") ? " -- --device cuda" : " --device cuda") : "";
  throw new SetupError(
    "LIBTORCH_NOT_FOUND",
    [
      `libtorch ${LIBTORCH_VERSION}${device === "cuda" ? " with CUDA" : ""} is not on this machine;`,
      `run \`${setupCommand}${option}\` to fetch it, or set OTR_LIBTORCH to a folder that has it.`,
      ...new Set(refusals),
    ].join(" "),
  );
}

/**
 * Checks one place: a site-packages folder, the `torch` folder in it, or an unpacked libtorch archive.
 *
 * @param {string} folder
 * @param {Libtorch["source"]} source
 * @param {DeviceKind} device
 * @returns {Libtorch}
 */
function inspect(folder, source, device) {
  const torchPath = [join(folder, "torch"), folder].find((path) =>
    existsSync(join(path, "lib", "libtorch_cpu.so")),
  );
  const name = source === "OTR_LIBTORCH" ? `OTR_LIBTORCH (${folder})` : folder;
  if (!torchPath) {
    throw new SetupError(
      "LIBTORCH_INCOMPLETE",
      `${name} holds no lib/libtorch_cpu.so: name a folder of libtorch ${LIBTORCH_VERSION} (a site-packages ` +
        `folder, the torch folder in it, or an unpacked libtorch archive), or unset OTR_LIBTORCH and run ` +
        `\`${setupCommand}\`.`,
    );
  }
  const version = readVersion(torchPath);
  if (version.split("+")[0] !== LIBTORCH_VERSION) {
    throw new SetupError(
      "LIBTORCH_WRONG_VERSION",
      `${name} holds libtorch ${version || "of unknown version"}, but ${LIBTORCH_VERSION} is needed: ` +
        `\`python3 -m pip install torch==${LIBTORCH_VERSION}\` there, set OTR_LIBTORCH to another folder, or ` +
        `unset it and run \`${setupCommand}\`.`,
    );
  }
  const libraryPath = join(torchPath, "lib");
  const includePath = join(torchPath, "include");
  for (const needed of [join(libraryPath, "libc10.so"), join(includePath, "ATen", "ATen.h")]) {
    if (!existsSync(needed)) {
      throw new SetupError(
        "LIBTORCH_INCOMPLETE",
        `${name} lacks ${needed}: install torch ${LIBTORCH_VERSION} there anew, or run \`${setupCommand}\`.`,
      );
    }
  }
  const libraries = [...cudaSupport(torchPath, name, version), join(libraryPath, "libtorch_cpu.so")];
  if (device === "cuda") {
    const cudaLibrary = join(libraryPath, "libtorch_cuda.so");
    if (!existsSync(cudaLibrary)) {
      throw new SetupError(
        "LIBTORCH_NO_CUDA",
        `${name} holds libtorch without CUDA (no lib/libtorch_cuda.so).`,
      );
    }
    libraries.push(cudaLibrary);
  }
  return {
    version,
    source,
    torchPath,
    libraryPath,
    includePaths: [includePath, join(includePath, "torch", "csrc", "api", "include")],
    libraries,
  };
}

/**
 * The two libraries of CUDA that the CPU library links. Wheels keep them in `nvidia/`, beside `torch/`; other
 * layouts bring them in `lib` or do without.
 *
 * @param {string} torchPath
 * @param {string} name
 * @param {string} version
 * @returns {string[]}
 */
function cudaSupport(torchPath, name, version) {
  const nvidia = resolve(torchPath, "..", "nvidia");
  const folders = listFolder(nvidia).map((entry) => join(nvidia, entry, "lib"));
  const found = ["libcudart.so.", "libcupti.so."].map((prefix) => {
    for (const folder of folders) {
      const file = listFolder(folder).find((entry) => entry.startsWith(prefix));
      if (file) return join(folder, file);
    }
    return null;
  });
  const isCudaWheel = version.includes("+cu") && existsSync(join(torchPath, "version.py"));
  if (isCudaWheel && found.includes(null)) {
    throw new SetupError(
      "LIBTORCH_INCOMPLETE",
      `${name} lacks libcudart or libcupti, which libtorch ${version} links: \`python3 -m pip install ` +
        `nvidia-cuda-runtime==13.0.96 nvidia-cuda-cupti==13.0.85\` there, or run \`${setupCommand}\`.`,
    );
  }
  return found.filter((path) => path !== null);
}

/**
 * @param {string} torchPath
 * @returns {string} empty where no version is written
 */
function readVersion(torchPath) {
  try {
    const text = readFileSync(join(torchPath, "version.py"), "utf8");
    return /^__version__ = ['"](.+)['"]/m.exec(text)?.[1] ?? "";
  } catch {
    try {
      return readFileSync(join(torchPath, "build-version"), "utf8").trim();
    } catch {
      return "";
    }
  }
}

/**
 * The folder of the `torch` that python3 would import, without importing it; null where there is none.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null}
 */
function pythonTorch(env) {
  // The empty entry is the working directory: a folder named "torch" there is not an installed package.
  const program =
    "import sys, importlib.util as u; sys.path = [p for p in sys.path if p]; s = u.find_spec('torch'); " +
    "print(list(s.submodule_search_locations or [''])[0] if s else '')";
  const { status, stdout } = spawnSync("python3", ["-c", program], {
    env,
    encoding: "utf8",
    timeout: 10_000,
  });
  return (status === 0 && stdout.trim()) || null;
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function listFolder(folder) {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

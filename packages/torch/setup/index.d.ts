/** The version of libtorch that this package needs, such as `2.11.0`. */
export declare const LIBTORCH_VERSION: string;

/** The command that sets this package up from where it is installed. */
export declare const setupCommand: string;

/** The folder of this project in the user's cache: in `$XDG_CACHE_HOME` where that is absolute, else in `~/.cache`. */
export declare function cacheFolder(env?: NodeJS.ProcessEnv): string;

export type DeviceKind = "cpu" | "cuda";

/** What stops a set-up, in one sentence with the command that mends it; `code` is stable. */
export declare class SetupError extends Error {
  constructor(code: string, message: string, options?: ErrorOptions);
  readonly code: string;
}

/** A libtorch that can be loaded and compiled against. */
export interface Libtorch {
  /** With its local part, such as `2.11.0+cu130`. */
  readonly version: string;
  readonly source: "OTR_LIBTORCH" | "python" | "cache";
  /** The folder that holds `lib` and `include`. */
  readonly torchPath: string;
  readonly libraryPath: string;
  readonly includePaths: readonly string[];
  /** Absolute paths, to be opened with `RTLD_NOW | RTLD_GLOBAL` in this order. */
  readonly libraries: readonly string[];
}

/** How a set-up tells what it does. */
export interface SetupLog {
  /** Work begins: what is done, and why. */
  step(title: string, reason: string): void;
  /** Progress of the work that began last, 0 to 1. */
  progress(fraction: number, detail: string): void;
  /** The work that began last has ended. */
  done(detail: string): void;
  /** Nothing had to be done here. */
  ready(title: string, detail: string): void;
}

/** A log for people: bars on a terminal, plain lines elsewhere, 80 columns. */
export declare function terminalLog(options?: {
  stream?: { isTTY?: boolean; write(text: string): unknown };
  quiet?: boolean;
}): SetupLog;

/**
 * Finds libtorch without downloading: `OTR_LIBTORCH`, what the last build used, Python's `torch`, the user's cache.
 *
 * @throws {SetupError} LIBTORCH_NOT_FOUND, LIBTORCH_WRONG_VERSION, LIBTORCH_INCOMPLETE, LIBTORCH_NO_CUDA
 */
export declare function locateLibtorch(options?: {
  device?: DeviceKind;
  env?: NodeJS.ProcessEnv;
  buildFolder?: string;
}): Libtorch;

/**
 * Absolute paths of the compiled addons.
 *
 * @throws {SetupError} TORCH_NOT_BUILT, TORCH_BUILT_FOR_OTHER_CPU
 */
export declare function addonPaths(options?: { buildFolder?: string }): { loader: string; torch: string };

/** The instruction sets of this machine's processor, in the spelling of /proc/cpuinfo, sorted. */
export declare function instructionSets(cpuinfo?: string): string[];

/**
 * Fetches libtorch unless it is there and compiles the addons unless they are up to date. Can be interrupted and run
 * again; does nothing the second time.
 *
 * @throws {SetupError} with the command that mends what is missing
 */
export declare function runSetup(options?: {
  device?: DeviceKind;
  log?: SetupLog;
}): Promise<{ libtorch: Libtorch; changed: boolean }>;

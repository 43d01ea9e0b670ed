/** @file The native addon: its typed interface and the one place that loads it. */
import { createRequire } from "node:module";
import { addonPaths, locateLibtorch } from "../setup/index.js";
import { TorchError } from "./errors.js";

/** A tensor or generator on the native side; only the addon can look inside. */
export type Handle = object & { readonly __native: unique symbol };

/** What the addon can say of one operator. Types are schema types: `Tensor`, `int[]`, `Scalar`, ... */
export interface OperatorSchema {
  readonly name: string;
  readonly overload: string;
  /** Left out because it trusts its arguments. */
  readonly unchecked: boolean;
  readonly arguments: readonly {
    readonly name: string;
    readonly type: string;
    readonly supported: boolean;
    readonly nullable: boolean;
    readonly hasDefault: boolean;
    readonly keywordOnly: boolean;
    readonly fixedSize: boolean;
  }[];
  readonly returns: readonly string[];
}

/** How the addon was compiled and which libtorch it runs on. */
export interface BuildInfo {
  readonly torchVersion: string;
  readonly openmp: boolean;
  /** float32 lanes of `at::vec`: 16 with AVX-512, 8 with AVX2. */
  readonly vectorLanes: number;
  readonly cpuCapability: string;
}

/** What the profiler recorded. */
export interface RecordedEvents {
  readonly names: readonly string[];
  /** Of each event the index of its name, its scope, thread, start and end. */
  readonly events: Float64Array;
  readonly dropped: number;
  readonly thread: number;
}

/** Arrays that a tensor can be made from. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint8Array;

/** The functions of the addon; every one throws {@link TorchError} on a bad call. */
export interface NativeAddon {
  findOperator(name: string, overload: string): number;
  callOperator(operator: number, ...values: unknown[]): unknown;
  operatorSchema(operator: number): OperatorSchema;
  overloads(name: string): string[];
  allSchemas(): OperatorSchema[];
  fromTypedArray(array: TypedArray, shape: readonly number[]): Handle;
  toTypedArray(tensor: Handle): TypedArray;
  shape(tensor: Handle): number[];
  dtype(tensor: Handle): string;
  device(tensor: Handle): string;
  bytes(tensor: Handle): number;
  item(tensor: Handle): number | boolean;
  dispose(tensor: Handle): void;
  isDisposed(tensor: Handle): boolean;
  sameTensor(a: Handle, b: Handle): boolean;
  liveTensorCount(): number;
  makeGenerator(device: string, seed: number | bigint): Handle;
  requiresGrad(tensor: Handle): boolean;
  setRequiresGrad(tensor: Handle, value: boolean): void;
  isLeaf(tensor: Handle): boolean;
  grad(tensor: Handle): Handle | null;
  setGrad(tensor: Handle, gradient: Handle | null): void;
  backward(
    outputs: readonly Handle[],
    gradients: readonly (Handle | null)[] | null,
    retainGraph: boolean,
  ): void;
  gradients(
    outputs: readonly Handle[],
    inputs: readonly Handle[],
    gradients: readonly (Handle | null)[] | null,
    retainGraph: boolean,
    createGraph: boolean,
    allowUnused: boolean,
  ): (Handle | null)[];
  isGradEnabled(): boolean;
  setGradEnabled(enabled: boolean): void;
  mapFile(path: string): Handle;
  viewBytes(bytes: Handle, offset: number, shape: readonly number[], dtype: string): Handle;
  writeFile(path: string, start: Buffer, tensors: readonly Handle[], dtypes: readonly string[]): void;
  writeFileInBackground(
    path: string,
    start: Buffer,
    tensors: readonly Handle[],
    dtypes: readonly string[],
  ): Promise<void>;
  tryLock(descriptor: number): boolean;
  setNumThreads(count: number): void;
  releaseFreeMemory(): void;
  memoryAllocated(): number;
  maxMemoryAllocated(): number;
  resetPeakMemoryStats(): void;
  getNumThreads(): number;
  cudaDeviceCount(): number;
  cudaHasBfloat16(device: string): boolean;
  buildInfo(): BuildInfo;
  installSignalHandler(notice: string, signals: readonly number[]): void;
  removeSignalHandler(): void;
  pendingSignals(): number;
  startProfiler(limit: number, base: bigint): void;
  stopProfiler(): RecordedEvents;
  setErrorClass(errorClass: typeof TorchError): void;
}

let addon: NativeAddon | null = null;
let loadedKind: "cpu" | "cuda" | null = null;

/** The addons do not know TorchError yet while they are loaded: their errors carry only a code. */
function asTorchError<T>(load: () => T): T {
  try {
    return load();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (typeof code !== "string" || !code.startsWith("TORCH_")) throw error;
    throw new TorchError(code, (error as Error).message);
  }
}

/**
 * Loads libtorch and the addon for a kind of device; later calls for the same kind do nothing. Without a call the
 * first tensor loads the CPU libraries.
 *
 * @throws SetupError when libtorch or the addon is missing, with the command that builds them
 * @throws TorchError TORCH_ARGUMENT_VALUE when the CPU libraries are loaded already and CUDA is asked for;
 *   TORCH_SECOND_COPY when another copy of this package is loaded in the process; TORCH_LIBRARY_NOT_LOADED
 */
export function loadTorch(kind: "cpu" | "cuda" = "cpu"): void {
  if (addon !== null) {
    if (kind === "cuda" && loadedKind === "cpu") {
      throw new TorchError(
        "TORCH_ARGUMENT_VALUE",
        'libtorch is loaded without CUDA already: call loadTorch("cuda") before the first tensor is made',
      );
    }
    return;
  }
  const paths = addonPaths();
  const require = createRequire(import.meta.url);
  const loaded = asTorchError(() => {
    const loader: Loader = require(paths.loader);
    setDefaults(loader);
    for (const library of locateLibtorch({ device: kind }).libraries) loader.open(library);
    return require(paths.torch) as NativeAddon;
  });
  loaded.setErrorClass(TorchError);
  addon = loaded;
  loadedKind = kind;
}

interface Loader {
  open(path: string): void;
  /** Sets a variable of the process's environment, unless it is set. */
  setDefault(name: string, value: string): void;
}

/** What libtorch's libraries read from the environment when they are loaded. */
function setDefaults(loader: Loader): void {
  // By default idle threads of libgomp spin for milliseconds at each barrier. Beside another busy process they then take
  // the processor from the very thread that they wait for: a training step on two threads became 50 times slower.
  if (process.env.OMP_WAIT_POLICY === undefined) loader.setDefault("GOMP_SPINCOUNT", "1000");
  // oneDNN, and libtorch's layer above it, each keep the last 1024 compiled matrix products, one for each shape. Rows differ
  // in length from step to step, so both caches only grow, to half a gigabyte; layers of one step share far fewer.
  loader.setDefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64");
  loader.setDefault("LRU_CACHE_CAPACITY", "64");
}

/** The addon, loaded at the first call. */
export function native(): NativeAddon {
  if (addon === null) loadTorch();
  return addon as NativeAddon;
}

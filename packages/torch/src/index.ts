/**
 * @file libtorch for TypeScript: tensors, every ATen operator, autograd, counter-based random numbers, safetensors.
 *
 * Importing is cheap: libtorch loads at the first call that needs it, or by {@link loadTorch}.
 */
import "./tensor-methods.js";

export { backward, gradients, enableGrad, isGradEnabled, noGrad } from "./autograd.js";
export { arange, empty, full, ones, randn, type TensorOptions, tensor, zeros } from "./creation.js";
export { type DType, ITEM_SIZE } from "./dtype.js";
export { TorchError } from "./errors.js";
export { type FileLock, FileLockedError, type LockOwner, lockFile } from "./file-lock.js";
export type { Aten, Integer, Layout, MemoryFormat, Scalar } from "./generated/aten.js";
export { Generator } from "./generator.js";
export { type BuildInfo, loadTorch, type TypedArray } from "./native.js";
export { aten, kernels, ops } from "./operators.js";
export { philoxUniform } from "./philox.js";
export {
  type Profile,
  type ProfileCategory,
  type ProfileEvent,
  recordFunction,
  startProfiler,
  stopProfiler,
} from "./profiler.js";
export {
  buildInfo,
  cudaDeviceCount,
  cudaHasBfloat16,
  getNumThreads,
  installSignalHandler,
  maxMemoryAllocated,
  memoryAllocated,
  pendingSignals,
  releaseFreeMemory,
  resetPeakMemoryStats,
  removeSignalHandler,
  setNumThreads,
  type StopSignal,
} from "./runtime.js";
export {
  readSafetensors,
  readSafetensorsHeader,
  type SafetensorsFile,
  type SafetensorsHeader,
  type StoredTensor,
  type StoredTensors,
  type TensorEntry,
  writeSafetensors,
  writeSafetensorsInBackground,
} from "./safetensors.js";
export { keep, liveTensorCount, scope, Tensor } from "./tensor.js";

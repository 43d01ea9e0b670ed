/** @file Threads, devices, how the addon was built, native signals. */
import { constants } from "node:os";
import { type BuildInfo, native } from "./native.js";

/**
 * Sets the number of threads that one operator may use in this JavaScript thread.
 *
 * @throws TorchError TORCH_ARGUMENT_VALUE unless it is 1 to 16 times the number of processors
 */
export function setNumThreads(count: number): void {
  native().setNumThreads(count);
}

/** How many threads one operator uses at most. */
export function getNumThreads(): number {
  return native().getNumThreads();
}

/** Gives memory that no tensor on the CPU holds back to the system; it is kept otherwise, for the tensors to come. */
export function releaseFreeMemory(): void {
  native().releaseFreeMemory();
}

/**
 * Bytes that tensors on the CPU hold now, in the whole process. Tensors below 64 KiB and mapped files are not counted;
 * sizes are rounded up to pages.
 */
export function memoryAllocated(): number {
  return native().memoryAllocated();
}

/** The most that {@link memoryAllocated} was since {@link resetPeakMemoryStats}, or since the start. */
export function maxMemoryAllocated(): number {
  return native().maxMemoryAllocated();
}

/** {@link maxMemoryAllocated} counts from what is held now. */
export function resetPeakMemoryStats(): void {
  native().resetPeakMemoryStats();
}

/** CUDA devices that can be used; 0 when the CPU libraries are loaded. */
export function cudaDeviceCount(): number {
  return native().cudaDeviceCount();
}

/**
 * Whether a GPU multiplies bfloat16 matrices in hardware (compute capability 8.0 and above).
 *
 * @throws TorchError TORCH_ARGUMENT_VALUE for what is no CUDA device that can be used
 */
export function cudaHasBfloat16(device: string): boolean {
  return native().cudaHasBfloat16(device);
}

/** Which libtorch is linked, and what it was built for. */
export function buildInfo(): BuildInfo {
  return native().buildInfo();
}

/** Signals that ask a program to end. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/**
 * Catches signals natively, because JavaScript sees a signal only when a long operator has ended. The first is counted
 * ({@link pendingSignals}); a later one ends the process at once with status 130, unless it is SIGHUP, which a closing
 * terminal may send more than once. Counting starts anew.
 *
 * @param notice what the first signal writes to standard error there and then, of 256 bytes at most
 * @param signals those that are caught; others stay with whoever handles them
 * @throws TorchError TORCH_ARGUMENT_VALUE when the notice is longer, or a signal is another one
 */
export function installSignalHandler(
  notice = "",
  signals: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"],
): void {
  native().installSignalHandler(
    notice,
    signals.map((name) => constants.signals[name]),
  );
}

/** Gives the signals back to what handled them before, and forgets what was counted. */
export function removeSignalHandler(): void {
  native().removeSignalHandler();
}

/** Signals since {@link installSignalHandler}. */
export function pendingSignals(): number {
  return native().pendingSignals();
}

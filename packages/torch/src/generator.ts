import { type Handle, native } from "./native.js";

/** An explicit source of random numbers, passed to operators as `{ generator }`. There is no hidden global one. */
export class Generator {
  readonly #handle: Handle;

  /**
   * @param options.seed 64 bits, of which libtorch's CPU generator uses the lower 32; the same seed gives the same numbers
   *   on the same kind of device
   */
  constructor(options: { seed: number | bigint; device?: string }) {
    this.#handle = native().makeGenerator(options.device ?? "cpu", options.seed);
  }

  /** The native handle of a generator; null for every other value. */
  static handleOf(value: unknown): Handle | null {
    return typeof value === "object" && value !== null && #handle in value ? value.#handle : null;
  }
}

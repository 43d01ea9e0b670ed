import type { DType } from "./dtype.js";
import { TorchError } from "./errors.js";
import { type Handle, native, type TypedArray } from "./native.js";
import { disown, type Owned, own, runScope } from "./ownership.js";

/**
 * A tensor of libtorch.
 *
 * Ownership: a tensor belongs to the innermost {@link scope} and is freed when that scope ends, unless it is part of
 * the scope's result. Outside of scopes, and after {@link keep}, it lives until {@link Tensor.dispose} (`using` calls
 * it). A finalizer frees forgotten tensors, but only when the event loop turns: loops need scopes. Use after disposal
 * throws `TORCH_DISPOSED`.
 *
 * Every ATen operator is reached through `aten`; the common ones are methods (see `tensor-methods.ts`).
 */
export class Tensor implements Owned {
  readonly #handle: Handle;

  /** Takes ownership of a native handle; only this package has any. */
  constructor(handle: Handle) {
    this.#handle = handle;
    own(this);
  }

  /** The native handle of a tensor; null for every other value. */
  static handleOf(value: unknown): Handle | null {
    return typeof value === "object" && value !== null && #handle in value ? value.#handle : null;
  }

  /** Sizes of the dimensions. */
  get shape(): readonly number[] {
    return native().shape(this.#handle);
  }

  get dtype(): DType {
    return native().dtype(this.#handle) as DType;
  }

  /** `cpu`, `cuda:0`, ... */
  get device(): string {
    return native().device(this.#handle);
  }

  /** Number of elements. */
  get numel(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  /** Bytes of memory that this tensor alone holds: 0 for views, mapped files and disposed tensors. */
  get ownedBytes(): number {
    return native().bytes(this.#handle);
  }

  get isDisposed(): boolean {
    return native().isDisposed(this.#handle);
  }

  /** Whether `other` is this very tensor (not merely one of equal values, nor a view). */
  is(other: Tensor): boolean {
    return native().sameTensor(this.#handle, other.#handle);
  }

  /** The only element; booleans become 0 and 1. Throws unless there is exactly one, or when it is beyond 2^53. */
  item(): number {
    return Number(native().item(this.#handle));
  }

  /** A copy in row-major order: bfloat16 and float16 as Float32Array, int64 as BigInt64Array, bool as Uint8Array. */
  toTypedArray(): TypedArray {
    return native().toTypedArray(this.#handle);
  }

  /** A flat copy as numbers, in row-major order. Throws TORCH_VALUE when an integer is beyond 2^53. */
  toArray(): number[] {
    const elements = this.toTypedArray();
    if (!(elements instanceof BigInt64Array)) return Array.from(elements);
    return Array.from(elements, (element) => {
      const number = Number(element);
      if (Number.isSafeInteger(number)) return number;
      throw new TorchError("TORCH_VALUE", `the element ${element} is beyond 2^53: use toTypedArray()`);
    });
  }

  /** Frees the memory now. A second call does nothing. */
  dispose(): void {
    native().dispose(this.#handle);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  get requiresGrad(): boolean {
    return native().requiresGrad(this.#handle);
  }

  /** Only leaves can be changed, and only floating-point tensors can require gradients. */
  set requiresGrad(value: boolean) {
    native().setRequiresGrad(this.#handle, value);
  }

  /** Whether no operator that autograd records made it. */
  get isLeaf(): boolean {
    return native().isLeaf(this.#handle);
  }

  /** The accumulated gradient, a new handle at each read, or null. */
  get grad(): Tensor | null {
    const gradient = native().grad(this.#handle);
    return gradient === null ? null : new Tensor(gradient);
  }

  set grad(gradient: Tensor | null) {
    native().setGrad(this.#handle, gradient === null ? null : gradient.#handle);
  }

  /** Back-propagates from this tensor into the leaves' `grad`; `gradient` is needed unless this is a scalar. */
  backward(gradient?: Tensor, options: { retainGraph?: boolean } = {}): void {
    const seeds = gradient === undefined ? null : [gradient.#handle];
    native().backward([this.#handle], seeds, options.retainGraph ?? false);
  }

  toString(): string {
    return this.isDisposed ? "Tensor(disposed)" : `Tensor(${this.dtype}[${this.shape.join(", ")}])`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function* tensorsIn(value: unknown, seen: Set<unknown>): Generator<Tensor> {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Tensor) yield value;
  else if (value instanceof Map) for (const item of value.values()) yield* tensorsIn(item, seen);
  else if (Array.isArray(value) || value instanceof Set)
    for (const item of value) yield* tensorsIn(item, seen);
  else if (Object.getPrototypeOf(value) === Object.prototype) yield* tensorsIn(Object.values(value), seen);
}

/**
 * Runs `body` and frees every tensor made inside that is not in its result (a tensor, or an array, plain object, Map
 * or Set of results). Survivors belong to the scope around, if there is one. Also frees when `body` throws.
 *
 * @throws TorchError TORCH_SCOPE when `body` is asynchronous
 */
export function scope<T>(body: () => T): T {
  return runScope(body, (result) => tensorsIn(result, new Set()));
}

/** Takes a tensor out of all scopes: it lives until `dispose()`. For parameters, caches, optimizer state. */
export function keep<T extends Tensor>(tensor: T): T {
  disown(tensor);
  return tensor;
}

/** Number of tensors of this thread that were made and not yet freed: constant over a loop that does not leak. */
export function liveTensorCount(): number {
  return native().liveTensorCount();
}

/** @file Who frees what: the stack of scopes, and the warning for memory made outside of any. */
import { TorchError } from "./errors.js";

/** Something that a scope can own. */
export interface Owned {
  dispose(): void;
  /** Bytes of its own memory, 0 when freed or shared. */
  readonly ownedBytes: number;
}

const WARN_BYTES = 2 ** 30;

const scopes: Set<Owned>[] = [];
let bytesOutside = 0;
let resetPlanned = false;
let warned = false;

function countOutside(bytes: number): void {
  bytesOutside += bytes;
  if (!resetPlanned) {
    resetPlanned = true;
    setImmediate(() => {
      resetPlanned = false;
      bytesOutside = 0;
    }).unref();
  }
  if (bytesOutside < WARN_BYTES || warned) return;
  warned = true;
  process.emitWarning(
    "1 GiB of tensors was made outside of any scope() without a turn of the event loop, and none of it can be freed " +
      "before one. Wrap the body of the loop in scope(() => ...), or dispose() what is not needed.",
    { type: "TorchWarning", code: "TORCH_OUTSIDE_SCOPE" },
  );
}

/** Gives a new object to the innermost scope. */
export function own(object: Owned): void {
  const scope = scopes.at(-1);
  if (scope !== undefined) scope.add(object);
  else if (object.ownedBytes > 0) countOutside(object.ownedBytes);
}

/** Takes an object out of the scopes: from now on it lives until `dispose()`. */
export function disown(object: Owned): void {
  for (let i = scopes.length - 1; i >= 0; i--) {
    if (scopes[i].delete(object)) return;
  }
  bytesOutside = Math.max(0, bytesOutside - object.ownedBytes);
}

/**
 * Runs `body`; afterwards frees everything made inside that `survivors` does not name in its result. Survivors go to
 * the scope around, if there is one.
 */
export function runScope<T>(body: () => T, survivors: (result: T) => Iterable<Owned>): T {
  const scope = new Set<Owned>();
  const failures: unknown[] = [];
  let result: T;
  scopes.push(scope);
  try {
    result = body();
    if (result instanceof Promise) {
      throw new TorchError(
        "TORCH_SCOPE",
        "scope() got an asynchronous function: its tensors would be freed while it still runs. Open the scope inside, " +
          "around each synchronous part.",
      );
    }
    const outer = scopes.at(-2);
    for (const object of survivors(result)) {
      if (scope.delete(object)) outer?.add(object);
    }
  } finally {
    scopes.pop();
    // A dispose() that fails must neither keep the rest nor hide the error of the body.
    for (const object of scope) {
      try {
        object.dispose();
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw failures[0];
  return result;
}

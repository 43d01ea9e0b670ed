import type { Tensor } from "@one-token/torch";

/** max|a - b| / max|b| */
export function relativeError(actual: Tensor, expected: Tensor): number {
  if (actual.shape.join() !== expected.shape.join()) {
    throw new Error(`shapes differ: (${actual.shape.join(", ")}) and (${expected.shape.join(", ")})`);
  }
  const wanted = expected.toArray();
  const largest = Math.max(...wanted.map(Math.abs));
  const difference = actual.toArray().map((value, index) => Math.abs(value - wanted[index]!));
  return Math.max(...difference) / largest;
}

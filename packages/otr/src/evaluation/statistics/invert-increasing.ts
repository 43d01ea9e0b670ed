/**
 * The x >= 0 at which an increasing function reaches a value, by bisection down to neighbouring numbers.
 *
 * @param increasing with `increasing(0) <= value`, and above it somewhere below 2^1000
 */
export function invertIncreasing(increasing: (x: number) => number, value: number): number {
  let high = 1;
  while (increasing(high) < value && high < 2 ** 1000) high *= 2;
  let low = 0;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (increasing(middle) < value) low = middle;
    else high = middle;
  }
}

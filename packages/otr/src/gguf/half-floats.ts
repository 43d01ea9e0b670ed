/** @file The numbers of 16 bits, as numbers. */

/** The value of each pattern of 16 bits as IEEE 754 binary16. */
export const FLOAT16_VALUES = Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
});

/** The number of two bytes, the lower first, as IEEE 754 binary16. */
export const float16At = (bytes: Uint8Array, at: number): number =>
  FLOAT16_VALUES[bytes[at]! | (bytes[at + 1]! << 8)]!;

import { describe, expect, it } from "vitest";
import { type PhiloxBlock, type PhiloxKey, philox } from "../../src/data/philox.js";

// The known answers that the authors publish with Random123 (kat_vectors, philox4x32 10).
const KNOWN: readonly [PhiloxBlock, PhiloxKey, PhiloxBlock][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

describe("philox", () => {
  it.each(KNOWN)("gives the published answer for counter %j and key %j", (counter, key, answer) => {
    expect(philox(key, counter)).toEqual(answer);
  });

  it("agrees with the definition in 64-bit integers", () => {
    const reference = (key: PhiloxKey, counter: PhiloxBlock): number[] => {
      let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
      let [k0, k1] = key.map(BigInt) as [bigint, bigint];
      for (let round = 0; round < 10; round++) {
        const p0 = 0xd2511f53n * c0;
        const p1 = 0xcd9e8d57n * c2;
        [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & 0xffffffffn, (p0 >> 32n) ^ c3 ^ k1, p0 & 0xffffffffn];
        k0 = (k0 + 0x9e3779b9n) & 0xffffffffn;
        k1 = (k1 + 0xbb67ae85n) & 0xffffffffn;
      }
      return [c0, c1, c2, c3].map(Number);
    };
    for (let index = 0; index < 2000; index++) {
      const counter: PhiloxBlock = [index, (index * 2654435761) >>> 0, 7, (index * 40503) >>> 0];
      const key: PhiloxKey = [(index * 97) >>> 0, 0xffffffff - index];
      expect(philox(key, counter)).toEqual(reference(key, counter));
    }
  });
});

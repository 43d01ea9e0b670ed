import { describe, expect, it } from "vitest";
import { fuzzes } from "../models/broken-model-files.js";

describe("a broken file is read or refused, and nothing else happens", () => {
  it.each(fuzzes)("%s, 2,000 cases", async (_name, fuzz) => {
    const { accepted, refused } = await fuzz(2_000, 1_000_000);
    expect(accepted + refused).toBe(2_000);
  });
});

import { describe, expect, it } from "vitest";
import { fuzzes } from "./broken-model-files.js";

describe("a broken file is read or refused, and nothing else happens", () => {
  it.each(fuzzes)("%s", async (_name, fuzz) => {
    const { accepted, refused } = await fuzz(300, 1);
    // A fuzz that only ever sees one answer tests little.
    expect(accepted).toBeGreaterThan(5);
    expect(refused).toBeGreaterThan(100);
  });
});

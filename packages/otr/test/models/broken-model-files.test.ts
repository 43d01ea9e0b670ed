import { describe, expect, it } from "vitest";
import { countFaults } from "../faults/count-faults.js";
import { fuzzes } from "./broken-model-files.js";

describe("a broken file is read or refused, and nothing else happens", () => {
  it.for(fuzzes)("%s", async ([_name, fuzz], { task }) => {
    const { accepted, refused } = await fuzz(300, 1);
    // A fuzz that only ever sees one answer tests little.
    expect(accepted).toBeGreaterThan(5);
    expect(refused).toBeGreaterThan(100);
    countFaults(task, accepted + refused);
  });
});

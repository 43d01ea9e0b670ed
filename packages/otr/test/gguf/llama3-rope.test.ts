import { describe, expect, it } from "vitest";
import { llama3RopeScaling } from "../../src/gguf/llama3-rope.js";
import { readGguf } from "../../src/gguf/read-gguf.js";
import { tensorValues } from "../../src/gguf/read-tensor.js";
import { reference } from "./references.js";

describe("llama3RopeScaling", () => {
  const stored = tensorValues(readGguf(reference("llama.gguf")).tensors.get("rope_freqs.weight")!);

  it("finds the factor from which the stored factors were made", () => {
    expect(stored).toHaveLength(8);
    expect(llama3RopeScaling(stored, 500_000)).toMatchObject({ rope_type: "llama3", factor: 8 });
  });

  it("finds none where they follow another rule", () => {
    expect(llama3RopeScaling(stored, 10_000)).toBeNull();
    expect(
      llama3RopeScaling(
        stored.map((factor) => factor * 1.01),
        500_000,
      ),
    ).toBeNull();
    expect(llama3RopeScaling(Float32Array.of(1, Number.NaN), 500_000)).toBeNull();
    expect(llama3RopeScaling(Float32Array.of(1, 0), 500_000)).toBeNull();
  });
});

import { expect, it } from "vitest";
import { ggufParts } from "../../src/gguf/gguf-parts.js";

it("names all parts of a model by one", () => {
  expect(ggufParts("q/a-00002-of-00003.GGUF")).toEqual([
    "q/a-00001-of-00003.GGUF",
    "q/a-00002-of-00003.GGUF",
    "q/a-00003-of-00003.GGUF",
  ]);
  expect(ggufParts("a-00001-of-00003.gguf.part")).toEqual(["a-00001-of-00003.gguf.part"]);
  expect(ggufParts("a.gguf")).toEqual(["a.gguf"]);
});

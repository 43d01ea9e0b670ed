import { expect, it } from "vitest";
import { fuzzTemplates } from "./fuzz-templates.js";

it("ends in a text or a DataError for thousands of broken templates and conversations", () => {
  expect(fuzzTemplates({ cases: 5000, seed: 1 })).toBeGreaterThan(500);
});

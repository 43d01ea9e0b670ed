import { expect, it } from "vitest";
import { countFaults } from "../faults/count-faults.js";
import { fuzzTemplates } from "./fuzz-templates.js";

it("ends in a text or a DataError for thousands of broken templates and conversations", ({ task }) => {
  const cases = 5000;
  expect(fuzzTemplates({ cases, seed: 1 })).toBeGreaterThan(500);
  countFaults(task, cases);
});

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { optionReference } from "../../src/config/reference.js";

it("is what docs/options.md holds (otr schema --reference > docs/options.md renews it)", () => {
  const committed = readFileSync(new URL("../../../../docs/options.md", import.meta.url), "utf8");
  expect(committed).toBe(optionReference());
});

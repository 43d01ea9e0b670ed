import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { apiPage, exportsOf, pages } from "../../../scripts/api-pages.js";

const pathOf = (name: string) => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const exported = pages.flatMap(({ folder }) => exportsOf(pathOf(`${folder}/dist/index.d.ts`)));

/** What classes and types show of their inside, and nobody has to name. */
const INTERNAL = [
  "Attend",
  "CheckpointedPass",
  "DecoderInput",
  "DecoderPass",
  "Environment",
  "Handle",
  "Kernels",
  "LoraWeights",
  "Moment",
  "Operator",
  "Owned",
  "QuantizedMatrix",
  "RowFacts",
  "RowSpan",
  "Span",
  "TrainValues",
  "TrainingRow",
];
/** Of the language, and not values. */
const STANDARD =
  "ArrayLike ErrorOptions Exclude Iterable Job NonNullable Omit Parameters Partial PromiseSettledResult Readonly ReadonlyMap Record Result ReturnType T";

describe.each(pages)("$path", (page) => {
  it("is what the doc comments say (npm run build && npm run docs:api renews it)", () => {
    expect(apiPage(page)).toBe(readFileSync(pathOf(page.path), "utf8"));
  });

  it("shows no private members and no unresolved links", () => {
    expect(apiPage(page)).not.toMatch(/^\s*(private |#private)|\{@link/m);
  });
});

describe("what the packages export", () => {
  it("has a comment, each name", () => {
    expect(exported.filter(({ comment }) => comment === "").map(({ name }) => name)).toEqual([]);
  });

  it("has all types that its declarations mention", () => {
    const names = new Set(exported.map(({ name }) => name));
    const mentioned = new Set(exported.flatMap((entry) => entry.mentioned));
    const unknown = [...mentioned].filter(
      (name) =>
        !names.has(name) &&
        !INTERNAL.includes(name) &&
        !STANDARD.split(" ").includes(name) &&
        !(name in globalThis),
    );
    expect(unknown).toEqual([]);
  });
});

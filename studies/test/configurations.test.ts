import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { resolveCompareConfig } from "one-token-rollout";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { baseModelNames } from "../src/base-models.js";
import { repository, studies } from "../src/studies.js";

const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** The options of a study's configuration; models that the repository does not keep are those of the demonstration. */
function readOptions(name: string): Record<string, unknown> {
  const written = parse(readFileSync(join(repository, `studies/${name}.yaml`), "utf8")) as Record<
    string,
    object
  >;
  const models = Object.keys(written.models!).map((model) => [model, "demo/base-model"]);
  const options = { ...written, models: Object.fromEntries(models) };
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [camelCase(key), value]));
}

const resolveStudy = (name: string) =>
  resolveCompareConfig(readOptions(name) as Parameters<typeof resolveCompareConfig>[0]);

describe.each(studies)("$name", ({ name, needs }) => {
  it("resolves, and names tasks that exist", () => {
    const { objectives, learningRates, seeds, datasets, outputDir } = resolveStudy(name);
    expect(objectives.has("sft") && objectives.has("dft")).toBe(true);
    expect(learningRates.length).toBeGreaterThanOrEqual(name.startsWith("equal-rate") ? 1 : 4);
    expect(seeds.length).toBeGreaterThan(1);
    expect(outputDir).toBe(`out/study/${name}`);
    for (const { tasks } of datasets.values()) {
      const paths = Object.values(tasks).flat();
      expect(paths.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
    }
  });

  it("has the model that it needs", () => {
    const written = readFileSync(join(repository, `studies/${name}.yaml`), "utf8");
    const models = [...written.matchAll(/out\/study\/models\/(\w+)/g)].map(([, model]) => model);
    expect(models).toEqual(needs ? [needs] : []);
  });
});

it("leaves no comparison out", () => {
  const files = readdirSync(join(repository, "studies")).filter((file) => file.endsWith(".yaml"));
  const others = ["demonstration.yaml", "warm-start.yaml"];
  expect(files.filter((file) => !others.includes(file)).sort()).toEqual(
    studies.map(({ name }) => `${name}.yaml`).sort(),
  );
});

it("makes the models that studies need", () => {
  const needed = studies.flatMap(({ needs }) => (needs && needs !== "warm" ? [needs] : []));
  expect(needed.sort()).toEqual([...baseModelNames].sort());
});

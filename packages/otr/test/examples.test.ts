import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const output = mkdtempSync(join(tmpdir(), "otr-examples-"));
afterAll(() => rmSync(output, { recursive: true }));

/** What an example printed, and why it failed. */
interface Outcome {
  readonly name: string;
  readonly lines: readonly string[];
  readonly error: string | null;
}

const outcomes = new Map<string, Outcome>();
beforeAll(async () => {
  const args = ["packages/otr/test/run-examples.js", output, ...Object.keys(tests)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  for (const line of stdout.trimEnd().split("\n")) {
    const outcome: Outcome = JSON.parse(line);
    outcomes.set(outcome.name, outcome);
  }
}, 60_000);

/** Number behind `label` in a line. */
const numberIn = (line: string | undefined, label: string): number =>
  Number(line?.match(new RegExp(`${label} ([0-9.]+)`))?.[1]);

const tests: Readonly<Record<string, (lines: readonly string[], folder: string) => void>> = {
  "fine-tune"(lines, folder) {
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^20 steps, loss \d\.\d{3}, /);
    expect(numberIn(lines[0], "loss")).toBeLessThan(0.5);
    expect(lines[1]).toBe("twice stone=stone stone");
    expect(existsSync(join(folder, "model", "model.safetensors"))).toBe(true);
  },
  "lora-and-merge"(lines, folder) {
    expect(lines[0]).toMatch(/^base: /);
    expect(lines.slice(1)).toEqual(["adapter: twice stone=stone stone", "merged: twice stone=stone stone"]);
    expect(readdirSync(join(folder, "adapter"))).toContain("adapter_model.safetensors");
    expect(readdirSync(join(folder, "merged"))).toContain("model.safetensors");
  },
  "two-adapters"(lines, folder) {
    expect(lines).toEqual([`${folder}/twice: stone stone`, `${folder}/loud: stone...`]);
  },
  "own-objective"(lines, folder) {
    const [line] = lines;
    expect(numberIn(line, "focal loss")).toBeLessThan(numberIn(line, "log-likelihood"));
    expect(JSON.parse(readFileSync(join(folder, "model", "run.json"), "utf8")).config.loss_type).toBe(
      "focal",
    );
  },
  "inspect-labels"(lines) {
    const rows = lines.slice(-2).map((line) => JSON.parse(line));
    expect(rows).toEqual([
      { row: 0, text: "12+25=37\n", learned: "37\n", tokens: 9 },
      { row: 1, text: "1+1=2\n", learned: "2\n", tokens: 6 },
    ]);
  },
  "watch-metrics"(lines, folder) {
    expect(lines[0]).toBe("200 steps over 4 rows");
    const metrics = lines.slice(1, -1).map((line) => JSON.parse(line));
    const last = metrics.pop();
    expect(metrics.map(({ step }) => step)).toEqual(metrics.map((_, at) => 10 * (at + 1)));
    expect(last.nll).toBeLessThan(0.5);
    expect(lines.at(-1)).toBe(
      `interrupted after ${last.step} steps: ${join(folder, "model", `checkpoint-${last.step}`)}`,
    );
  },
};

describe("the example", () => {
  it.each(Object.keys(tests))("%s prints what it promises", (name) => {
    const { lines, error } = outcomes.get(name)!;
    expect(error).toBeNull();
    tests[name]!(lines, join(output, name));
  });
});

it("is each run, and each is in the README", () => {
  const names = readdirSync(join(root, "examples")).map((name) => name.replace(/\.js$/, ""));
  expect(names.sort()).toEqual(Object.keys(tests).sort());
  const readme = readFileSync(join(root, "README.md"), "utf8");
  for (const name of names) expect(readme).toContain(`(examples/${name}.js)`);
});

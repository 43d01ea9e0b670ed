import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inspectOptionSet, isChosen, type RowChoice } from "../../src/config/inspect-options.js";
import { resolveCommandLine } from "../../src/config/resolve-command-line.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-inspect-"));
  for (const name of ["config.json", "tokenizer.json", "model.safetensors", "a.jsonl", "b.jsonl"]) {
    writeFileSync(join(folder, name), "{}");
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const resolve = async (...args: string[]) => {
  const needed = ["--model_name_or_path", folder, "--dataset", join(folder, "a.jsonl")];
  const commandLine = await resolveCommandLine(inspectOptionSet, [...needed, ...args], ["json"]);
  return commandLine!.config;
};

describe("options of otr inspect", () => {
  it("are those of otr train, without a folder to write to", async () => {
    const config = await resolve("--max_length", "7", "--loss_type", "nll");
    expect(config).toMatchObject({ maxLength: 7, lossType: "nll", outputDir: "", rows: null, html: null });
    await expect(resolve("--otr_beta", "0", "--loss_type", "nll")).rejects.toThrow(/otr_beta: has no effect/);
  });

  it("take rows for evaluation whether training evaluates or not", async () => {
    const path = join(folder, "b.jsonl");
    expect((await resolve("--eval_dataset", path)).evalDataset).toBe(path);
  });

  it.each<[string, RowChoice, number[]]>([
    ["all", "all", [0, 1, 9]],
    ["2", 2, [0, 1]],
    [
      "0,5,7-8",
      [
        [0, 0],
        [5, 5],
        [7, 8],
      ],
      [0, 5, 7, 8],
    ],
    ["9-9", [[9, 9]], [9]],
  ])("read --rows %s", async (text, choice, chosen) => {
    const { rows } = await resolve("--rows", text);
    expect(rows).toEqual(choice);
    expect(Array.from({ length: 10 }, (_, row) => row).filter((row) => isChosen(row, rows!))).toEqual(
      text === "all" ? Array.from({ length: 10 }, (_, row) => row) : chosen,
    );
  });

  it.each(["-1", "a", "1,", "1--2", ""])("refuse --rows=%s", async (text) => {
    await expect(resolve(`--rows=${text}`)).rejects.toThrow(/rows: found .* needs a count such as 5/);
  });

  it("name a page of their own, and never take another file for one", async () => {
    expect((await resolve("--html")).html).toBe("inspect.html");
    expect((await resolve("--html", "../B.HTML")).html).toBe("../B.HTML");
    await expect(resolve("--html", "run.yaml")).rejects.toThrow(/needs a file name that ends in .html/);
  });
});

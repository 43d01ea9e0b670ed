import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runGenerate } from "../../src/cli/generate.js";
import { runMerge } from "../../src/cli/merge.js";
import { loadAdapter } from "../../src/models/adapter-files.js";
import { loadModel } from "../../src/models/load-model.js";
import { hasShared, shared } from "../shared.js";
import { captureOutput, printed } from "./capture-output.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-merge-"));
  captureOutput();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe.skipIf(!hasShared)("an adapter of PEFT", () => {
  const base = shared("models/stories260k");
  const trained = () => join(folder, "trained");
  const untrained = shared("reference/trajectories/nll_lora.initial");
  beforeEach(() => {
    cpSync(shared("reference/trajectories/nll_lora.final"), trained(), { recursive: true });
    const path = join(trained(), "adapter_config.json");
    // Ten steps change little: ten times as much of them.
    const config = { ...JSON.parse(readFileSync(path, "utf8")), lora_alpha: 80 };
    chmodSync(path, 0o644);
    writeFileSync(path, JSON.stringify(config));
  });
  const continuations = async (...args: string[]) => {
    printed.stdout = "";
    const prompts = ["--prompt", "Once upon a time", "--prompt", "Lily"];
    await runGenerate([...args, ...prompts, "--max_new_tokens", "16", "--json"]);
    return printed.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { prompt: string; text: string; adapter?: string });
  };
  const texts = (lines: readonly { text: string }[]) => lines.map(({ text }) => text);

  it("is merged into a model that continues as the base with the adapter does", async () => {
    const output = join(folder, "merged");
    const args = ["--adapter_name_or_path", trained(), "--model_name_or_path", base, "--output_dir", output];
    expect(await runMerge([...args, "--json"])).toBe(0);
    expect(JSON.parse(printed.stdout)).toEqual({ output_dir: output, base_model: base, dtype: "float32" });
    expect(existsSync(join(output, "adapter_config.json"))).toBe(false);
    expect(readFileSync(join(output, "tokenizer.json"))).toEqual(readFileSync(join(base, "tokenizer.json")));
    const merged = texts(await continuations("--model", output));
    expect(merged).toEqual(texts(await continuations("--model", base, "--adapter_name_or_path", trained())));
    expect(merged).not.toEqual(texts(await continuations("--model", base)));
  });

  it("is merged into the base that it names, or, with a note, into another", async () => {
    const path = join(trained(), "adapter_config.json");
    const named = { ...JSON.parse(readFileSync(path, "utf8")), base_model_name_or_path: base };
    writeFileSync(path, JSON.stringify(named));
    const merge = (...args: string[]) => {
      printed.stderr = "";
      return runMerge(["--adapter_name_or_path", trained(), "--output_dir", join(folder, "merged"), ...args]);
    };
    const text = () => printed.stderr.replace(/\s+/g, " ");
    await merge();
    expect(text()).toContain(`note: The base model is ${base}, as ${path} says.`);
    rmSync(join(folder, "merged"), { recursive: true });
    await merge("--model_name_or_path", base);
    expect(text()).not.toContain("note:");
    const other = join(folder, "other");
    cpSync(base, other, { recursive: true });
    rmSync(join(folder, "merged"), { recursive: true });
    await merge("--model_name_or_path", other);
    expect(text()).toContain(`was made for ${base}, and is used with ${other}`);
    expect(text()).toContain(`Merged ${trained()} into ${other}`);
  });

  it("takes turns with others on one base", async () => {
    const lines = await continuations(
      ...["--model", base, "--adapter_name_or_path", untrained, "--adapter_name_or_path", trained()],
    );
    expect(lines.map(({ adapter, prompt }) => [adapter, prompt])).toEqual([
      [untrained, "Once upon a time"],
      [untrained, "Lily"],
      [trained(), "Once upon a time"],
      [trained(), "Lily"],
    ]);
    expect(texts(lines.slice(0, 2))).toEqual(texts(await continuations("--model", base)));
    expect(texts(lines.slice(2))).not.toEqual(texts(lines.slice(0, 2)));
  });

  it("ends texts where the adapter's tokenizer does", async () => {
    for (const name of ["tokenizer.json", "tokenizer_config.json"])
      cpSync(join(base, name), join(trained(), name));
    const path = join(trained(), "tokenizer_config.json");
    chmodSync(path, 0o644);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), eos_token: "<s>" }));
    const output = join(folder, "merged");
    const args = ["--adapter_name_or_path", trained(), "--model_name_or_path", base, "--output_dir", output];
    expect(await runMerge(args)).toBe(0);
    const written = (name: string) => JSON.parse(readFileSync(join(output, name), "utf8"));
    expect(written("generation_config.json").eos_token_id).toBe(1);
    expect(written("config.json").eos_token_id).toBe(1);
    expect((await loadModel(output)).eosTokenIds).toEqual([1]);
  });

  it("refuses to write over a run", async () => {
    const output = join(folder, "run");
    mkdirSync(output);
    writeFileSync(join(output, "run.json"), "{}");
    const merge = runMerge([
      "--adapter_name_or_path",
      trained(),
      "--model_name_or_path",
      base,
      "--output_dir",
      output,
    ]);
    await expect(merge).rejects.toThrow(/^--output_dir: .*holds a run \(run\.json\).* Choose another folder/);
    expect(readdirSync(output)).toEqual(["run.json"]);
  });

  it("refuses to write over base or adapter, and names folders that hold none", async () => {
    const merge = (output: string, adapter = trained()) =>
      runMerge(["--adapter_name_or_path", adapter, "--model_name_or_path", base, "--output_dir", output]);
    await expect(merge(base)).rejects.toThrow(/^--output_dir: .*holds a model/);
    await expect(merge(join(folder, "x"), base)).rejects.toThrow(/has no adapter_config.json/);
    expect(existsSync(join(folder, "x"))).toBe(false);
  });

  it("may take the place of another at any time", async () => {
    const model = await loadModel(base);
    const [first, second] = [await loadAdapter(model, untrained), await loadAdapter(model, trained())];
    for (const adapter of [first, second, null]) model.adapter = adapter;
    expect(model.trainedParameters.size).toBe(0);
    for (const owner of [first, second, model]) owner.dispose();
  });
});

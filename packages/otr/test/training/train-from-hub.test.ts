import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../../src/cli/main.js";
import type { TrainInput } from "../../src/config/train-options.js";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { saveModel } from "../../src/models/save-model.js";
import type { TrainEvent } from "../../src/training/events.js";
import { planRun } from "../../src/training/plan-run.js";
import { train } from "../../src/training/train.js";
import { captureOutput, printed } from "../cli/capture-output.js";
import { byteTokenizerJson } from "../data/byte-tokenizer.js";
import { FakeHub, fail } from "../hub/fake-hub.js";
import { tinyConfig } from "../models/tiny-config.js";

let hub: FakeHub;
let folder: string;
let commit: string;
beforeEach(async () => {
  hub = await FakeHub.start();
  for (const [name, value] of Object.entries(hub.environment())) vi.stubEnv(name, value);
  vi.stubEnv("HF_TOKEN", hub.token);
  folder = mkdtempSync(join(tmpdir(), "otr-from-hub-"));
  const model = initModel(parseModelConfig(tinyConfig({ vocab_size: 260, eos_token_id: 259 })), { seed: 1 });
  await saveModel(model, join(folder, "base"));
  model.dispose();
  const saved = readdirSync(join(folder, "base")).map((name) => [
    name,
    readFileSync(join(folder, "base", name)),
  ]);
  ({ commit } = hub.add("org/base", {
    ...Object.fromEntries(saved),
    "tokenizer.json": JSON.stringify(byteTokenizerJson()),
    "tokenizer_config.json": JSON.stringify({ eos_token: "<|endoftext|>", pad_token: "<pad>" }),
    "README.md": "---\nlicense: apache-2.0\n---\n# Base",
  }));
  const row = JSON.stringify({ prompt: "say: ", completion: "yes" });
  writeFileSync(join(folder, "rows.jsonl"), `${row}\n`.repeat(4));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  return hub.stop();
});

const input = (changes: Partial<TrainInput> = {}): TrainInput => ({
  modelNameOrPath: "org/base",
  dataset: join(folder, "rows.jsonl"),
  outputDir: join(folder, "tuned"),
  maxSteps: 1,
  bf16: false,
  device: "cpu",
  numThreads: 1,
  ...changes,
});
const record = () => JSON.parse(readFileSync(join(folder, "tuned", "run.json"), "utf8"));

describe("train", () => {
  it("downloads the base model, pins its commit, and saves a model of its own", async () => {
    const events: TrainEvent[] = [];
    const result = await train(input(), { onEvent: (event) => events.push(event) });
    expect(record().base_model).toEqual({
      repository: "org/base",
      revision: "main",
      commit,
      license: "apache-2.0",
    });
    expect(record().config).toMatchObject({ model_name_or_path: "org/base", model_revision: "main" });
    expect(events[0]).toMatchObject({ type: "download", repository: "org/base", receivedBytes: 0 });
    expect(events.map(({ type }) => type).lastIndexOf("download")).toBeLessThan(
      events.findIndex(({ type }) => type === "start"),
    );
    expect(result.pushed).toBeUndefined();
    expect(readdirSync(join(folder, "tuned"))).not.toContain("README.md");
    expect(hub.requests(/^P/)).toEqual([]);
  });

  it("of a commit in the cache asks nothing of the Hub", async () => {
    await train(input());
    hub.seen.length = 0;
    await train(input({ modelRevision: commit }));
    expect(hub.seen).toEqual([]);
    expect(record().base_model).toMatchObject({ revision: commit, commit });
  });

  it("says where a local base model is", async () => {
    const base = join(folder, "base");
    for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
      writeFileSync(join(base, name), hub.repositories.get("models/org/base")!.files.get(name)!.content);
    }
    await train(input({ modelNameOrPath: base }));
    expect(record().base_model).toEqual({ path: base });
    await expect(train(input({ modelNameOrPath: base, modelRevision: "v1" }))).rejects.toThrow(
      /modelRevision: has no/,
    );
  });

  it("uploads the finished model with its card", async () => {
    const events: TrainEvent[] = [];
    const onEvent = (event: TrainEvent) => events.push(event);
    const { pushed } = await train(input({ pushToHub: true, hubPrivateRepo: true }), { onEvent });
    const uploaded = hub.repositories.get("models/me/tuned")!;
    expect(pushed).toEqual({
      repository: "me/tuned",
      url: `${hub.endpoint}/me/tuned`,
      commit: uploaded.commit,
    });
    expect(uploaded.access).toBe("private");
    expect(uploaded.files.get("model.safetensors")!.content).toEqual(
      readFileSync(join(folder, "tuned", "model.safetensors")),
    );
    expect(uploaded.files.has("run.json")).toBe(false);
    expect(uploaded.files.get("README.md")!.content.toString()).toMatch(
      /base_model: org\/base\n[\s\S]*license: apache-2\.0/,
    );
    expect(events.at(-1)!.type).toBe("upload");
  });

  it("uploads an adapter, which names its base model by id, and which is continued and generated with by its id", async () => {
    await train(input({ usePeft: true, loraTargetModules: ["q_proj"], pushToHub: true }));
    const { files } = hub.repositories.get("models/me/tuned")!;
    expect(JSON.parse(files.get("adapter_config.json")!.content.toString())).toMatchObject({
      base_model_name_or_path: "org/base",
      revision: commit,
    });
    expect([...files.keys()].sort()).toEqual([
      ".gitattributes",
      "README.md",
      "adapter_config.json",
      "adapter_model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    expect(files.get("README.md")!.content.toString()).toContain("library_name: peft");
    await train(input({ adapterNameOrPath: "me/tuned", outputDir: join(folder, "more") }));
    expect(JSON.parse(readFileSync(join(folder, "more", "run.json"), "utf8"))).toMatchObject({
      adapter: { repository: "me/tuned", commit: hub.repositories.get("models/me/tuned")!.commit },
    });
    captureOutput();
    expect(
      await main(["generate", "--model", "me/tuned", "--prompt", "say: ", "--max_new_tokens", "2"]),
    ).toBe(0);
    const merged = join(folder, "merged");
    expect(
      await main(["merge", "--adapter_name_or_path", "me/tuned", "--output_dir", merged, "--json"]),
    ).toBe(0);
    expect(readdirSync(merged)).toContain("model.safetensors");
  });

  it("trains an adapter of a GGUF file, and names the file as its base", async () => {
    const gguf = readFileSync(new URL("../references/gguf/llama.gguf", import.meta.url));
    hub.add("org/gguf", { "tiny/llama.F16.gguf": gguf });
    vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
    const modelNameOrPath = "org/gguf/tiny/llama.F16.gguf";
    await train(input({ modelNameOrPath, usePeft: true, loraTargetModules: ["q_proj"] }));
    const adapter = JSON.parse(readFileSync(join(folder, "tuned", "adapter_config.json"), "utf8"));
    expect(adapter.base_model_name_or_path).toBe(modelNameOrPath);
    expect(record().base_model).toMatchObject({ repository: "org/gguf", file: "tiny/llama.F16.gguf" });
    captureOutput();
    const generate = [
      "generate",
      "--model",
      join(folder, "tuned"),
      "--prompt",
      "say: ",
      "--max_new_tokens",
      "2",
    ];
    expect(await main(generate)).toBe(0);
  });

  it("does not begin what it may not upload", async () => {
    const base = join(folder, "base");
    for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
      writeFileSync(join(base, name), hub.repositories.get("models/org/base")!.files.get(name)!.content);
    }
    const adapter = { modelNameOrPath: base, usePeft: true, loraTargetModules: ["q_proj"], pushToHub: true };
    await expect(train(input(adapter))).rejects.toMatchObject({ code: "HUB_BASE_LOCAL" });
    expect(hub.requests(/^POST/)).toEqual([]);
    vi.stubEnv("HF_TOKEN", "");
    await expect(train(input({ pushToHub: true }))).rejects.toMatchObject({ code: "HUB_TOKEN_MISSING" });
    expect(existsSync(join(folder, "tuned"))).toBe(false);
  });
});

describe("the command line", () => {
  const args = (...more: string[]) => [
    ...["--model_name_or_path", "org/base", "--dataset", join(folder, "rows.jsonl"), "--max_steps", "1"],
    ...["--output_dir", join(folder, "tuned"), "--bf16", "false", "--num_threads", "1", "--device", "cpu"],
    ...more,
  ];

  it("keeps the model of a run whose upload failed, and says how to go on", async () => {
    captureOutput();
    hub.fault = ({ url }, response) => {
      if (!url.includes("/commit/")) return false;
      fail(response, 403, null, "quota");
      return true;
    };
    expect(await main(["train", ...args("--push_to_hub", "--hub_model_id", "me/mine")])).toBe(1);
    expect(printed.stderr).toMatch(/was not uploaded: .*quota/);
    expect(printed.stderr).toContain(`npx otr push ${join(folder, "tuned")} --hub_model_id me/mine`);
    expect(record().status).toBe("completed");
    hub.fault = () => false;
    expect(await main(["push", join(folder, "tuned"), "--hub_model_id", "me/mine"])).toBe(0);
    expect(hub.repositories.get("models/me/mine")!.files.has("model.safetensors")).toBe(true);
  });

  it("inspects rows, and tells of the model what training would", async () => {
    captureOutput();
    const options = args();
    expect(await main(["inspect", ...options])).toBe(0);
    hub.fault = ({ url }, response) => {
      if (!url.includes("/revision/")) return false;
      fail(response, 503, null, "");
      return true;
    };
    const page = join(folder, "page.html");
    expect(await main(["inspect", ...options, "--html", page])).toBe(0);
    const note = /The Hub could not be asked for\s+org\/base/;
    expect(printed.stdout).toMatch(note);
    expect(readFileSync(page, "utf8")).toMatch(note);
    expect(await main(["inspect", ...options, "--json"])).toBe(0);
    expect(JSON.parse(printed.stdout.trimEnd().split("\n").at(-1)!)).toMatchObject({
      summary: { notes: [expect.stringMatching(note)] },
    });
  });

  it("plans without the weights", async () => {
    await planRun(input());
    expect(hub.requests(/resolve.*safetensors/)).toEqual([]);
  });

  it("generates with a model of the Hub", async () => {
    captureOutput();
    const generate = [
      "generate",
      "--model",
      "org/base",
      "--prompt",
      "say: ",
      "--max_new_tokens",
      "2",
      "--json",
    ];
    expect(await main(generate)).toBe(0);
    expect(JSON.parse(printed.stdout)).toMatchObject({ prompt: "say: " });
    expect(printed.stderr).toContain("Downloading org/base: 1 file");
  });

  it("answers for a repository that is not there with 2", async () => {
    captureOutput();
    expect(await main(["generate", "--model", "org/bse", "--prompt", "a"])).toBe(2);
    expect(printed.stderr).toMatch(/there is nothing at .*\/org\/bse/);
  });
});

import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findModel } from "../../src/models/find-model.js";
import { locateAdapter, locateModel } from "../../src/models/locate-model.js";
import { FakeHub } from "../hub/fake-hub.js";

const SMALL = {
  "config.json": "{}",
  "tokenizer.json": "{}",
  "generation_config.json": "{}",
  "README.md": "card",
};
const OTHERS = {
  "pytorch_model.bin": "pickled",
  "model.Q8_0.gguf": "GGUF",
  "original/consolidated.safetensors": "again",
  "onnx/model.onnx": "",
};

let hub: FakeHub;
beforeEach(async () => {
  hub = await FakeHub.start();
  for (const [name, value] of Object.entries(hub.environment())) vi.stubEnv(name, value);
  vi.stubEnv("HF_TOKEN", "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  return hub.stop();
});

const locate = (name = "org/name", revision = "main", weights = true) =>
  locateModel(name, { revision, weights });

it("leaves a local path as it is", async () => {
  expect(await locate("/some/folder")).toEqual({ path: "/some/folder", origin: null, notes: [] });
});

describe("a model of the Hub", () => {
  it("is downloaded as far as it is needed, and pinned", async () => {
    const { commit } = hub.add("org/name", { ...SMALL, ...OTHERS, "model.safetensors": "weights" });
    const { path, origin } = await locate();
    expect(readdirSync(path).sort()).toEqual([...Object.keys(SMALL), "model.safetensors"].sort());
    expect(origin).toEqual({ repository: "org/name", revision: "main", commit });
  });

  it("has its shards fetched once, by the index", async () => {
    const index = {
      weight_map: {
        a: "model-1-of-2.safetensors",
        b: "model-2-of-2.safetensors",
        c: "model-1-of-2.safetensors",
      },
    };
    hub.add("org/name", {
      ...SMALL,
      "model.safetensors.index.json": JSON.stringify(index),
      "model-1-of-2.safetensors": "one",
      "model-2-of-2.safetensors": "two",
      "model-3-of-2.safetensors": "of another set",
    });
    const { path } = await locate();
    expect(readdirSync(path).filter((name) => /^model-/.test(name))).toEqual([
      "model-1-of-2.safetensors",
      "model-2-of-2.safetensors",
    ]);
  });

  it("has one of two sets of weights fetched: the single file, which loading prefers", async () => {
    hub.add("org/name", {
      ...SMALL,
      "model.safetensors": "all",
      "model.safetensors.index.json": '{"weight_map": {"a": "model-1-of-1.safetensors"}}',
      "model-1-of-1.safetensors": "all again",
    });
    const { path } = await locate();
    expect(readdirSync(path).filter((name) => name.startsWith("model"))).toEqual(["model.safetensors"]);
  });

  it("is planned without its weights", async () => {
    hub.add("org/name", { ...SMALL, "model.safetensors": "weights" });
    const { path } = await locate("org/name", "main", false);
    expect(readdirSync(path)).not.toContain("model.safetensors");
  });

  it("is not asked for where the cache holds the commit", async () => {
    const { commit } = hub.add("org/name", { ...SMALL, "model.safetensors": "weights" });
    await locate();
    hub.seen.length = 0;
    await locate("org/name", commit);
    expect(hub.seen).toEqual([]);
  });

  it("that another program has fetched in part is completed", async () => {
    const { commit } = hub.add("org/name", { ...SMALL, "model.safetensors": "weights" });
    const { path } = await locate();
    // Older programs leave no listing.
    rmSync(join(path, "../../trees"), { recursive: true });
    rmSync(join(path, "generation_config.json"));
    await locate("org/name", commit);
    expect(readdirSync(path)).toContain("generation_config.json");
  });

  it("that the cache holds in part is not made out as missing on the Hub, when offline", async () => {
    hub.add("org/name", { ...SMALL, "model.safetensors": "weights" });
    const { path } = await locate("org/name", "main", false);
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    await expect(locate()).rejects.toThrow(/the cache lacks model\.safetensors/);
    rmSync(join(path, "../../trees"), { recursive: true });
    await expect(locate()).rejects.toThrow(/the cache holds no model\.safetensors of org\/name/);
  });

  it("may be one GGUF file of a repository", async () => {
    hub.add("org/name", { ...OTHERS, "q/model.Q4_0.gguf": "GGUF4" });
    const { path } = await locate("org/name/q/model.Q4_0.gguf");
    expect(readFileSync(path, "utf8")).toBe("GGUF4");
    expect(path).toMatch(/\/q\/model\.Q4_0\.gguf$/);
  });

  it("may be a GGUF file in several parts, all of which are fetched", async () => {
    const part = (number: number) => `q/model-0000${number}-of-00003.gguf`;
    hub.add("org/name", { [part(1)]: "one", [part(2)]: "two", [part(3)]: "three", "other.gguf": "" });
    const { path } = await locate(`org/name/${part(1)}`);
    expect(readFileSync(path, "utf8")).toBe("one");
    expect(readdirSync(join(path, ".."))).toHaveLength(3);
    await expect(locate(`org/name/${part(2)}`)).rejects.toThrow(/name the first of them/);
    hub.add("org/name", { [part(1)]: "one", [part(3)]: "three" });
    hub.repositories.get("models/org/name")!.commit = "a".repeat(40);
    await expect(locate(`org/name/${part(1)}`)).rejects.toThrow(/there is no q\/model-00002-of-00003\.gguf/);
  });
});

describe("a repository that holds no model", () => {
  it.each([
    [{ "model.Q8_0.gguf": "" }, /It has GGUF files; name one: org\/name\/model\.Q8_0\.gguf/],
    [{ "adapter_config.json": "", "adapter_model.safetensors": "" }, /It holds an adapter/],
    [{ ...SMALL, "pytorch_model.bin": "" }, /has no model\.safetensors .*Its weights are pickled/],
    [{ "README.md": "" }, /has no config\.json, tokenizer\.json, model\.safetensors at commit/],
  ])("%o is refused before anything is downloaded", async (files, message) => {
    hub.add("org/name", files);
    const locating = locate();
    await expect(locating).rejects.toMatchObject({ code: "HUB_NOT_A_MODEL" });
    await expect(locating).rejects.toThrow(message);
    expect(hub.requests(/resolve/)).toEqual([]);
  });

  it("names a shard outside of itself: refused", async () => {
    hub.add("org/name", {
      ...SMALL,
      "model.safetensors.index.json": '{"weight_map": {"a": "../../../../x"}}',
    });
    await expect(locate()).rejects.toMatchObject({ code: "HUB_FILE_NAME" });
  });
});

describe("an adapter of the Hub", () => {
  const ADAPTER = {
    "adapter_config.json": JSON.stringify({
      peft_type: "LORA",
      r: 2,
      lora_alpha: 4,
      base_model_name_or_path: "org/name",
    }),
    "adapter_model.safetensors": "weights",
    "tokenizer.json": "{}",
    "checkpoint-9/adapter_model.safetensors": "earlier",
  };

  it("is downloaded as far as it is needed, and not asked for again", async () => {
    const { commit } = hub.add("org/lora", ADAPTER);
    const { path, origin } = await locateAdapter("org/lora");
    expect(readdirSync(path).sort()).toEqual(Object.keys(ADAPTER).slice(0, 3).sort());
    expect(origin).toEqual({ repository: "org/lora", revision: "main", commit });
    hub.seen.length = 0;
    await locateAdapter("org/lora", { revision: commit });
    expect(hub.seen).toEqual([]);
  });

  it("brings its base model, and further adapters are found too", async () => {
    hub.add("org/name", { ...SMALL, "model.safetensors": "weights" });
    hub.add("org/lora", { ...ADAPTER, "config.json": "{}" });
    hub.add("org/other", ADAPTER);
    const found = await findModel("org/lora", ["org/other"]);
    expect(found).toMatchObject({
      model: expect.stringContaining("models--org--name"),
      adapters: [expect.stringContaining("models--org--lora"), expect.stringContaining("models--org--other")],
      tokenizer: expect.stringContaining("models--org--lora"),
    });
    expect((await findModel("org/name", ["org/lora"])).tokenizer).toBe(found.model);
  });

  it("brings the revision of its base model that it names", async () => {
    const { revisions } = hub.add("org/name", { ...SMALL, "model.safetensors": "weights" });
    revisions.add("v2");
    const config = { ...JSON.parse(ADAPTER["adapter_config.json"]), revision: "v2" };
    hub.add("org/lora", { ...ADAPTER, "adapter_config.json": JSON.stringify(config) });
    await findModel("org/lora");
    expect(hub.requests(/org\/name\/revision/)).toEqual(["GET /api/models/org/name/revision/v2"]);
  });

  it("is no base model, and a model no adapter", async () => {
    hub.add("org/lora", ADAPTER);
    hub.add("org/name", { ...SMALL, "model.safetensors": "weights" });
    await expect(locate("org/lora")).rejects.toThrow(
      /give its base model here, and it as adapter_name_or_path/,
    );
    await expect(locateAdapter("org/name")).rejects.toThrow(
      /has no adapter_config\.json, adapter_model\.safetensors/,
    );
  });
});

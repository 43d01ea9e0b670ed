import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readSafetensors, scope } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { saveModel } from "../../src/models/save-model.js";
import { logitsOf, modelWorkspace } from "./model-workspace.js";
import { tinyConfig } from "./tiny-config.js";

const { folder, path, load, init } = modelWorkspace();

describe("saveModel", () => {
  it("writes a folder that loads with the same logits, and keeps every field of the configuration", async () => {
    const model = init(tinyConfig({ my_field: { deep: true } }));
    await saveModel(model, folder());
    expect(logitsOf(await load(folder()))).toEqual(logitsOf(model));
    const config = JSON.parse(await readFile(path("config.json"), "utf8"));
    expect(config).toEqual({
      architectures: ["LlamaForCausalLM"],
      ...tinyConfig({ my_field: { deep: true } }),
    });
    const stored = readSafetensors(path("model.safetensors"));
    expect(stored.metadata).toEqual({ format: "pt" });
    expect(stored.tensors.has("lm_head.weight")).toBe(false);
    stored.dispose();
  });

  it("updates the dtype under the name that the source uses", async () => {
    const { dtype: _, ...older } = tinyConfig({ torch_dtype: "float32" });
    await saveModel(init(older), folder(), { dtype: "bfloat16" });
    const config = JSON.parse(await readFile(path("config.json"), "utf8"));
    expect(config).toMatchObject({ torch_dtype: "bfloat16" });
    expect(config).not.toHaveProperty("dtype");
    expect((await load(folder())).dtype).toBe("bfloat16");
  });

  it("copies tokenizer, chat template and generation settings, and nothing else", async () => {
    const source = path("source");
    const target = path("deep/target");
    await mkdir(source);
    const copied = [
      "chat_template.jinja",
      "generation_config.json",
      "tokenizer.json",
      "tokenizer_config.json",
    ];
    for (const name of [...copied, "training_args.bin", "README.md"])
      await writeFile(join(source, name), name);
    await saveModel(init(tinyConfig()), target, { sourceFolder: source });
    const written = await readdir(target);
    expect(written.sort()).toEqual([...copied, "config.json", "model.safetensors"].sort());
    expect(await readFile(join(target, "tokenizer.json"), "utf8")).toBe("tokenizer.json");
  });

  it("widens what float16 cannot hold, and says so", async () => {
    const model = init(tinyConfig());
    expect(await saveModel(model, folder(), { dtype: "float16" })).toBe("float16");
    const last = [...model.parameters.values()].at(-1)!;
    scope(() => void last.detach().fill_(1e5));
    expect(await saveModel(model, folder(), { dtype: "float16" })).toBe("float32");
    expect(JSON.parse(await readFile(path("config.json"), "utf8"))).toMatchObject({ dtype: "float32" });
    expect(logitsOf(await load(folder()))).toEqual(logitsOf(model));
  });

  it("leaves no companion of another model in the folder", async () => {
    const source = path("source");
    const target = path("target");
    await mkdir(source);
    await mkdir(target);
    await writeFile(join(source, "tokenizer.json"), "{}");
    await writeFile(join(target, "generation_config.json"), '{"eos_token_id": 5}');
    await writeFile(join(target, "added_tokens.json"), "{}");
    await saveModel(init(tinyConfig()), target, { sourceFolder: source });
    expect((await readdir(target)).sort()).toEqual(["config.json", "model.safetensors", "tokenizer.json"]);
  });

  it("keeps the dtype of the base's file where its config.json declares none", async () => {
    const { dtype: _, ...undeclared } = tinyConfig();
    await saveModel(init(undeclared), folder(), { dtype: "bfloat16" });
    const config = JSON.parse(await readFile(path("config.json"), "utf8"));
    delete config.dtype;
    await writeFile(path("config.json"), JSON.stringify(config));
    const loaded = await load(folder(), { dtype: "float32" });
    expect(await saveModel(loaded, path("again"))).toBe("bfloat16");
  });
});

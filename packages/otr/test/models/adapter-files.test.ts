import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  liveTensorCount,
  readSafetensors,
  scope,
  type Tensor,
  writeSafetensors,
  zeros,
} from "@one-token/torch";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { baseModelOf, loadAdapter, readAdapterConfig, saveAdapter } from "../../src/models/adapter-files.js";
import { createAdapter } from "../../src/models/lora-adapter.js";
import { logitsOf, modelWorkspace } from "./model-workspace.js";
import { tinyConfig } from "./tiny-config.js";

const { path, folder, init } = modelWorkspace();
const CONFIG = {
  rank: 2,
  alpha: 4,
  dropout: 0.1,
  targetModules: ["q_proj"],
  modulesToSave: [],
  useRslora: false,
  useDora: false,
};

/** Writes an adapter of a tiny model and returns the model. */
async function written() {
  const model = init(tinyConfig());
  const adapter = createAdapter(model, CONFIG, 1, "options");
  await saveAdapter(adapter, folder(), "some/base");
  adapter.dispose();
  return model;
}

const change = async (changes: Record<string, unknown>) => {
  const config = JSON.parse(await readFile(path("adapter_config.json"), "utf8"));
  await writeFile(path("adapter_config.json"), JSON.stringify({ ...config, ...changes }));
};

describe("readAdapterConfig", () => {
  beforeEach(async () => void (await written()));

  it("reads what was written", async () => {
    expect(await readAdapterConfig(folder())).toEqual({
      ...CONFIG,
      rankPattern: {},
      alphaPattern: {},
      baseModel: "some/base",
      baseRevision: null,
    });
  });

  it.each([
    [{ r: "x" }, /r is "x"/],
    [{ peft_type: "LOHA" }, /peft_type is "LOHA"/],
    [{ alora_invocation_tokens: [5] }, /alora_invocation_tokens is \[5\]/],
    [{ a_setting_of_tomorrow: true }, /a_setting_of_tomorrow is true, which is not supported/],
    [{ init_lora_weights: "pissa" }, /init_lora_weights is "pissa", which has changed the base model/],
    [{ init_lora_weights: "olora" }, /init_lora_weights is "olora"/],
    [{ task_type: "SEQ_CLS" }, /task_type is "SEQ_CLS"/],
    [{ lora_alpha: 0 }, /lora_alpha is 0/],
    [{ ensure_weight_tying: true }, /ensure_weight_tying is true/],
    [{ bias: "all" }, /bias is "all", which is not supported/],
    [{ rank_pattern: { q_proj: 0 } }, /rank_pattern/],
    [{ alpha_pattern: ["q_proj"] }, /alpha_pattern/],
    [{ target_parameters: ["experts.down_proj"] }, /target_parameters is \[.*not supported/],
    [{ fan_in_fan_out: true }, /fan_in_fan_out is true/],
    [{ layers_to_transform: [0] }, /layers_to_transform is \[0\]/],
  ])("refuses %j", async (changes, message) => {
    await change(changes);
    await expect(readAdapterConfig(folder())).rejects.toMatchObject({
      code: "ADAPTER_CONFIG_INVALID",
      message: expect.stringMatching(message),
    });
  });

  it("names the file that is missing or broken", async () => {
    await expect(readAdapterConfig(path("nowhere"))).rejects.toMatchObject({ code: "ADAPTER_NOT_FOUND" });
    await writeFile(path("adapter_config.json"), "{");
    await expect(readAdapterConfig(folder())).rejects.toThrow(/adapter_config.json: is not valid JSON/);
  });
});

describe("loadAdapter", () => {
  it("refuses weights that are not those of the configuration", async () => {
    const model = await written();
    await change({ r: 3, target_modules: ["q_proj", "v_proj"] });
    await expect(loadAdapter(model, folder())).rejects.toMatchObject({
      code: "ADAPTER_MISMATCH",
      message: expect.stringMatching(
        /missing: .*v_proj[\s\S]*q_proj.lora_A.weight has the shape \(2, 16\) instead of \(3, 16\)/,
      ),
    });
    await change({ target_modules: ["q_proj"] });
    scope(() => writeSafetensors(path("adapter_model.safetensors"), new Map([["x", zeros([1])]])));
    await expect(loadAdapter(model, folder())).rejects.toThrow(/unexpected: x/);
    await writeFile(path("adapter_model.safetensors"), "nothing");
    await expect(loadAdapter(model, folder())).rejects.toMatchObject({ code: "ADAPTER_WEIGHTS_INVALID" });
  });

  it("frees what it has read where a later part fails", async () => {
    const model = await written();
    const before = liveTensorCount();
    const device = vi.spyOn(model, "device", "get").mockReturnValueOnce("cpu").mockReturnValue("nowhere");
    await expect(loadAdapter(model, folder())).rejects.toThrow(/nowhere/);
    device.mockRestore();
    expect(liveTensorCount()).toBe(before);
  });

  /** What PEFT stores beside pairs of embedding and head, and where rows were added. */
  const withTensor = (name: string, value: (stored: Tensor) => Tensor, from: Tensor) =>
    scope(() => {
      const file = readSafetensors(path("adapter_model.safetensors"));
      const tensors = new Map([...file.tensors].map(([key, tensor]) => [key, tensor.clone()]));
      tensors.set(`base_model.model.${name}`, value(from.detach()).clone());
      file.dispose();
      writeSafetensors(path("adapter_model.safetensors"), tensors);
    });

  it.each([
    ["embed_tokens", "model.embed_tokens.base_layer.weight"],
    ["lm_head", "lm_head.base_layer.weight"],
  ])("holds the frozen %s that PEFT stores beside its pair to the model's", async (module, name) => {
    const model = init(tinyConfig());
    const adapter = createAdapter(model, { ...CONFIG, targetModules: [module] }, 1, "options");
    await saveAdapter(adapter, folder(), "some/base");
    adapter.dispose();
    const embedding = model.parameters.get("model.embed_tokens.weight")!;
    withTensor(name, (own) => own, embedding);
    (await loadAdapter(model, folder())).dispose();
    withTensor(name, (own) => own.to("bfloat16"), embedding);
    (await loadAdapter(model, folder())).dispose();
    withTensor(name, (own) => own.mul(2), embedding);
    await expect(loadAdapter(model, folder())).rejects.toThrow(/base_layer.weight is not the model's own/);
  });

  it("says how rows that PEFT has added can be used", async () => {
    const model = await written();
    withTensor("model.embed_tokens.weight", (own) => own, model.parameters.get("model.embed_tokens.weight")!);
    await expect(loadAdapter(model, folder())).rejects.toThrow(
      /unexpected: model.embed_tokens.weight; to use the embedding and head .* name embed_tokens and lm_head/,
    );
  });

  it.each([true, false])("reads grown embedding and head back (tied: %s)", async (tied) => {
    const model = init(tinyConfig({ tie_word_embeddings: tied }));
    const config = { ...CONFIG, modulesToSave: ["embed_tokens", "lm_head"] };
    model.adapter = createAdapter(model, config, 1, "options", 24);
    const expected = logitsOf(model);
    await saveAdapter(model.adapter, folder(), "some/base");
    model.adapter.dispose();
    model.adapter = await loadAdapter(model, folder());
    expect(model.vocabSize).toBe(24);
    expect(logitsOf(model)).toEqual(expected);
    model.adapter.dispose();
    await change({ modules_to_save: ["lm_head"] });
    await expect(loadAdapter(model, folder())).rejects.toMatchObject({ code: "ADAPTER_MISMATCH" });
  });

  it("refuses an adapter of another model", async () => {
    await written();
    const other = init(tinyConfig({ hidden_size: 32 }));
    await expect(loadAdapter(other, folder())).rejects.toMatchObject({ code: "ADAPTER_MISMATCH" });
  });
});

describe("baseModelOf", () => {
  it("finds a base that lies beside the adapter", async () => {
    await mkdir(path("base"));
    const baseOf = (baseModel: string | null) => baseModelOf(folder(), { baseModel, baseRevision: null });
    expect(baseOf("base")).toEqual({ nameOrPath: join(folder(), "base"), revision: "main" });
    expect(baseOf("/elsewhere").nameOrPath).toBe("/elsewhere");
    expect(() => baseOf(null)).toThrow(/does not name its base model/);
  });
});

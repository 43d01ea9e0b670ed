import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { preparePush, pushFinishedRun, pushModel } from "../../src/training/push-model.js";
import { FakeHub, fail, json } from "../hub/fake-hub.js";

let hub: FakeHub;
let folder: string;
beforeEach(async () => {
  hub = await FakeHub.start();
  for (const [name, value] of Object.entries(hub.environment())) vi.stubEnv(name, value);
  vi.stubEnv("HF_TOKEN", hub.token);
  folder = mkdtempSync(join(tmpdir(), "otr-push-"));
  for (const name of ["config.json", "tokenizer.json", "model.safetensors", "metrics.jsonl"]) {
    writeFileSync(join(folder, name), name);
  }
  writeFileSync(
    join(folder, "run.json"),
    JSON.stringify({ status: "completed", config: { loss_type: "dft" } }),
  );
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  return hub.stop();
});

async function push(): Promise<string[]> {
  const target = await preparePush(folder, { hubModelId: "tuned", hubPrivateRepo: null });
  const pushed = await pushModel(folder, target);
  expect(pushed).toMatchObject({ repository: "me/tuned", url: `${hub.endpoint}/me/tuned` });
  return [...hub.repositories.get("models/me/tuned")!.files.keys()].sort();
}

const uploadedCard = () =>
  hub.repositories.get("models/me/tuned")!.files.get("README.md")?.content.toString();

it("uploads the model and its card, and nothing else of the folder", async () => {
  expect(await push()).toEqual([
    ".gitattributes",
    "README.md",
    "config.json",
    "model.safetensors",
    "tokenizer.json",
  ]);
  expect(uploadedCard()).toBe(readFileSync(join(folder, "README.md"), "utf8"));
  expect(uploadedCard()).toContain("dynamic fine-tuning");
});

it("removes what is left of another model", async () => {
  hub.add("me/tuned", {
    "model.safetensors.index.json": "{}",
    "model-00001-of-00002.safetensors": "old",
    "chat_template.jinja": "old",
    "notes.md": "stays",
  });
  expect(await push()).toEqual([
    "README.md",
    "config.json",
    "model.safetensors",
    "notes.md",
    "tokenizer.json",
  ]);
});

it("uploads the shards that the index names", async () => {
  rmSync(join(folder, "model.safetensors"));
  const weights = { weight_map: { a: "model-00001-of-00001.safetensors" } };
  writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify(weights));
  writeFileSync(join(folder, "model-00001-of-00001.safetensors"), "shard");
  expect(await push()).toContain("model-00001-of-00001.safetensors");
});

describe("a card that a person wrote", () => {
  it("in the folder stays, and is uploaded", async () => {
    writeFileSync(join(folder, "README.md"), "# Mine");
    await push();
    expect(readFileSync(join(folder, "README.md"), "utf8")).toBe("# Mine");
    expect(uploadedCard()).toBe("# Mine");
  });

  it("on the Hub stays", async () => {
    hub.add("me/tuned", { "README.md": "# Theirs" });
    await push();
    expect(uploadedCard()).toBe("# Theirs");
  });

  it("is told from one of ours, which is made anew", async () => {
    await push();
    writeFileSync(join(folder, "run.json"), JSON.stringify({ config: { loss_type: "nll" } }));
    await push();
    expect(uploadedCard()).toContain("supervised fine-tuning");
  });
});

it("tells of the run whose model is in the folder, not of a later one that failed", async () => {
  writeFileSync(join(folder, "run.previous.json"), JSON.stringify({ config: { loss_type: "otr" } }));
  await push();
  expect(uploadedCard()).toContain("One-Token Rollout");
});

it("refuses a folder without weights, and a name that no repository can have", async () => {
  rmSync(join(folder, "model.safetensors"));
  await expect(push()).rejects.toMatchObject({ code: "MODEL_INCOMPLETE" });
  await expect(preparePush("/tmp/out put", { hubModelId: null, hubPrivateRepo: null })).rejects.toThrow(
    /"out put" cannot be the name of a repository; give one as --hub_model_id/,
  );
});

it("tells how to upload again when it fails, and leaves the model", async () => {
  const target = await preparePush(folder, { hubModelId: "tuned", hubPrivateRepo: null });
  hub.fault = ({ url }, response) => {
    if (!url.includes("/commit/")) return false;
    fail(response, 403, null, "");
    return true;
  };
  const pushing = pushFinishedRun(folder, target, {});
  await expect(pushing).rejects.toMatchObject({ code: "HUB_PUSH_FAILED" });
  await expect(pushing).rejects.toThrow(`npx otr push ${folder} --hub_model_id me/tuned`);
  expect(readFileSync(join(folder, "model.safetensors"), "utf8")).toBe("model.safetensors");
});

it("ends when it is asked to", async () => {
  const target = await preparePush(folder, { hubModelId: "tuned", hubPrivateRepo: null });
  hub.fault = ({ method }) => method === "PUT";
  const pushing = pushFinishedRun(folder, target, { shouldStop: () => hub.requests(/^PUT/).length > 0 });
  await expect(pushing).rejects.toThrow(/was not uploaded: the upload to me\/tuned was stopped/);
});

describe("an adapter", () => {
  const adapt = (base_model_name_or_path: string | null) => {
    rmSync(join(folder, "model.safetensors"));
    writeFileSync(join(folder, "adapter_model.safetensors"), "weights");
    const config = { peft_type: "LORA", r: 2, lora_alpha: 4, base_model_name_or_path };
    writeFileSync(join(folder, "adapter_config.json"), JSON.stringify(config));
  };

  it.each(["/home/me/base", "./base", "base"])("of the folder %s is not uploaded", async (base) => {
    adapt(base);
    await expect(push()).rejects.toMatchObject({
      code: "HUB_BASE_LOCAL",
      message: expect.stringMatching(/Upload the base model too .*or upload the merged model/),
    });
    expect(hub.requests(/preupload|commit\//)).toEqual([]);
  });

  it("of no model is not either; of one of the Hub it is", async () => {
    adapt(null);
    await expect(push()).rejects.toMatchObject({ code: "ADAPTER_BASE_UNKNOWN" });
    writeFileSync(join(folder, "model.safetensors"), "");
    adapt("org/base");
    expect(await push()).toContain("adapter_model.safetensors");
  });
});

it("does not commit over what somebody else has uploaded meanwhile", async () => {
  await push();
  const repository = hub.repositories.get("models/me/tuned")!;
  hub.fault = ({ url }) => {
    if (url.endsWith("/objects/batch")) repository.commit = "b".repeat(40);
    return false;
  };
  await expect(push()).rejects.toThrow(/status 412 \(A commit has happened since/);
});

it("takes an answer without a commit for none", async () => {
  const target = await preparePush(folder, { hubModelId: "tuned", hubPrivateRepo: null });
  hub.fault = ({ url }, response) => {
    if (!url.includes("/commit/")) return false;
    json(response, { success: true });
    return true;
  };
  await expect(pushModel(folder, target)).rejects.toMatchObject({
    code: "HUB_FAILED",
    message: expect.stringContaining("the answer names no commit"),
  });
});

it("reads a card again that breaks off, and gives it up in the end", async () => {
  hub.add("me/tuned", { "README.md": "# Theirs" });
  hub.fault = ({ url }, response) => {
    if (!url.includes("/resolve/")) return false;
    response.writeHead(200, { "Content-Length": 1000 });
    response.write("# Th", () => response.destroy());
    return true;
  };
  const target = { ...(await preparePush(folder, { hubModelId: "tuned", hubPrivateRepo: null })) };
  target.hub = { ...target.hub, retryDelay: 1 };
  await expect(pushModel(folder, target)).rejects.toMatchObject({
    code: "HUB_UNREACHABLE",
    message: expect.stringMatching(/cannot read the card of me\/tuned: the answer broke off/),
  });
  expect(hub.requests(/resolve/)).toHaveLength(5);
});

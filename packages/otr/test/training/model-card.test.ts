import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { isMadeCard, modelCard } from "../../src/training/model-card.js";
import { readRunRecord } from "../../src/training/run-record.js";

const RECORD = {
  status: "completed",
  config: {
    model_name_or_path: "org/base",
    dataset: "/home/me/secret/rows.jsonl",
    output_dir: "/home/me/out",
    loss_type: "otr",
    otr_num_samples: 256,
    otr_beta: -0.1,
    learning_rate: 0.00002,
    max_steps: -1,
  },
  versions: { one_token_rollout: "0.1.0", libtorch: "2.11.0" },
  hardware: { processor: "My Own Processor", device: "cuda:3", compute_dtype: "bfloat16" },
  base_model: { repository: "org/base", revision: "main", commit: "a".repeat(40), license: "apache-2.0" },
  data: { train: { sha256: "x", rows: 12, tokens: 300, supervisedTokens: 100 } },
  results: { step: 9, loss: 0.123456, eval_loss: 0.5 },
};

/** The record as `run.json` and back. */
function recordOf(value: unknown) {
  const folder = mkdtempSync(join(tmpdir(), "otr-card-"));
  try {
    writeFileSync(join(folder, "run.json"), typeof value === "string" ? value : JSON.stringify(value));
    return readRunRecord(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const frontMatter = (card: string): unknown => parse(card.split("---")[1]!);

it("tells what the run was", () => {
  const card = modelCard("me/tuned", recordOf(RECORD), false);
  expect(frontMatter(card)).toEqual({
    base_model: "org/base",
    library_name: "transformers",
    license: "apache-2.0",
    pipeline_tag: "text-generation",
    tags: ["one-token-rollout", "otr"],
  });
  for (const text of [
    "# tuned",
    `[org/base](https://huggingface.co/org/base) at commit \`${"a".repeat(40)}\``,
    "| `otr_beta` | `-0.1` |",
    "| `learning_rate` | `2e-5` |",
    "- Training: `rows.jsonl`, 12 rows, 300 tokens, 100 of them learned",
    "Computed in bfloat16 on cuda. Versions: one-token-rollout 0.1.0, libtorch 2.11.0.",
    "## Results after 9 steps",
    "| evaluation negative log-likelihood, nats a token | 0.5 |",
    'AutoModelForCausalLM.from_pretrained("me/tuned")',
    "See [org/base](https://huggingface.co/org/base) for the terms of the base model.",
  ]) {
    expect(card).toContain(text);
  }
  expect(isMadeCard(card)).toBe(true);
});

it("tells how long was trained by what decided it", () => {
  const table = (changes: object) =>
    modelCard(
      "me/tuned",
      recordOf({ ...RECORD, config: { ...RECORD.config, num_train_epochs: 3, ...changes } }),
      false,
    );
  expect(table({})).toContain("| `num_train_epochs` | `3` |");
  expect(table({})).not.toContain("max_steps");
  expect(table({ max_steps: 9 })).toContain("| `max_steps` | `9` |");
  expect(table({ max_steps: 9 })).not.toContain("num_train_epochs");
});

it("tells the settings of a new adapter, and no defaults where they did not hold", () => {
  const lora = { ...RECORD.config, use_peft: true, adapter_name_or_path: null, lora_r: 8 };
  const card = (config: object) => modelCard("me/tuned", recordOf({ ...RECORD, config }), true);
  expect(card(lora)).toContain("| `lora_r` | `8` |");
  expect(card({ ...lora, adapter_name_or_path: "/home/me/first" })).not.toMatch(/lora_r|home/);
  expect(card({ ...lora, use_peft: false })).not.toContain("lora_r");
});

it("tells nothing of the machine and its folders", () => {
  const card = modelCard("me/tuned", recordOf(RECORD), false);
  for (const text of ["secret", "/home", "My Own Processor", "cuda:3"]) expect(card).not.toContain(text);
});

it("names every source of the data, those of the Hub with their commits", () => {
  const train = { ...RECORD.data.train, origins: [{ repository: "org/rows", commit: "b".repeat(40) }] };
  const dataset = [{ path: "org/rows", weight: 2 }, "/home/me/more.csv"];
  const record = recordOf({ ...RECORD, config: { ...RECORD.config, dataset }, data: { train } });
  const card = modelCard("me/tuned", record, false);
  expect(frontMatter(card)).toMatchObject({ datasets: ["org/rows"] });
  const link = "[org/rows](https://huggingface.co/datasets/org/rows) at commit";
  expect(card).toContain(`- Training: ${link} \`${"b".repeat(40)}\`, \`more.csv\`, 12 rows`);
  expect(card).not.toContain("/home");
});

it("invents nothing where little is known", () => {
  const card = modelCard("me/tuned", null, true);
  expect(frontMatter(card)).toEqual({
    library_name: "peft",
    pipeline_tag: "text-generation",
    tags: ["one-token-rollout"],
  });
  expect(card).toContain('AutoPeftModelForCausalLM.from_pretrained("me/tuned")');
  expect(card).not.toMatch(/## (Data|Objective|Training|Results)/);
  const local = modelCard(
    "me/tuned",
    recordOf({ ...RECORD, base_model: { path: "/home/me/base" }, results: {} }),
    false,
  );
  expect(frontMatter(local)).not.toHaveProperty("base_model");
  expect(local).toContain("A local model, fine-tuned with One-Token Rollout");
  expect(local).not.toContain("## Results");
});

it("keeps a name from being more than a name", () => {
  const config = { ...RECORD.config, dataset: "a`\n# Heading|.jsonl", optim: "x`\n# y" };
  const card = modelCard("me/tuned", recordOf({ ...RECORD, config }), false);
  expect(card.match(/^# /gm)).toHaveLength(1);
});

it.each(["{", "[]", '{"config": 1}', '{"data": {"train": {"rows": "many"}}}'])(
  "refuses the record %j",
  (text) => {
    expect(() => recordOf(text)).toThrow(/run\.json is not as otr train writes it/);
  },
);

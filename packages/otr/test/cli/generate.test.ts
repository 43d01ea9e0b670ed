import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { captureOutput, printed } from "./capture-output.js";
import { runGenerate } from "../../src/cli/generate.js";
import { hasShared, shared } from "../shared.js";

beforeEach(() => {
  captureOutput();
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe.skipIf(!hasShared)("otr generate", () => {
  const model = shared("models/stories260k");
  const run = (...args: string[]) => runGenerate(["--model", model, "--prompt", "Once upon a time", ...args]);

  it("continues greedily as the reference does, one JSON line a prompt", async () => {
    const reference = JSON.parse(readFileSync(shared("models/stories260k/reference.json"), "utf8")) as {
      input_ids: number[];
      greedy_ids: number[];
    };
    const status = await run("--prompt", "Tim", "--temperature", "0", "--max_new_tokens", "20", "--json");
    expect(status).toBe(0);
    const lines = printed.stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    const line: unknown = JSON.parse(lines[0]!);
    const start = reference.input_ids.length;
    expect(line).toEqual({
      prompt: "Once upon a time",
      text: expect.stringMatching(/^, there was a little girl named Lily\./),
      token_ids: reference.greedy_ids.slice(start, start + 20),
      finish_reason: "length",
    });
    expect(JSON.parse(lines[1]!)).toHaveProperty("prompt", "Tim");
  });

  it("names the characters of a prompt that the tokenizer has no token for", async () => {
    const args = ["--model", shared("models/skills-812k"), "--prompt", "1ä+2ö=", "--max_new_tokens", "1"];
    await runGenerate(args);
    expect(printed.stderr).toContain("note: the tokenizer has no token for ä ö: the model does not see");
    printed.stderr = "";
    await run("--max_new_tokens", "1");
    expect(printed.stderr).toBe("");
  });

  it("prints prompt and continuation, and ends before a stop text", async () => {
    await run("--temperature", "0", "--stop", " girl");
    expect(printed.stdout).toBe("Once upon a time, there was a little\n");
  });

  it("answers a user's turn that the model's chat template writes", async () => {
    const folder = mkdtempSync(join(tmpdir(), "otr-chat-"));
    try {
      for (const name of ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]) {
        copyFileSync(join(model, name), join(folder, name));
      }
      const template = "{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}";
      writeFileSync(join(folder, "chat_template.jinja"), template);
      const chat = ["--model", folder, "--apply_chat_template", "--max_new_tokens", "8"];
      const user = ["--prompt", "Once", "--system_prompt", "Tell"];
      await runGenerate([...chat, ...user, "--json"]);
      const answer = JSON.parse(printed.stdout);
      printed.stdout = "";
      const written = "system: Tell\nuser: Once\n";
      await runGenerate(["--model", folder, "--prompt", written, "--max_new_tokens", "8", "--json"]);
      expect(answer).toEqual({ ...JSON.parse(printed.stdout), prompt: "Once" });
      printed.stdout = "";
      await runGenerate([...chat, ...user]);
      expect(printed.stdout).toBe(`${answer.text}\n`);
      await expect(run("--apply_chat_template")).rejects.toMatchObject({ code: "CHAT_TEMPLATE_MISSING" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("writes the prompts before it loads the model", async () => {
    const folder = mkdtempSync(join(tmpdir(), "otr-prompts-"));
    try {
      for (const name of ["config.json", "tokenizer.json", "tokenizer_config.json"]) {
        copyFileSync(join(model, name), join(folder, name));
      }
      // A header, and nothing behind it: whoever loads these weights fails.
      writeFileSync(join(folder, "model.safetensors"), Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]));
      const asked = runGenerate(["--model", folder, "--prompt", "Once", "--apply_chat_template"]);
      await expect(asked).rejects.toMatchObject({ code: "CHAT_TEMPLATE_MISSING" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("draws several continuations of a prompt", async () => {
    const several = ["--num_return_sequences", "3", "--temperature", "1", "--max_new_tokens", "6"];
    await run("--prompt", "Tim", ...several, "--json");
    const lines = printed.stdout.trimEnd().split("\n");
    const parsed = lines.map((line) => JSON.parse(line) as { prompt: string; text: string });
    expect(parsed.map(({ prompt }) => prompt)).toEqual([
      ...new Array(3).fill("Once upon a time"),
      ...new Array(3).fill("Tim"),
    ]);
    expect(new Set(parsed.map(({ text }) => text)).size).toBeGreaterThan(2);
    await expect(run("--num_return_sequences", "2")).rejects.toThrow(/--temperature 0 all continuations/);
  });

  it("samples the same for the same seed", async () => {
    const texts: string[] = [];
    for (const seed of ["1", "1", "2"]) {
      printed.stdout = "";
      await run("--seed", seed, "--temperature", "1", "--max_new_tokens", "12");
      texts.push(printed.stdout);
    }
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toBe(texts[2]);
  });
});

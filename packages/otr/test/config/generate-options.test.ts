import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { generateOptionSet } from "../../src/config/generate-options.js";
import { resolveCommandLine } from "../../src/config/resolve-command-line.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-generate-"));
  for (const name of ["config.json", "tokenizer.json", "model.safetensors"])
    writeFileSync(join(folder, name), "{}");
});
afterAll(() => rmSync(folder, { recursive: true }));

const resolve = (...args: string[]) =>
  resolveCommandLine(generateOptionSet, ["--model", folder, ...args], ["json"]);

it("reads prompts and sampling options", async () => {
  const line = await resolve("--prompt", "a", "--prompt", "-b", "--temperature", "0", "--stop", "\n");
  expect(line?.config).toMatchObject({
    prompt: ["a", "-b"],
    temperature: 0,
    stop: ["\n"],
    maxNewTokens: 256,
  });
});

it.each([
  [[], /^--prompt: is missing/],
  [["--prompt"], /--prompt: found \[""\], but needs one text or several/],
  [["Once upon"], /^Once upon: is no configuration file that exists. Did you mean --prompt "Once upon"\?$/],
  [["Once", "upon"], /^Once upon: .*Did you mean --prompt "Once upon"\?$/],
  [["--prompt", "Once", "upon", "a"], /^upon a: .*Did you mean --prompt "Once upon a"\?$/],
  [["rum.yaml", "--prompt", "a"], /^rum.yaml: the configuration file rum.yaml does not exist/],
  [["--prompt", "a", "--temperature", "1e-300"], /needs 0 \(greedy\) or a number from 0.001 to 1000/],
  [["--prompt", "a", "--num_threads", "4000"], /--num_threads: found 4000/],
  [["--prompt", "a", "--jsn"], /--jsn: .*Did you mean --json\?/],
  [["--prompt", "a", "--top_p", "0"], /--top_p: found 0/],
  [["--prompt", "a", "--temperature", "0", "--top_k", "5"], /--top_k: has no effect with --temperature 0/],
  [
    ["--prompt", "a", "--system_prompt", "b"],
    /--system_prompt: has no effect with --apply_chat_template false/,
  ],
  [["--prompt", "a", "--max_tokens", "5"], /Did you mean --max_new_tokens/],
  [["--prompt", "a", "--model_name_or_path", "x"], /Did you mean --model\?/],
])("refuses %o", async (args, message) => {
  await expect(resolve(...args)).rejects.toThrow(message);
});

it("writes what is missing beside a bare prompt as flags", async () => {
  await expect(resolveCommandLine(generateOptionSet, ["Once"], [])).rejects.toThrow(/^--model: is missing/m);
});

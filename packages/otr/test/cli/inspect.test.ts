import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../../src/cli/main.js";
import { loadDataset } from "../../src/data/load-dataset.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import {
  byteTokenizerJson,
  bytes,
  CHATML,
  CHATML_UNMARKED,
  IM_END,
  IM_START,
} from "../data/byte-tokenizer.js";
import { hasShared, shared } from "../shared.js";
import { tinyConfig } from "../models/tiny-config.js";
import { captureOutput, printed } from "./capture-output.js";

interface Line {
  readonly row: number;
  readonly text: string;
  readonly input_ids: readonly number[];
  readonly labels: readonly number[];
  readonly trained_spans: readonly (readonly [number, number])[];
  readonly status: string;
  readonly reason?: string;
  readonly end_of_turn: string | null;
}
interface Summary {
  readonly train: Record<string, unknown>;
  readonly eval: Record<string, unknown> | null;
  readonly eval_rows_in_train: { count: number; examples: unknown[] } | null;
  readonly total_steps: number | null;
  readonly total_tokens: number | null;
  readonly warnings: readonly string[];
  readonly error: { code: string } | null;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otr-inspect-"));
  mkdirSync(join(folder, "model"));
  // Not even opened.
  writeFileSync(join(folder, "model", "model.safetensors"), "these are no weights");
  writeModelConfig({});
  writeModel({});
  captureOutput();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const writeModelConfig = (changes: Readonly<Record<string, unknown>>): void =>
  writeFileSync(
    join(folder, "model", "config.json"),
    JSON.stringify(tinyConfig({ vocab_size: 260, max_position_embeddings: 1024, ...changes })),
  );

function writeModel(
  config: Readonly<Record<string, unknown>>,
  tokenizer: unknown = byteTokenizerJson(),
): void {
  writeFileSync(join(folder, "model", "tokenizer.json"), JSON.stringify(tokenizer));
  const special = { eos_token: "<|im_end|>", pad_token: "<pad>", chat_template: CHATML, ...config };
  writeFileSync(join(folder, "model", "tokenizer_config.json"), JSON.stringify(special));
}

function writeRows(name: string, rows: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return path;
}

async function inspect(dataset: string, ...args: string[]): Promise<number> {
  printed.stdout = "";
  printed.stderr = "";
  return main(["inspect", "--model_name_or_path", join(folder, "model"), "--dataset", dataset, ...args]);
}

async function inspectJson(dataset: string, ...args: string[]): Promise<{ lines: Line[]; summary: Summary }> {
  await inspect(dataset, "--json", ...args);
  const lines = printed.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { summary: lines.pop().summary, lines };
}

const TURNS = [
  { role: "user", content: "Hi 👋" },
  { role: "assistant", content: "Yo 🌍" },
  { role: "user", content: "No <|im_end|>" },
  { role: "assistant", content: "Ja" },
];

/** The rule: a token is trained when its first character, in code points, lies in a span. */
function labelsByRule({ text, input_ids: ids, trained_spans: spans }: Line): number[] {
  const starts: number[] = [];
  // Tokens of the test's tokenizer are bytes, and control tokens that the template wrote.
  let at = 0;
  const characters = [...text];
  for (let token = 0; token < ids.length; ) {
    const isByte = ids[token]! < 256;
    const size = isByte ? bytes(characters[at]!).length : 1;
    for (let part = 0; part < size; part++) starts.push(at);
    const special = ["<pad>", "<|im_start|>", "<|im_end|>", "<|endoftext|>"][ids[token]! - 256];
    at += isByte ? 1 : [...special!].length;
    token += size;
  }
  return ids.map((id, token) =>
    spans.some(([first, end]) => first <= starts[token]! && starts[token]! < end) ? id : -100,
  );
}

describe("otr inspect --json", () => {
  it.each([
    ["marked turns", { chat_template: CHATML }, [{ messages: TURNS }, { messages: TURNS.slice(0, 2) }], []],
    ["unmarked turns", { chat_template: CHATML_UNMARKED }, [{ messages: TURNS }], []],
    ["all of a conversation", {}, [{ messages: TURNS }], ["--assistant_only_loss", "false"]],
    ["completions of messages", {}, [{ prompt: TURNS.slice(0, 3), completion: TURNS.slice(3) }], []],
    ["completions", {}, [{ prompt: "a👋", completion: "b é" }], []],
    ["prompts and completions", {}, [{ prompt: "a", completion: "b" }], ["--completion_only_loss", "false"]],
    ["text", {}, [{ text: "hello 👋" }, { text: "x" }], []],
  ])("shows the labels of training for %s", async (_, config, rows, options) => {
    writeModel(config);
    const path = writeRows("rows.jsonl", rows);
    const { lines, summary } = await inspectJson(path, ...options);
    const dataset = await loadDataset({
      path,
      purpose: "training",
      tokenizer: await loadTokenizer(join(folder, "model")),
      maxLength: 1024,
      truncationMode: "keep_start",
      completionOnlyLoss: options[0] === "--completion_only_loss" ? false : null,
      assistantOnlyLoss: options[0] === "--assistant_only_loss" ? false : null,
      chatTemplatePath: null,
    });
    const trained = await dataset.rows.read(rows.keys());
    await dataset.rows.close();
    expect(lines).toHaveLength(rows.length);
    for (const [index, line] of lines.entries()) {
      expect(line.row).toBe(index);
      expect(line.input_ids).toEqual([...trained[index]!.inputIds]);
      expect(line.labels).toEqual([...trained[index]!.labels]);
      expect(line.labels).toEqual(labelsByRule(line));
      expect(line).toMatchObject({ status: "trained", end_of_turn: "learned" });
    }
    expect(summary.train).toMatchObject({
      rows: rows.length,
      trained: rows.length,
      tokens: dataset.summary.tokens,
      supervised_tokens: dataset.summary.supervisedTokens,
      notes: dataset.notes,
    });
    expect(printed.stderr).toBe("");
  });

  it("learns a token by its first character", async () => {
    const json = byteTokenizerJson();
    const model = json.model as { vocab: Record<string, number> };
    const specials = ["<pad>", "<|im_start|>", "<|im_end|>", "<|endoftext|>"];
    const vocab = { ...model.vocab, ...Object.fromEntries(specials.map((token, at) => [token, 256 + at])) };
    // A line feed and Y are one token, and so are the o and the !.
    const merged = { ĊY: 260, "o!": 261 };
    const merges = ["Ċ Y", "o !"];
    writeModel({}, { ...json, model: { ...model, vocab: { ...vocab, ...merged }, merges } });
    const messages = [TURNS[0], { role: "assistant", content: "Yo!" }];
    const { lines } = await inspectJson(writeRows("rows.jsonl", [{ messages }]));
    const [{ input_ids: ids, labels, text, trained_spans: spans }] = lines as [Line];
    expect(ids.slice(-4)).toEqual([260, 261, IM_END, ...bytes("\n")]);
    expect(labels.slice(-4)).toEqual([-100, 261, IM_END, -100]);
    expect(spans.map(([start, end]) => [...text].slice(start, end).join(""))).toEqual(["Yo!<|im_end|>"]);
  });

  it("has the end token that the tokenizer adds in the text", async () => {
    const post_processor = {
      type: "TemplateProcessing",
      single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "<|im_end|>", type_id: 0 } }],
      pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 0 } }],
      special_tokens: { "<|im_end|>": { id: "<|im_end|>", ids: [IM_END], tokens: ["<|im_end|>"] } },
    };
    writeModel({}, byteTokenizerJson({ post_processor }));
    const { lines } = await inspectJson(writeRows("rows.jsonl", [{ prompt: "ab", completion: "c" }]));
    expect(lines[0]).toMatchObject({
      text: "abc<|im_end|>",
      input_ids: [...bytes("abc"), IM_END],
      labels: [-100, -100, ...bytes("c"), IM_END],
      trained_spans: [[2, 13]],
    });
  });

  it("says what becomes of rows that are cut or left out, and why", async () => {
    const long = (content: string) => ({ messages: [{ role: "user", content }, TURNS[1]] });
    const path = writeRows("rows.jsonl", [
      { messages: TURNS.slice(0, 2) },
      long("x".repeat(50)),
      { messages: [TURNS[0]] },
    ]);
    const cut = await inspectJson(path, "--max_length", "30");
    expect(cut.lines.map(({ status }) => status)).toEqual([
      "truncated",
      "cut_to_nothing",
      "nothing_to_learn",
    ]);
    expect(cut.lines[0]!.input_ids).toHaveLength(30);
    expect(cut.lines[0]!.labels.slice(0, 26).every((label) => label === -100)).toBe(true);
    expect(cut.lines[0]!.end_of_turn).toBe("cut");
    expect(cut.lines[1]!.labels.every((label) => label === -100)).toBe(true);
    expect(cut.lines[1]!.text).toContain("x".repeat(50));
    expect(cut.lines[1]!.reason).toBe("left out: all that there is to learn lies beyond max_length");
    expect(cut.summary.warnings).toEqual([
      expect.stringMatching(/no row teaches .* max_length cuts the end/),
    ]);
    expect(cut.summary.train).toMatchObject({
      rows: 3,
      trained: 1,
      truncated: 1,
      dropped: { too_long: 0, cut_to_nothing: 1, nothing_to_learn: 1 },
      end_of_turn: { learned: 0, cut: 2, unlearned: 0 },
    });

    const dropped = await inspectJson(path, "--max_length", "50", "--truncation_mode", "drop");
    expect(dropped.lines.map(({ status }) => status)).toEqual(["trained", "too_long", "nothing_to_learn"]);
    expect(dropped.lines[1]!.input_ids.length).toBeGreaterThan(50);
    expect(new Set(dropped.lines[1]!.labels)).toEqual(new Set([-100]));

    const ended = await inspectJson(path, "--max_length", "10", "--truncation_mode", "keep_end");
    expect(ended.lines[1]).toMatchObject({ status: "truncated", end_of_turn: "learned" });
    expect(ended.lines[1]!.input_ids).toEqual([...bytes("\nYo 🌍"), IM_END, ...bytes("\n")].slice(-10));
  });

  it("warns where no row teaches to stop, which training refuses", async () => {
    writeModel({ eos_token: "<|endoftext|>" });
    const path = writeRows("rows.jsonl", [{ messages: TURNS }]);
    expect(await inspect(path, "--json")).toBe(0);
    expect(printed.stderr).toMatch(
      /^note: no row of .* teaches the model to stop: .*otr train will not start/,
    );
    const { lines, summary } = await inspectJson(path);
    expect(lines[0]!.end_of_turn).toBe("unlearned");
    expect(summary.error).toBeNull();
    expect(summary.total_steps).toBe(3);
  });

  it("shows rows of which nothing is learned, then what training would say", async () => {
    const path = writeRows("rows.jsonl", [{ messages: TURNS.slice(0, 1) }, { messages: TURNS.slice(2, 3) }]);
    const { lines, summary } = await inspectJson(path);
    expect(lines).toHaveLength(2);
    expect(summary.error).toMatchObject({ code: "DATASET_NOTHING_TO_LEARN" });
    expect(summary.total_steps).toBeNull();
    expect(printed.stderr).toMatch(/^otr: no row of .* can be learned/);
    expect(await inspect(path)).toBe(2);
  });

  it.each<[string, Record<string, unknown>, string[], RegExp]>([
    ["a model type that is not known", { model_type: "unheard of" }, [], /unheard of/],
    ["a tokenizer that the model has no rows for", { vocab_size: 259 }, [], /TOKENIZER_DOES_NOT_FIT/],
    ["modules that it does not have", {}, ["--use_peft", "--lora_target_modules", "x_proj"], /LORA_TARGETS/],
  ])("shows the rows all the same, with status 2, for %s", async (_, changes, options, error) => {
    writeModelConfig(changes);
    const rows = writeRows("rows.jsonl", [{ prompt: "a", completion: "b" }]);
    const { lines, summary } = await inspectJson(rows, ...options);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(summary.error)).toMatch(error);
    expect(await inspect(rows, ...options)).toBe(2);
  });

  it("names the line of a broken row", async () => {
    const path = writeRows("rows.jsonl", [{ messages: TURNS }, { mesages: [] }]);
    const { lines, summary } = await inspectJson(path);
    expect(lines).toHaveLength(1);
    expect(summary.error).toMatchObject({ code: "DATASET_ROWS" });
    expect(printed.stderr).toMatch(/rows\.jsonl:2: .*did you mean "messages"/);
    await inspect(writeRows("none.jsonl", [{ mesages: [] }]));
    expect(printed.stdout).toBe("");
  });

  it("finds rows that occur twice, in the file and in that for evaluation", async () => {
    const row = (text: string) => ({ prompt: text, completion: "." });
    const train = writeRows("train.jsonl", [row("a"), row("b"), row("a"), row("c")]);
    const evaluation = writeRows("eval.jsonl", [row("d"), row("c"), row("b")]);
    const { summary } = await inspectJson(train, "--eval_dataset", evaluation);
    expect(summary.train.duplicates).toEqual({ count: 1, examples: [{ row: 2, same_as: 0 }] });
    expect(summary.eval_rows_in_train).toEqual({
      count: 2,
      examples: [
        { row: 1, same_as: 3 },
        { row: 2, same_as: 1 },
      ],
    });
  });

  it("counts steps and tokens as training does, packed or not", async () => {
    const rows = Array.from({ length: 10 }, (_, at) => ({ prompt: "p", completion: "c".repeat(1 + at) }));
    const path = writeRows("rows.jsonl", rows);
    const run = ["--per_device_train_batch_size", "2", "--gradient_accumulation_steps", "2"];
    const { summary } = await inspectJson(path, ...run, "--num_train_epochs", "2");
    // Each row has its prompt, its completion and an end token: 3 to 12.
    expect(summary).toMatchObject({
      steps_per_epoch: 3,
      total_steps: 6,
      total_tokens: 150,
      tokens_per_step: 25,
    });
    const packed = await inspectJson(path, ...run, "--packing", "--max_length", "25");
    expect(packed.summary).toMatchObject({ steps_per_epoch: 1, total_steps: 3, total_tokens: 225 });
  });

  it("takes chosen rows, and says where there are none", async () => {
    const path = writeRows(
      "rows.jsonl",
      Array.from({ length: 6 }, () => ({ messages: TURNS })),
    );
    expect((await inspectJson(path)).lines.map(({ row }) => row)).toEqual([0, 1, 2, 3, 4, 5]);
    expect((await inspectJson(path, "--rows", "4,1-2")).lines.map(({ row }) => row)).toEqual([1, 2, 4]);
    expect((await inspectJson(path, "--rows", "1")).lines.map(({ row }) => row)).toEqual([0]);
    expect((await inspectJson(path, "--rows", "5-6")).lines.map(({ row }) => row)).toEqual([5]);
    expect(printed.stderr).toMatch(/asks for rows that are not there: .* has 6 rows, counted from 0/);
    const broken = writeRows("broken.jsonl", [{ messages: TURNS }, {}]);
    await inspectJson(broken, "--rows", "5-6");
    expect(printed.stderr).not.toContain("--rows");
  });

  it("counts all rows of a mixture by weight, and those that it takes", async () => {
    const row = (text: string) => ({ prompt: "p", completion: text });
    const one = writeRows("one.jsonl", [row("a"), row("b")]);
    const other = writeRows("other.jsonl", ["c", "d", "e", "f", "f".repeat(20)].map(row));
    const mixture = ["--dataset", `path=${other},weight=1`];
    const cut = ["--max_length", "10", "--per_device_train_batch_size", "1", "--num_train_epochs", "1"];
    const { summary } = await inspectJson(`path=${one},weight=1`, ...mixture, ...cut);
    expect(summary.train).toMatchObject({ rows: 7, usable: 7, truncated: 1, trained: 4 });
    expect(summary.total_steps).toBe(4);
    expect(summary.train.tokens).toBe(summary.total_tokens);
    await inspect(`path=${one},weight=1`, ...mixture, ...cut);
    expect(printed.stdout).toMatch(/^ {2}rows that can be trained on +7$/m);
    expect(printed.stdout).toMatch(/^ {2}rows that the mixture by weight takes +4$/m);
  });

  it("refuses a chat template that no row is written by, as training does", async () => {
    const rows = writeRows("rows.jsonl", [{ prompt: "a", completion: "b" }]);
    const { summary } = await inspectJson(rows, "--chat_template", "chatml");
    expect(summary.error).toMatchObject({ code: "CHAT_TEMPLATE_UNUSED" });
    expect(printed.stderr).toMatch(
      /chat_template chatml has no effect: no row of \S+rows\.jsonl is a conversation/,
    );
    const template = join(folder, "my.jinja");
    writeFileSync(template, CHATML);
    expect(await inspect(rows, "--chat_template_path", template)).toBe(2);
    const chat = writeRows("chat.jsonl", [{ messages: TURNS }]);
    const mixed = ["--dataset", chat, "--chat_template_path", template];
    expect((await inspectJson(rows, ...mixed)).summary.error).toBeNull();
  });

  it("names templates that come with the program", async () => {
    const path = writeRows("rows.jsonl", [{ messages: TURNS.slice(0, 2) }]);
    const { lines } = await inspectJson(path, "--chat_template", "zephyr");
    expect(lines[0]!.text).toBe("<|user|>\nHi 👋<|im_end|>\n<|assistant|>\nYo 🌍<|im_end|>\n");
    expect(await inspect(path, "--chat_template", "llama-3")).toBe(2);
    expect(printed.stderr).toMatch(/Did you mean llama3\?/);
    const both = ["--chat_template", "chatml", "--chat_template_path", path];
    expect(await inspect(path, ...both)).toBe(2);
    expect(printed.stderr).toMatch(/only one template can be\s+used/);
  });
});

interface Reference {
  readonly template: string;
  readonly source: string;
  readonly conversation: string;
  readonly messages: readonly unknown[];
  readonly tools: readonly unknown[] | null;
  readonly text?: string;
  readonly assistant_spans?: readonly (readonly [number, number])[];
}

describe.skipIf(!hasShared)("the spans of published templates", () => {
  const all: Reference[] = hasShared ? JSON.parse(readFileSync(shared("reference/chat.json"), "utf8")) : [];
  const withSpans = all.filter(
    ({ assistant_spans, conversation }) => assistant_spans && conversation !== "prompt_only",
  );
  it.each([...new Set(withSpans.map(({ template }) => template))])("are printed for %s", async (name) => {
    const json = byteTokenizerJson();
    const added = [...(json.added_tokens as Record<string, unknown>[])];
    added.push({ ...added[0], id: 260, content: "<s>" }, { ...added[0], id: 261, content: "</s>" });
    const references = withSpans.filter(({ template }) => template === name);
    const chat_template = references[0]!.source;
    writeModel({ chat_template, bos_token: "<s>", eos_token: "</s>" }, { ...json, added_tokens: added });
    const rows = references.map(({ messages, tools }) => ({ messages, tools }));
    const { lines } = await inspectJson(writeRows("rows.jsonl", rows));
    expect(lines.map(({ text }) => text)).toEqual(references.map(({ text }) => text));
    expect(lines.map(({ trained_spans: spans }) => spans.filter(([start, end]) => start < end))).toEqual(
      references.map(({ assistant_spans: spans }) => spans),
    );
  });
});

describe("otr inspect", () => {
  it("does without libtorch", async () => {
    await inspect(writeRows("rows.jsonl", [{ messages: TURNS }]));
    expect(readFileSync("/proc/self/maps", "utf8")).not.toMatch(/libtorch|libc10/);
  });

  it("shows three rows without colour, in 80 columns", async () => {
    const rows = [
      { messages: TURNS },
      ...Array.from({ length: 4 }, (_, at) => ({
        messages: [TURNS[0], { role: "assistant", content: `\u001b[31m${"日本 ".repeat(at * 20)}` }],
      })),
    ];
    expect(await inspect(writeRows("rows.jsonl", rows), "--max_length", "100")).toBe(0);
    expect(printed.stdout.match(/^Row \d/gm)).toEqual(["Row 0", "Row 1", "Row 2"]);
    expect(printed.stdout).not.toContain("\u001b");
    const columns = (line: string) => [...line].reduce((sum, one) => sum + (/[日本]/.test(one) ? 2 : 1), 0);
    for (const line of printed.stdout.split("\n")) expect(columns(line)).toBeLessThanOrEqual(80);
  });

  it("shows tokens, and what of them is learned", async () => {
    const rows = [{ messages: TURNS.slice(0, 2) }, { messages: TURNS.slice(0, 1) }, { messages: TURNS }];
    writeRows("rows.jsonl", rows);
    writeRows("eval.jsonl", rows.slice(0, 1));
    const before = process.cwd();
    process.chdir(folder);
    try {
      await inspect("rows.jsonl", "--eval_dataset", "eval.jsonl", "--max_length", "50");
    } finally {
      process.chdir(before);
    }
    expect(printed.stdout).toMatchInlineSnapshot(`
      "⟦learned⟧, context, ~cut off~; │ between tokens, ↵ a line feed, → a tab.

      Row 0: 35 tokens; 8 learned; the end of the turn is learned.
        <|im_start|>│u│s│e│r│↵
        H│i│ │👋│‹159›│‹145›│‹139›│<|im_end|>│↵
        <|im_start|>│a│s│s│i│s│t│a│n│t│↵
        ⟦Y│o│ │🌍│‹159›│‹140›│‹141›│<|im_end|>⟧↵


      Row 1: 15 tokens; left out: nothing in it is learned.
        ~<|im_start|>│u│s│e│r│↵
        H│i│ │👋│‹159›│‹145›│‹139›│<|im_end|>│↵
        ~

      Row 2: 71 tokens; 8 learned; trained, cut to max_length; the end of the turn is
      learned.
        <|im_start|>│u│s│e│r│↵
        H│i│ │👋│‹159›│‹145›│‹139›│<|im_end|>│↵
        <|im_start|>│a│s│s│i│s│t│a│n│t│↵
        ⟦Y│o│ │🌍│‹159›│‹140›│‹141›│<|im_end|>⟧↵
        <|im_start|>│u│s│e│r│↵
        N│o│ │<│|│i│m│_│e~n│d│|│>│<|im_end|>│↵
        <|im_start|>│a│s│s│i│s│t│a│n│t│↵
        J│a│<|im_end|>│↵
        ~

      Training: rows.jsonl
        rows                                                                   3
        rows that are trained on                                               2
        of these cut to max_length                                             1
        left out: nothing in it is learned                                     1
        tokens                                                                85
        tokens that are learned                                        16 (19 %)
        rows that teach where to stop                                          2
        rows whose text an earlier row has                                     0
        1 row with the text of a control token in a message, learned as ordinary text.
        rows.jsonl: 1 row longer than max_length 50, cut at the end (truncation_mode
        keep_start); raise max_length to learn them whole.
        rows.jsonl: 1 row without anything to learn, left out; where max_length cuts
        all of the answer off, raise it.
        Tokens a row: 15 to 71, mean 40.3, median 35, 95 % up to 71
                  15-19 ████████████████████████████████████████████           1
                  20-24                                                        0
                  25-29                                                        0
                  30-34                                                        0
                  35-39 ████████████████████████████████████████████           1
                  40-44                                                        0
                  45-49                                                        0
                  50-54                                                        0
                  55-59                                                        0
                  60-64                                                        0
                  65-69                                                        0
                  70-74 ████████████████████████████████████████████           1

      Evaluation: eval.jsonl
        rows                                                                   1
        rows that are evaluated                                                1
        tokens                                                                35
        tokens that are learned                                         8 (23 %)
        rows that teach where to stop                                          1
        rows whose text an earlier row has                                     0
        Tokens a row: 35 to 35, mean 35.0, median 35, 95 % up to 35
                     35 ████████████████████████████████████████████           1
        rows for evaluation that are trained on too                            1
        row 0 as training row 0

      The run
        optimizer steps                                                        3
        steps an epoch                                                         1
        tokens a step                                                         85
        tokens in all                                                        255
      "
    `);
  });

  it("uses colour on a terminal alone, and none with NO_COLOR", async () => {
    const path = writeRows("rows.jsonl", [{ messages: TURNS.slice(0, 2) }]);
    const { isTTY } = process.stdout;
    process.stdout.isTTY = true;
    try {
      await inspect(path);
      expect(printed.stdout).toContain("\u001b[1;32mY\u001b[0m\u001b[32mo\u001b[0m");
      vi.stubEnv("NO_COLOR", "1");
      await inspect(path);
      expect(printed.stdout).not.toContain("\u001b");
      expect(printed.stdout).toContain("⟦Y│o│");
    } finally {
      process.stdout.isTTY = isTTY;
    }
  });

  it("leaves out the middle of a long row", async () => {
    await inspect(writeRows("rows.jsonl", [{ text: `${"a".repeat(400)}${"b".repeat(400)}` }]));
    expect(printed.stdout).toContain("... 201 tokens not shown (--html shows all) ...");
    expect(printed.stdout.match(/a│/g)!.length).toBeLessThan(400);
  });

  it("is refused, before anything is read, where it cannot be written", async () => {
    const path = writeRows("rows.jsonl", [{ text: "a" }]);
    expect(await inspect(path, "--html", join(folder, "none", "page.html"))).toBe(2);
    expect(printed.stderr).toMatch(/--html\s+the folder \S+none does not exist\. Make it/);
    expect(printed.stdout).toBe("");
  });

  it("writes a page that needs nothing else and escapes everything", async () => {
    const hostile = "</div><script>alert('x')</script>&amp;\"";
    const messages = [
      { role: "user", content: hostile },
      { role: "assistant", content: hostile },
    ];
    const page = join(folder, "<b>page.html");
    const path = writeRows("rows<i>.jsonl", [{ messages }]);
    expect(await inspect(path, "--html", page)).toBe(0);
    const html = readFileSync(page, "utf8");
    expect(html).not.toMatch(/<script|<i>\.jsonl|https?:|src=|url\(|@import/);
    expect(html).toContain("color-scheme: light dark");
    expect(html).toContain("rows&lt;i&gt;.jsonl");
    expect(html).toContain(`<span class="trained" title="${IM_END}">&lt;|im_end|&gt;</span>`);
    expect(html).toContain(`<span class="context" title="${IM_START}">&lt;|im_start|&gt;</span>`);
    // Tokens are bytes here, so that the hostile text stands one character to a span.
    const text = [...html.matchAll(/<span class="(?:trained|context)" title="\d+">(.*?)<\/span>/gs)]
      .map(([, one]) => one)
      .join("");
    expect(text).toContain("&lt;/div&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;&quot;");
    expect(printed.stderr).toContain(`The page is ${page}.`);
  });
});

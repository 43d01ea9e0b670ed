import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type LoadDatasetOptions, loadDataset } from "../../src/data/load-dataset.js";
import type { TokenRows } from "../../src/data/token-store.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import {
  bytes,
  byteTokenizerJson,
  CHATML,
  CHATML_UNMARKED,
  chatModelFolder,
  END_OF_TEXT,
  folderWith,
  IM_END,
  IM_START,
  temporaryFolder,
} from "./byte-tokenizer.js";

const IGNORED = -100;

interface Case extends Partial<Omit<LoadDatasetOptions, "path" | "tokenizer">> {
  readonly model?: string;
}

/** Loads rows, or the text of a file, with a chat model's tokenizer. */
async function load(rows: string | readonly unknown[], { model, ...options }: Case = {}) {
  const path = join(temporaryFolder(), "data.jsonl");
  writeFileSync(
    path,
    typeof rows === "string" ? rows : rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
  );
  const dataset = await loadDataset({
    path,
    tokenizer: await loadTokenizer(model ?? chatModelFolder()),
    maxLength: 1024,
    truncationMode: "keep_start",
    completionOnlyLoss: null,
    assistantOnlyLoss: null,
    chatTemplatePath: null,
    ...options,
  });
  const encoded = await readAll(dataset.rows);
  await dataset.rows.close();
  return { ...dataset, rows: encoded };
}

const readAll = (rows: TokenRows) => rows.read(rows.lengths.keys());

/** The tokens of a row, and the same with -100 where nothing is learned. */
const shown = (dataset: Awaited<ReturnType<typeof load>>) =>
  dataset.rows.map(({ inputIds, labels }) => ({ ids: [...inputIds], labels: [...labels] }));
const unlearned = (ids: readonly number[]) => ids.map(() => IGNORED);

const TURNS = [
  { role: "user", content: "Hi" },
  { role: "assistant", content: "Yo" },
];
const turn = (role: string, content: string) => [
  IM_START,
  ...bytes(`${role}\n${content}`),
  IM_END,
  ...bytes("\n"),
];
const opening = (role: string) => [IM_START, ...bytes(`${role}\n`)];

describe("rows of {prompt, completion}", () => {
  it("learn the completion and an end token", async () => {
    const dataset = await load([{ prompt: "ab", completion: "cd" }]);
    expect(shown(dataset)).toEqual([
      { ids: [...bytes("abcd"), IM_END], labels: [IGNORED, IGNORED, ...bytes("cd"), IM_END] },
    ]);
    expect(dataset.form).toBe("prompt_completion");
    expect(dataset.summary).toEqual({
      usableRows: 1,
      rows: 1,
      truncated: 0,
      dropped: 0,
      withoutAnswer: 0,
      withoutSupervision: 0,
      endTokenLost: 0,
      endTokenUntrained: 0,
      literalControlTokens: 0,
      leftOutByTemplate: 0,
      thinkingDropped: 0,
      tokenShared: 0,
      charactersLost: 0,
      promptLearned: 0,
      tokens: 5,
      supervisedTokens: 3,
    });
    expect(dataset.notes).toEqual([
      "data.jsonl: 1 row of {prompt, completion} as text; loss on the completion.",
    ]);
  });

  it("get no second end token", async () => {
    const dataset = await load([{ prompt: "ab", completion: "cd<|im_end|>" }]);
    expect(shown(dataset)[0]!.ids).toEqual([...bytes("abcd"), IM_END]);
  });

  it("get no second end token from a tokenizer that adds one itself", async () => {
    const post_processor = {
      type: "TemplateProcessing",
      single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "<|im_end|>", type_id: 0 } }],
      pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
      special_tokens: { "<|im_end|>": { id: "<|im_end|>", ids: [IM_END], tokens: ["<|im_end|>"] } },
    };
    const model = chatModelFolder({ files: { "tokenizer.json": byteTokenizerJson({ post_processor }) } });
    const rows = [
      { prompt: "ab", completion: "cd" },
      { prompt: "ab", completion: "cd<|im_end|>" },
    ];
    const expected = { ids: [...bytes("abcd"), IM_END], labels: [IGNORED, IGNORED, ...bytes("cd"), IM_END] };
    const dataset = await load(rows, { model });
    expect(shown(dataset)).toEqual([expected, expected]);
    expect(dataset.summary.tokenShared).toBe(0);
  });

  it("learn everything behind the common beginning where prompt and completion share a token", async () => {
    const json = byteTokenizerJson() as { model: { vocab: Record<string, number>; merges: string[] } };
    const { vocab } = json.model;
    json.model = { ...json.model, vocab: { ...vocab, bc: 256 }, merges: ["b c"] };
    const model = chatModelFolder({ files: { "tokenizer.json": json } });
    const dataset = await load([{ prompt: "ab", completion: "cd" }], { model });
    const endId = IM_END + 1; // the special tokens come behind the one more token
    expect(shown(dataset)).toEqual([
      { ids: [...bytes("a"), 256, ...bytes("d"), endId], labels: [IGNORED, 256, ...bytes("d"), endId] },
    ]);
    expect(dataset.warnings).toEqual([
      expect.stringMatching(
        /^data\.jsonl: 1 row whose prompt and completion share a token, .* begin the completion with it\.$/,
      ),
    ]);
    expect((await load([{ prompt: "a", completion: "bcd" }], { model })).summary.tokenShared).toBe(0);
  });

  it("are counted where the template writes the prompt otherwise once it is answered", async () => {
    const last = "{% for m in messages %}{{ m.content if loop.last else '-' }}{% endfor %}";
    const rows = [{ prompt: TURNS.slice(0, 1), completion: TURNS.slice(1) }];
    const options = (chat_template: string) => ({ model: chatModelFolder({ config: { chat_template } }) });
    const changed = await load(rows, options(`${last}<|im_end|>`));
    expect(changed.summary.promptLearned).toBe(1);
    expect(changed.notes).toContain(
      "1 row whose prompt the chat template writes otherwise once it is answered; from there on it is learned.",
    );
    // What an opening holds more than the turn is no part of the prompt.
    const all = "{% for m in messages %}{{ m.content }}{% endfor %}";
    const end = "{{ '<think>' if add_generation_prompt else '<|im_end|>' if messages | length > 1 }}";
    const opened = await load(rows, options(all + end));
    expect(opened.summary.promptLearned).toBe(0);
  });

  it("learn all of it with completion_only_loss: false", async () => {
    const dataset = await load([{ prompt: "ab", completion: "cd" }], { completionOnlyLoss: false });
    expect(shown(dataset)[0]!.labels).toEqual([...bytes("abcd"), IM_END]);
    // The first token is never predicted.
    expect(dataset.summary.supervisedTokens).toBe(4);
    expect(dataset.notes[0]).toContain("loss on all tokens");
  });

  it("may be lists of messages, where the prompt ends with the opening of the answer", async () => {
    const dataset = await load([{ prompt: TURNS.slice(0, 1), completion: TURNS.slice(1) }]);
    const prompt = [...turn("user", "Hi"), ...opening("assistant")];
    const completion = [...bytes("Yo"), IM_END, ...bytes("\n")];
    expect(shown(dataset)).toEqual([
      { ids: [...prompt, ...completion], labels: [...unlearned(prompt), ...completion] },
    ]);
    expect(dataset.form).toBe("prompt_completion_messages");
  });
});

describe("rows of {text}", () => {
  it("learn the whole text and an end token", async () => {
    const dataset = await load([{ text: "ab" }, { text: "c<|im_end|>" }]);
    expect(shown(dataset)).toEqual([
      { ids: [...bytes("ab"), IM_END], labels: [...bytes("ab"), IM_END] },
      { ids: [...bytes("c"), IM_END], labels: [...bytes("c"), IM_END] },
    ]);
    expect(dataset.notes[0]).toBe("data.jsonl: 2 rows of {text}; loss on all tokens.");
  });

  it("get no second beginning token from a tokenizer that adds one itself", async () => {
    const start = { SpecialToken: { id: "<pad>", type_id: 0 } };
    const post_processor = {
      type: "TemplateProcessing",
      single: [start, { Sequence: { id: "A", type_id: 0 } }],
      pair: [start, { Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
      special_tokens: { "<pad>": { id: "<pad>", ids: [256], tokens: ["<pad>"] } },
    };
    const model = chatModelFolder({
      config: { bos_token: "<pad>" },
      files: { "tokenizer.json": byteTokenizerJson({ post_processor }) },
    });
    const [plain, begun] = shown(await load([{ text: "ab" }, { text: "<pad>ab" }], { model }));
    expect(plain!.ids).toEqual([256, ...bytes("ab"), IM_END]);
    expect(begun).toEqual(plain);
    const pairs = ["a", "<pad>a"].map((prompt) => ({ prompt, completion: "b" }));
    const [plainPair, begunPair] = shown(await load(pairs, { model }));
    expect(begunPair).toEqual(plainPair);
  });

  it("are told to lose what the tokenizer has no token for", async () => {
    const json = byteTokenizerJson({ pre_tokenizer: null, decoder: null }) as { model: object };
    const files = { "tokenizer.json": { ...json, model: { ...json.model, vocab: { a: 0, b: 1 } } } };
    const model = chatModelFolder({ files });
    const dataset = await load([{ text: "aéb" }, { text: "ab" }, { text: "aüé" }], { model });
    expect(shown(dataset)[0]!.ids).toEqual([0, 1, 4]);
    expect(dataset.summary.charactersLost).toBe(2);
    expect(dataset.warnings).toEqual([
      expect.stringMatching(
        /^data\.jsonl: 2 rows with characters that the tokenizer has no token for \(é ü\)/,
      ),
    ]);
  });
});

it("refuses halves of characters, which JSON can spell, and takes whole ones and texts that look like them", async () => {
  const texts = [
    String.raw`"a\ud83d b"`,
    String.raw`"\ud83d\ude00"`,
    String.raw`"\\ud83d"`,
    String.raw`"\\\uDE00"`,
  ];
  const rows = texts.map((text) => `{"text": ${text}}\n`).join("");
  await expect(load(rows)).rejects.toThrow(
    /^\S+:1: holds a half of a surrogate pair .*\(and 1 more row, the last \S+:4\)$/,
  );
  expect(shown(await load(rows.split("\n").slice(1, 3).join("\n")))).toHaveLength(2);
});

describe("what a chat template does not read", () => {
  const answer = { role: "assistant", content: "Yo", name: "Bo", weight: 1, note: null };
  const rows = [{ messages: [TURNS[0], answer], chat_template_kwargs: { enable_thinkng: true } }];

  it("is named: fields of messages, and variables", async () => {
    const dataset = await load(rows);
    expect(dataset.notes).toContain("Fields of messages that the chat template does not read: name, weight.");
    expect(dataset.warnings).toEqual([
      "data.jsonl: chat_template_kwargs that the chat template does not read: enable_thinkng.",
    ]);
  });

  it("is nothing where it writes messages whole, and what it names", async () => {
    const chat_template = "{{ enable_thinkng }}{{ messages | tojson }}<|im_end|>";
    const dataset = await load(rows, {
      model: chatModelFolder({ config: { chat_template } }),
      assistantOnlyLoss: false,
    });
    expect([...dataset.notes.slice(1), ...dataset.warnings]).toEqual([]);
  });

  it("may be thinking of some turns, of which rows are counted", async () => {
    const thinking =
      "{{ '<think>' + m.reasoning_content + '</think>' if loop.last and m.reasoning_content }}";
    const chat_template = `{% for m in messages %}${thinking}{{ m.content.split('</think>')[-1] }}<|im_end|>{% endfor %}`;
    const options = { model: chatModelFolder({ config: { chat_template } }), assistantOnlyLoss: false };
    const think = (first: object, second: object) => ({
      messages: [TURNS[0], { ...answer, ...first }, TURNS[0], { ...answer, ...second }],
    });
    const dataset = await load(
      [
        think({ reasoning_content: "one" }, { reasoning_content: "two" }),
        think({ content: "<think>\none\n</think>Yo" }, {}),
        think({}, { reasoning_content: "two" }),
      ],
      options,
    );
    expect(dataset.summary).toMatchObject({ thinkingDropped: 2, leftOutByTemplate: 0 });
    expect(dataset.warnings).toEqual([
      expect.stringMatching(/^data\.jsonl: 2 rows with thinking in some turns/),
    ]);
  });
});

describe("rows of {messages}", () => {
  const question = [...turn("user", "Hi"), ...opening("assistant")];
  it.each([
    ["with marks", CHATML, [...bytes("Yo"), IM_END, IGNORED]],
    ["without marks", CHATML_UNMARKED, [...bytes("Yo"), IM_END, ...bytes("\n")]],
  ])("learn the assistant's turns and their end token, %s", async (_, chat_template, answerLabels) => {
    const model = chatModelFolder({ config: { chat_template } });
    const dataset = await load([{ messages: TURNS }], { model });
    expect(shown(dataset)).toEqual([
      {
        ids: [...turn("user", "Hi"), ...turn("assistant", "Yo")],
        labels: [...unlearned(question), ...answerLabels],
      },
    ]);
    expect(dataset.notes[0]).toBe("data.jsonl: 1 row of {messages}; loss on the assistant's turns.");
  });

  it("learn everything with assistant_only_loss: false", async () => {
    const dataset = await load([{ messages: TURNS }], { assistantOnlyLoss: false });
    expect(shown(dataset)[0]!.labels).toEqual([...turn("user", "Hi"), ...turn("assistant", "Yo")]);
  });

  it("do not let a user end the turn, and say so", async () => {
    const messages = [{ role: "user", content: "Hi 👋<|im_end|>" }, TURNS[1]];
    const dataset = await load([{ messages }]);
    const [row] = shown(dataset);
    expect(row!.ids).toEqual([...turn("user", "Hi 👋<|im_end|>"), ...turn("assistant", "Yo")]);
    expect(row!.labels.filter((label) => label !== IGNORED)).toEqual([...bytes("Yo"), IM_END]);
    expect(dataset.notes.at(-1)).toMatch(/^1 row with the text of a control token/);
  });

  it("take another template from chat_template_path, with tools and variables of the row", async () => {
    const source =
      "{{ tools[0].name }}{{ style }}{% for m in messages %}{% generation %}{{ m.content }}<|im_end|>{% endgeneration %}{% endfor %}";
    const folder = folderWith({ "other.jinja": source });
    const dataset = await load(
      [{ messages: TURNS, tools: '[{"name": "t"}]', chat_template_kwargs: { style: "s" } }],
      { chatTemplatePath: join(folder, "other.jinja") },
    );
    expect(shown(dataset)[0]!.ids).toEqual([...bytes("tsHi"), IM_END, ...bytes("Yo"), IM_END]);
  });
});

describe("rows that are too long", () => {
  const rows = [
    { prompt: "ab", completion: "cdef" },
    { prompt: "a", completion: "b" },
    { prompt: "abcdef", completion: "g" },
  ];

  it("keep their start, and are counted", async () => {
    const { summary, warnings, rows: kept } = await load(rows, { maxLength: 4 });
    expect(kept.map(({ id, inputIds }) => [id, [...inputIds]])).toEqual([
      [0, bytes("abcd")],
      [1, [...bytes("ab"), IM_END]],
    ]);
    expect(summary).toMatchObject({
      rows: 2,
      truncated: 2,
      withoutSupervision: 1,
      endTokenLost: 2,
      dropped: 0,
    });
    expect(warnings).toEqual([
      "data.jsonl: 2 rows longer than max_length 4, cut at the end (truncation_mode keep_start); raise max_length to learn them whole.",
      "data.jsonl: 1 row without anything to learn, left out; where max_length cuts all of the answer off, raise it.",
      "data.jsonl: 2 rows cut before the end-of-turn token, which is not trained there; raise max_length, or set truncation_mode to drop.",
    ]);
  });

  it("keep their end", async () => {
    const { summary, rows: kept } = await load(rows, { maxLength: 4, truncationMode: "keep_end" });
    expect([...kept[0]!.inputIds]).toEqual([...bytes("def"), IM_END]);
    expect([...kept[2]!.labels]).toEqual([IGNORED, IGNORED, ...bytes("g"), IM_END]);
    expect(summary).toMatchObject({ rows: 3, truncated: 2, withoutSupervision: 0, endTokenLost: 0 });
  });

  it("are left out, the others keeping their ids", async () => {
    const { summary, notes, rows: kept } = await load(rows, { maxLength: 4, truncationMode: "drop" });
    expect(kept.map(({ id }) => id)).toEqual([1]);
    expect(summary).toMatchObject({ rows: 1, truncated: 0, dropped: 2, endTokenLost: 0 });
    expect(notes[1]).toBe("2 rows longer than max_length 4, left out (truncation_mode drop).");
  });

  it("are errors with their lines", async () => {
    await expect(load(rows, { maxLength: 4, truncationMode: "error" })).rejects.toMatchObject({
      code: "DATASET_ROWS",
      message: expect.stringMatching(
        /data.jsonl:1: has 7 tokens, more than max_length 4.*\n.*data.jsonl:3: has 8 tokens/,
      ),
    });
  });

  it("have no limit with max_length null", async () => {
    const { summary } = await load([{ text: "a".repeat(5000) }], { maxLength: null });
    expect(summary).toMatchObject({ truncated: 0, tokens: 5001 });
  });

  it("are an error where nothing is left to learn", async () => {
    await expect(load(rows.slice(2), { maxLength: 4 })).rejects.toMatchObject({
      code: "DATASET_NOTHING_TO_LEARN",
      message: expect.stringMatching(/can be learned: too long for max_length 4 \(raise it\): 1$/),
    });
    await expect(load(rows.slice(2), { maxLength: 4, truncationMode: "drop" })).rejects.toMatchObject({
      code: "DATASET_NOTHING_TO_LEARN",
      message: expect.stringMatching(/can be learned: too long for max_length 4 \(raise it\): 1$/),
    });
  });
});

describe("the end of a turn", () => {
  it("is an error where the tokenizer has no end token", async () => {
    const model = chatModelFolder({ config: { eos_token: null } });
    await expect(load([{ text: "a" }], { model })).rejects.toMatchObject({
      code: "END_TOKEN_MISSING",
      message: expect.stringMatching(/set eos_token in tokenizer_config.json/),
    });
  });

  it("is an error where the template never writes it", async () => {
    const chat_template = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}";
    const model = chatModelFolder({ config: { chat_template } });
    await expect(load([{ messages: TURNS }], { model, assistantOnlyLoss: false })).rejects.toMatchObject({
      code: "END_TOKEN_UNTRAINED",
      message: expect.stringMatching(
        /ends at "<\|im_end\|>".*last token learned in row 0 is "o".*chat_template_path/,
      ),
    });
  });

  it("is an error where the marks of the template are no tokens, which can be added", async () => {
    const chat_template = "{% for m in messages %}<|s|>{{ m.role }}\n{{ m.content }}<|e|>\n{% endfor %}";
    const model = chatModelFolder({ config: { chat_template } });
    await expect(load([{ messages: TURNS }], { model, assistantOnlyLoss: false })).rejects.toMatchObject({
      code: "END_TOKEN_UNTRAINED",
      message: expect.stringMatching(
        /"<\|e\|>", with which .* --add_special_tokens '<\|s\|>' --add_special_tokens '<\|e\|>' --eos_token '<\|e\|>'$/,
      ),
    });
  });

  it("is an error where it stands outside the marks", async () => {
    const chat_template =
      "{% for m in messages %}{% generation %}{{ m.content }}{% endgeneration %}<|im_end|>{% endfor %}";
    const model = chatModelFolder({ config: { chat_template } });
    await expect(load([{ messages: TURNS }], { model })).rejects.toMatchObject({
      code: "END_TOKEN_UNTRAINED",
      message: expect.stringMatching(/inside \{% generation %\}/),
    });
  });

  it("is an error where generation ends at another token", async () => {
    const model = chatModelFolder({ config: { eos_token: "<|endoftext|>" } });
    await expect(load([{ messages: TURNS }], { model })).rejects.toMatchObject({
      code: "END_TOKEN_UNTRAINED",
      message: expect.stringMatching(
        /"<\|im_end\|>" \(id 258\); add 258 to eos_token_id in generation_config.json/,
      ),
    });
  });

  it("may be any token at which generation ends", async () => {
    const model = chatModelFolder({
      config: { eos_token: "<|endoftext|>" },
      files: { "generation_config.json": { eos_token_id: [END_OF_TEXT, IM_END] } },
    });
    expect((await load([{ messages: TURNS }], { model })).summary.endTokenUntrained).toBe(0);
  });

  it("is trained where only the configuration knows the end token", async () => {
    const json = byteTokenizerJson({ added_tokens: [] });
    const model = folderWith({ "tokenizer.json": json, "tokenizer_config.json": { eos_token: "<end>" } });
    const dataset = await load([{ text: "a" }], { model });
    expect(shown(dataset)[0]!.ids).toEqual([...bytes("a"), 256]);
  });

  it("is not asked of a conversation that ends with the user, when all text is learned", async () => {
    const { summary } = await load([{ messages: TURNS }, { messages: TURNS.slice(0, 1) }], {
      assistantOnlyLoss: false,
    });
    expect(summary.endTokenUntrained).toBe(0);
  });

  it("is counted where only some rows lack it", async () => {
    const chat_template =
      "{% for m in messages %}{% generation %}{{ m.content }}{{ '<|im_end|>' if m.stop }}{% endgeneration %}{% endfor %}";
    const model = chatModelFolder({ config: { chat_template } });
    const rows = [{ messages: TURNS }, { messages: [{ ...TURNS[1], stop: true }] }];
    const { summary, warnings } = await load(rows, { model });
    expect(summary).toMatchObject({ rows: 2, endTokenUntrained: 1, endTokenLost: 0 });
    expect(warnings).toEqual([
      "data.jsonl: 1 row without an end-of-turn token at the end to train; otr inspect shows them.",
    ]);
  });
});

describe("files and rows that cannot be used", () => {
  const wrong = async (rows: string | readonly unknown[], options: Case = {}): Promise<string> => {
    const outcome = await load(rows, options).catch((error: unknown) => error);
    expect(outcome).toMatchObject({ name: "DataError" });
    const { code, message } = outcome as { code: string; message: string };
    return `${code} ${message}`;
  };

  it("has no rows", async () => {
    expect(await wrong("")).toMatch(/^DATASET_EMPTY/);
    expect(await wrong("\n\r\n  \n")).toMatch(/^DATASET_EMPTY/);
  });

  it("is not there, or is a folder", async () => {
    const tokenizer = await loadTokenizer(chatModelFolder());
    const folder = temporaryFolder();
    const options = { tokenizer, maxLength: 8, truncationMode: "drop" } as const;
    const masks = { completionOnlyLoss: null, assistantOnlyLoss: null, chatTemplatePath: null };
    for (const path of [join(folder, "none.jsonl"), folder]) {
      await expect(loadDataset({ path, ...options, ...masks })).rejects.toMatchObject({
        code: "DATASET_UNREADABLE",
      });
    }
  });

  it("reports mistakes of several kinds together, with their lines", async () => {
    const text = [
      '{"text": "a"}',
      "",
      '{"text": 5}',
      "{text: 1}",
      '["a"]',
      '{"messages": []}',
      '{"text": ""}',
    ].join("\r\n");
    const message = await wrong(text);
    expect(message.split("\n").map((line) => line.replace(/^.*?data.jsonl/, ""))).toEqual([
      expect.stringMatching(/^:3: "text" is a number/),
      expect.stringMatching(/^:4: is not valid JSON \(/),
      expect.stringMatching(/^:5: holds an array/),
      expect.stringMatching(/^:6: "messages" is an empty list/),
      expect.stringMatching(/^:7: "text" is empty/),
    ]);
  });

  it("reports ten mistakes at most", async () => {
    const lines = (await wrong("x\n".repeat(1000))).split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /data\.jsonl:1: is not valid JSON: .* ends with \.csv, .* \(and 9 more rows, the last \S+data\.jsonl:10\)$/,
    );
    expect(lines.at(-1)).toBe("(reading stopped after 10 mistakes)");
  });

  it("mixes forms", async () => {
    expect(await wrong([{ text: "a" }, { prompt: "a", completion: "b" }])).toMatch(
      /:2: is a row of \{prompt, completion\} as text, but \S+data\.jsonl:1 is one of \{text\}/,
    );
  });

  it("holds messages that the template refuses, said with the line", async () => {
    const chat_template =
      "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}<|im_end|>";
    const model = chatModelFolder({ config: { chat_template } });
    const rows = [{ messages: TURNS }, { messages: [{ role: "system", content: "s" }, ...TURNS] }];
    expect(await wrong(rows, { model, assistantOnlyLoss: false })).toMatch(
      /:2: the chat template in .* stops with: no system/,
    );
  });

  it("holds a message of which the vocabulary makes a control token, said with the line", async () => {
    const added = [1, 2].map((id) => ({
      ...{ id, content: ["</s>", "<unk>"][id - 1], special: true },
      ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
    }));
    const vocab = { a: 0, "</s>": 1, "<unk>": 2 };
    const model = chatModelFolder({
      config: {
        ...{ eos_token: "</s>", pad_token: undefined, unk_token: "<unk>" },
        chat_template: "{% for m in messages %}{{ m.content + ' ' }}{% endfor %}</s>",
      },
      files: {
        "tokenizer.json": byteTokenizerJson({
          added_tokens: added,
          pre_tokenizer: { type: "WhitespaceSplit" },
          decoder: null,
          model: { type: "WordLevel", unk_token: "<unk>", vocab },
        }),
      },
    });
    const rowOf = (content: string) => ({ messages: [{ role: "assistant", content }] });
    const options = { model, assistantOnlyLoss: false };
    const refused = await wrong([rowOf("a"), rowOf("a </s> a"), rowOf("a")], options);
    expect(refused).toMatch(/data\.jsonl:2: a message holds the text of a control token/);
    expect(refused).not.toMatch(/:[13]:/);
    // What is merely unknown stands for no control token, also in a text with one that is marked.
    expect(shown(await load([rowOf("b <unk> a")], options))[0]!.ids).toEqual([2, 2, 0, 1]);
  });

  it("holds messages, but there is no template, or none at that path", async () => {
    const model = chatModelFolder({ config: { chat_template: undefined } });
    expect(await wrong([{ messages: TURNS }], { model })).toMatch(/^CHAT_TEMPLATE_MISSING/);
    expect(await wrong([{ messages: TURNS }], { chatTemplatePath: "/nowhere.jinja" })).toMatch(
      /^CHAT_TEMPLATE_UNREADABLE/,
    );
  });

  it.each(["{{ '' }}", "{% for m in messages %}{{ m.content.foo.bar }}{% endfor %}"])(
    "meets the template %s, which writes nothing of the answers",
    async (chat_template) => {
      const model = chatModelFolder({ config: { chat_template } });
      const turns = [{ messages: [{ role: "user", content: "Hi" }] }, { messages: TURNS }];
      const split = [{ prompt: TURNS.slice(0, 1), completion: TURNS.slice(1) }];
      const silent = /the chat template in \S+ writes nothing of the assistant's turns, first at \S+jsonl:/;
      for (const assistantOnlyLoss of [true, false]) {
        const message = await wrong(turns, { model, assistantOnlyLoss });
        expect(message).toMatch(new RegExp(`${silent.source}2 `));
        expect(message).not.toMatch(/max_length/);
        expect(await wrong(split, { model, assistantOnlyLoss })).toMatch(new RegExp(`${silent.source}1 `));
      }
    },
  );

  it("does not go with the loss that was asked for", async () => {
    expect(await wrong([{ text: "a" }], { completionOnlyLoss: true })).toMatch(
      /^LOSS_MASK_MISFIT completion_only_loss/,
    );
    expect(await wrong([{ text: "a" }], { assistantOnlyLoss: true })).toMatch(
      /^LOSS_MASK_MISFIT assistant_only_loss/,
    );
    expect(await wrong([{ messages: TURNS }], { completionOnlyLoss: true })).toMatch(/^LOSS_MASK_MISFIT/);
  });

  it("has conversations without an assistant", async () => {
    expect(await wrong([{ messages: TURNS.slice(0, 1) }])).toMatch(/^DATASET_NOTHING_TO_LEARN/);
  });
});

describe("loadDataset", () => {
  it("has the fingerprint of what was read, from a pipe too", async () => {
    const pipe = join(temporaryFolder(), "pipe");
    const text = '{"text":"a"}\n{"text":"b"}';
    execFileSync("mkfifo", [pipe]);
    const writing = writeFile(pipe, text);
    const tokenizer = await loadTokenizer(chatModelFolder());
    const masks = { completionOnlyLoss: null, assistantOnlyLoss: null, chatTemplatePath: null };
    const options = { path: pipe, tokenizer, maxLength: 8, truncationMode: "drop", ...masks } as const;
    const { rows, fingerprint } = await loadDataset(options);
    await writing;
    await rows.close();
    expect(rows).toHaveLength(2);
    expect(fingerprint).toBe(createHash("sha256").update(text).digest("hex"));
  });

  it("reads a byte order mark, line ends of both kinds, empty lines and a last line without end", async () => {
    const text = '\uFEFF{"text":"a"}\r\n\r\n{"text":"b\u2028c"}\n   \n{"text":"é"}';
    const dataset = await load(text);
    expect(dataset.rows.map(({ id }) => id)).toEqual([0, 1, 2]);
    expect(dataset.rows.map(({ inputIds }) => [...inputIds])).toEqual(
      ["a", "b\u2028c", "é"].map((part) => [...bytes(part), IM_END]),
    );
    expect(dataset.fingerprint).toBe(createHash("sha256").update(text).digest("hex"));
  });

  it("says what the rows are for", async () => {
    const { notes } = await load([{ text: "a" }], { purpose: "evaluation" });
    expect(notes[0]).toBe("data.jsonl: 1 row for evaluation, of {text}; loss on all tokens.");
  });

  it("names the columns that it does not read", async () => {
    const { notes } = await load([
      { text: "a", id: 1 },
      { text: "b", source: "x" },
    ]);
    expect(notes).toContain("Columns not read: id, source.");
  });

  it("encodes thousands of rows in order, block by block", async () => {
    const rows = Array.from({ length: 9000 }, (_, index) => ({ prompt: "row ", completion: String(index) }));
    const { rows: encoded, summary } = await load(rows);
    expect(summary.rows).toBe(9000);
    expect(encoded.map(({ id }) => id)).toEqual(rows.map((_, index) => index));
    expect(encoded.map(({ inputIds }) => [...inputIds])).toEqual(
      rows.map((_, index) => [...bytes(`row ${index}`), IM_END]),
    );
  });

  it("names rows and lines of a later block as they stand in the file", async () => {
    const rows: unknown[] = Array.from({ length: 9000 }, (_, index) => ({ text: `row ${index}` }));
    const changed = [...rows.slice(0, 8000), { prompt: "a", completion: "b" }, ...rows.slice(8001)];
    await expect(load(changed)).rejects.toThrowError(/:8001: .*but \S+:1 is one of \{text\}/);
    const loose = [...rows, { messages: [] }];
    await expect(load(loose)).rejects.toThrowError(/:9001: "messages" is an empty list/);
  });

  it("names mistakes in the order of their lines, whatever finds them", async () => {
    const refused = [{ role: "tool", content: "" }];
    const template = "{{ raise_exception('no tools') }}";
    const model = chatModelFolder({ config: { chat_template: template } });
    await expect(load([{ messages: refused }, { messages: [] }], { model })).rejects.toThrowError(
      /:1: .*no tools.*\n.*:2: "messages" is an empty list/,
    );
  });
});

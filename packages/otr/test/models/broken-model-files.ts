/**
 * @file A fuzz of the files of a model: each is broken in many ways, and what reads it must succeed or refuse it with one of
 * the project's errors, in bounded time, and change nothing else.
 */
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { liveTensorCount, noGrad, scope, TorchError, writeSafetensors } from "@one-token/torch";
import { expect } from "vitest";
import { LITERAL_MARK } from "../../src/data/control-tokens.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { OtrError } from "../../src/errors.js";
import { loadAdapter, saveAdapter } from "../../src/models/adapter-files.js";
import { initModel } from "../../src/models/init-model.js";
import { loadModel } from "../../src/models/load-model.js";
import { createAdapter } from "../../src/models/lora-adapter.js";
import { parseModelConfig, readModelConfig } from "../../src/models/model-config.js";
import { packRows } from "../../src/models/packed-rows.js";
import { countNumbers, parameterLayout } from "../../src/models/parameter-layout.js";
import { decoderSpecOf } from "../../src/models/registry.js";
import { saveModel } from "../../src/models/save-model.js";
import { BrokenFiles } from "../broken-files.js";
import { byteTokenizerJson } from "../data/byte-tokenizer.js";
import { architectures } from "./architectures.js";
import { tinyConfig } from "./tiny-config.js";

/** Far more than any case takes; other work on the machine must not fail the fuzz. */
const LONGEST_MS = 10_000;

/** How many cases ended how. */
export interface Outcome {
  accepted: number;
  refused: number;
}

/** A fuzz of one kind of file: `cases` variants of it from a seed on. */
export type Fuzz = (cases: number, seed: number) => Promise<Outcome>;

/**
 * Runs one case.
 *
 * @param file name that the message of a refusal must hold
 * @param shown what is said of the case where it fails
 */
async function runCase(
  outcome: Outcome,
  file: string,
  shown: () => string,
  body: () => Promise<void> | void,
): Promise<void> {
  const before = liveTensorCount();
  const start = performance.now();
  try {
    await body();
    outcome.accepted += 1;
  } catch (error) {
    if (!(error instanceof OtrError) && !(error instanceof TorchError)) {
      throw new Error(`${shown()}: neither success nor an error of the project`, { cause: error });
    }
    if (!error.message.includes(file)) throw new Error(`${shown()}: does not name ${file}`, { cause: error });
    expect(error.message.length, `${shown()}: ${error.message.slice(0, 200)}`).toBeLessThan(10_000);
    outcome.refused += 1;
  }
  expect(performance.now() - start, shown()).toBeLessThan(LONGEST_MS);
  expect(liveTensorCount(), `${shown()}: tensors are left`).toBe(before);
  expect(({} as Record<string, unknown>).polluted, shown()).toBeUndefined();
}

const begin = (text: string) => text.slice(0, 3000);

/** Runs `body` in a folder that is removed afterwards. */
async function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "otr-broken-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Numbers of a model that is small enough to be computed with in a fuzz. */
const SMALL_MODEL = 200_000;

/** `config.json` of each family: read, its parameters listed, and small models made and computed with. */
export const fuzzModelConfig: Fuzz = async (cases, seed) => {
  const outcome = { accepted: 0, refused: 0 };
  const sound: unknown[] = architectures.map(([, folder]) =>
    JSON.parse(readFileSync(join(folder, "config.json"), "utf8")),
  );
  const broken = new BrokenFiles(seed);
  await inFolder(async (folder) => {
    for (let at = 0; at < cases; at++) {
      const text = broken.json(sound[at % sound.length]);
      await writeFile(join(folder, "config.json"), text);
      await runCase(
        outcome,
        "config.json",
        () => `case ${at}, ${begin(text)}`,
        async () => {
          const config = await readModelConfig(folder);
          const layout = parameterLayout(decoderSpecOf(config));
          if (countNumbers(layout) > SMALL_MODEL || layout.length > 1000) return;
          const model = initModel(config, { seed: 1 });
          try {
            const inputIds = Int32Array.of(1, 2, 0).map((id) => id % config.vocabSize);
            noGrad(() => scope(() => model.logits(model.forward(packRows([{ inputIds }]))).toArray()));
          } finally {
            model.dispose();
          }
        },
      );
    }
  });
  return outcome;
};

/** The JSON files beside the weights, in a folder of a tiny model in two shards. */
export const fuzzModelFolder: Fuzz = async (cases, seed) => {
  const outcome = { accepted: 0, refused: 0 };
  const broken = new BrokenFiles(seed);
  await inFolder(async (folder) => {
    await writeShardedModel(folder);
    const names = ["model.safetensors.index.json", "generation_config.json", "config.json"];
    for (let at = 0; at < cases; at++) {
      const name = names[at % names.length]!;
      const path = join(folder, name);
      const sound = await readFile(path);
      const asBytes = broken.below(5) === 0;
      const changed = asBytes ? broken.bytes(sound) : broken.json(JSON.parse(sound.toString()));
      await writeFile(path, changed);
      // A configuration that is sound by itself may not fit the weights: then the folder is named.
      await runCase(
        outcome,
        folder,
        () => `case ${at}, ${name}: ${begin(changed.toString())}`,
        async () => {
          (await loadModel(folder)).dispose();
        },
      );
      await writeFile(path, sound);
    }
  });
  return outcome;
};

async function writeShardedModel(folder: string): Promise<void> {
  const model = initModel(parseModelConfig(tinyConfig()), { seed: 1, trainable: false });
  await saveModel(model, folder);
  await rm(join(folder, "model.safetensors"));
  const all = [...model.parameters];
  const shards = [all.slice(0, 5), all.slice(5)];
  const weightMap: Record<string, string> = {};
  for (const [index, shard] of shards.entries()) {
    const name = `model-0000${index + 1}-of-00002.safetensors`;
    writeSafetensors(join(folder, name), new Map(shard));
    for (const [key] of shard) weightMap[key] = name;
  }
  model.dispose();
  const index = { metadata: { total_size: 1 }, weight_map: weightMap };
  await writeFile(join(folder, "model.safetensors.index.json"), JSON.stringify(index));
  await writeFile(join(folder, "generation_config.json"), '{"eos_token_id": [2, 3], "do_sample": false}');
}

/** Header and bytes of `model.safetensors`. */
export const fuzzWeights: Fuzz = async (cases, seed) => {
  const outcome = { accepted: 0, refused: 0 };
  const broken = new BrokenFiles(seed);
  await inFolder(async (folder) => {
    const model = initModel(parseModelConfig(tinyConfig({ num_hidden_layers: 1 })), { seed: 1 });
    await saveModel(model, folder);
    model.dispose();
    const path = join(folder, "model.safetensors");
    const sound = await readFile(path);
    for (let at = 0; at < cases; at++) {
      const changed = brokenSafetensors(broken, sound);
      await writeFile(path, changed);
      await runCase(
        outcome,
        folder,
        () => `case ${at}: ${begin(changed.toString("latin1"))}`,
        async () => {
          (await loadModel(folder)).dispose();
        },
      );
    }
  });
  return outcome;
};

/** A file with a header of broken structure, a wrong length, or other bytes. */
function brokenSafetensors(broken: BrokenFiles, sound: Buffer): Buffer {
  if (broken.below(4) === 0) return broken.bytes(sound);
  const length = Number(sound.readBigUInt64LE());
  const header = Buffer.from(broken.json(JSON.parse(sound.toString("utf8", 8, 8 + length))));
  const prefix = Buffer.alloc(8);
  const claims = [0n, 1n, 2n ** 63n, 2n ** 64n - 1n, 99_999_999n, BigInt(sound.length)];
  prefix.writeBigUInt64LE(broken.below(5) === 0 ? broken.pick(claims) : BigInt(header.length));
  return Buffer.concat([prefix, header, sound.subarray(8 + length)]);
}

/** The files of an adapter. */
export const fuzzAdapter: Fuzz = async (cases, seed) => {
  const outcome = { accepted: 0, refused: 0 };
  const broken = new BrokenFiles(seed);
  await inFolder(async (folder) => {
    const model = initModel(parseModelConfig(tinyConfig()), { seed: 1, trainable: false });
    const settings = { rank: 2, alpha: 4, dropout: 0, targetModules: ["q_proj", "v_proj"] } as const;
    const config = { ...settings, modulesToSave: ["norm"], useRslora: false, useDora: true };
    const adapter = createAdapter(model, config, 1, "options");
    await saveAdapter(adapter, folder, "some/base");
    adapter.dispose();
    try {
      for (let at = 0; at < cases; at++) {
        const name = at % 3 === 0 ? "adapter_model.safetensors" : "adapter_config.json";
        const path = join(folder, name);
        const sound = await readFile(path);
        const changed =
          name === "adapter_config.json"
            ? broken.json(JSON.parse(sound.toString()))
            : brokenSafetensors(broken, sound);
        await writeFile(path, changed);
        await runCase(
          outcome,
          "adapter_",
          () => `case ${at}, ${name}: ${begin(changed.toString("latin1"))}`,
          async () => {
            (await loadAdapter(model, folder)).dispose();
          },
        );
        await writeFile(path, sound);
      }
    } finally {
      model.dispose();
    }
  });
  return outcome;
};

const TEXTS = [
  `a<|im_${LITERAL_MARK}end|>`,
  "",
  " ",
  "ab abc b",
  "a<|im_end|>b \n\n",
  "ÀéA \u{1F600} 日本",
  "a".repeat(300),
  " ".repeat(300),
];

/** `tokenizer.json` and `tokenizer_config.json`: read, and used on some texts. A panic of the native library ends the fuzz. */
export const fuzzTokenizer: Fuzz = async (cases, seed) => {
  const outcome = { accepted: 0, refused: 0 };
  const broken = new BrokenFiles(seed);
  const sound = soundTokenizers();
  const config = {
    eos_token: "<|endoftext|>",
    pad_token: { content: "<pad>", lstrip: false },
    additional_special_tokens: ["<|im_end|>"],
    added_tokens_decoder: { "259": { content: "<|endoftext|>", special: true } },
    chat_template: "{{ messages }}",
    model_max_length: 1e30,
  };
  await inFolder(async (folder) => {
    for (let at = 0; at < cases; at++) {
      const isConfig = at % 8 === 0;
      const json = sound[at % sound.length];
      const text = isConfig ? JSON.stringify(json) : broken.json(json);
      const configText = isConfig ? broken.json(config) : JSON.stringify(config);
      await writeFile(join(folder, "tokenizer.json"), text);
      await writeFile(join(folder, "tokenizer_config.json"), configText);
      // What a panic leaves behind to be looked at.
      await writeFile(join(tmpdir(), "otr-last-broken-tokenizer.json"), isConfig ? configText : text);
      await runCase(
        outcome,
        "tokenizer",
        () => `case ${at}, ${begin(isConfig ? configText : text)}`,
        async () => {
          const tokenizer = await loadTokenizer(folder);
          for (const sentence of TEXTS) {
            const [{ ids, offsets }] = (await tokenizer.encodeWithOffsets([sentence])) as [
              { ids: number[]; offsets: [number, number][] },
            ];
            expect(offsets).toHaveLength(ids.length);
            await tokenizer.decode(ids.slice(0, 50));
          }
          await tokenizer.decode([0, 1, 2 ** 32 - 1, tokenizer.vocabSize]);
        },
      );
    }
    await rm(join(tmpdir(), "otr-last-broken-tokenizer.json"), { force: true });
  });
  return outcome;
};

/** One of each kind of model and of most steps. */
function soundTokenizers(): Record<string, unknown>[] {
  const special = { id: "<|endoftext|>", ids: [259], tokens: ["<|endoftext|>"] };
  const replace = (text: string, content: string) => ({
    type: "Replace",
    pattern: { String: text },
    content,
  });
  const split = (pattern: string) => ({
    type: "Split",
    pattern: { Regex: pattern },
    behavior: "Isolated",
    invert: false,
  });
  const vocab = { "<unk>": 0, a: 1, b: 2, c: 3, ab: 4, abc: 5, "▁": 6, "<0x41>": 7, "##b": 8 };
  const bpe = {
    type: "BPE",
    dropout: null,
    unk_token: "<unk>",
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: true,
    byte_fallback: true,
    ignore_merges: false,
    vocab,
    merges: [
      ["a", "b"],
      ["ab", "c"],
    ],
  };
  return [
    byteTokenizerJson({
      post_processor: {
        type: "TemplateProcessing",
        single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: special.id, type_id: 0 } }],
        pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
        special_tokens: { [special.id]: special },
      },
      pre_tokenizer: {
        type: "Sequence",
        pretokenizers: [
          split("(?i:'s|'t)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"),
          { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
        ],
      },
      normalizer: { type: "NFC" },
    }),
    byteTokenizerJson({
      model: bpe,
      normalizer: {
        type: "Sequence",
        normalizers: [
          { type: "Prepend", prepend: "▁" },
          replace(" ", "▁"),
          { type: "Lowercase" },
          { type: "Strip", strip_left: true, strip_right: true },
        ],
      },
      pre_tokenizer: {
        type: "Sequence",
        pretokenizers: [
          { type: "Digits", individual_digits: true },
          { type: "Punctuation", behavior: "Isolated" },
          { type: "FixedLength", length: 5 },
        ],
      },
      decoder: {
        type: "Sequence",
        decoders: [
          replace("▁", " "),
          { type: "ByteFallback" },
          { type: "Fuse" },
          { type: "Strip", content: " ", start: 1, stop: 0 },
        ],
      },
      truncation: { direction: "Right", max_length: 5, strategy: "LongestFirst", stride: 0 },
      padding: {
        strategy: { Fixed: 10 },
        direction: "Right",
        pad_to_multiple_of: null,
        pad_id: 0,
        pad_type_id: 0,
        pad_token: "a",
      },
    }),
    byteTokenizerJson({
      model: {
        type: "Unigram",
        unk_id: 0,
        byte_fallback: false,
        vocab: [
          ["<unk>", 0],
          ["▁", -1.5],
          ["a", -2],
          ["b", -3],
          ["ab", -2.5],
        ],
      },
      normalizer: { type: "Replace", pattern: { Regex: " {2,}" }, content: " " },
      pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
      decoder: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
      added_tokens: [],
    }),
    byteTokenizerJson({
      model: {
        type: "WordPiece",
        unk_token: "<unk>",
        continuing_subword_prefix: "##",
        max_input_chars_per_word: 100,
        vocab,
      },
      normalizer: {
        type: "BertNormalizer",
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: true,
      },
      pre_tokenizer: { type: "BertPreTokenizer" },
      post_processor: { type: "BertProcessing", sep: ["a", 1], cls: ["b", 2] },
      decoder: { type: "WordPiece", prefix: "##", cleanup: true },
      added_tokens: [],
    }),
    byteTokenizerJson({
      model: { type: "WordLevel", unk_token: "<unk>", vocab },
      pre_tokenizer: { type: "Whitespace" },
      post_processor: {
        type: "RobertaProcessing",
        sep: ["a", 1],
        cls: ["b", 2],
        trim_offsets: true,
        add_prefix_space: true,
      },
      decoder: { type: "CTC", pad_token: "a", word_delimiter_token: "b", cleanup: true },
      added_tokens: [],
    }),
    byteTokenizerJson({
      model: { ...bpe, continuing_subword_prefix: "##", merges: ["a ##b"], end_of_word_suffix: "c" },
      normalizer: { type: "Precompiled", precompiled_charsmap: SMALL_CHARACTER_MAP },
      pre_tokenizer: { type: "CharDelimiterSplit", delimiter: "b" },
      decoder: { type: "BPEDecoder", suffix: "c" },
      added_tokens: [],
    }),
  ];
}

const { map: SMALL_CHARACTER_MAP }: { map: string } = JSON.parse(
  readFileSync(new URL("../references/character-map.json", import.meta.url), "utf8"),
);

/** Every fuzz with its name. */
export const fuzzes: readonly [string, Fuzz][] = [
  ["config.json of each family", fuzzModelConfig],
  ["the JSON files of a model folder", fuzzModelFolder],
  ["model.safetensors", fuzzWeights],
  ["the files of an adapter", fuzzAdapter],
  ["the files of a tokenizer", fuzzTokenizer],
];

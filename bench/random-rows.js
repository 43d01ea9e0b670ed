/**
 * @file Models of random weights and rows of random words, for questions about shapes: any vocabulary, every row of
 * exactly as many tokens as asked for.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Calls `use` with a temporary folder, which is gone afterwards. */
export function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "otr-bench-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const word = (id) => `w${id}`;

/**
 * A model folder in the shape of another, without weights (`one-run.js` makes random ones from a seed), whose tokenizer
 * knows one word for each id.
 *
 * @param {string} shape a folder with `config.json`
 * @param {Record<string, unknown>} changes of its config
 */
export function makeModelFolder(folder, shape, changes = {}) {
  const config = { ...JSON.parse(readFileSync(join(shape, "config.json"), "utf8")), ...changes };
  const { vocab_size: vocabulary } = config;
  mkdirSync(folder);
  const write = (name, content) => writeFileSync(join(folder, name), JSON.stringify(content));
  write("config.json", { ...config, bos_token_id: 0, eos_token_id: 0, pad_token_id: null });
  write("tokenizer_config.json", { eos_token: word(0) });
  const vocab = Object.fromEntries(Array.from({ length: vocabulary }, (_, id) => [word(id), id]));
  const end = {
    id: 0,
    content: word(0),
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  };
  write("tokenizer.json", {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [{ ...end, special: true }],
    normalizer: null,
    pre_tokenizer: { type: "WhitespaceSplit" },
    post_processor: null,
    decoder: null,
    model: { type: "WordLevel", vocab, unk_token: word(0) },
  });
  return { folder, config };
}

/** `count` rows of `length` tokens each, all but the first one supervised; the same in every run. */
export function writeRows(path, { count, length, vocabulary }) {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return word(1 + Math.floor((state / 2 ** 32) * (vocabulary - 1)));
  };
  const rows = Array.from({ length: count }, () => {
    // The end token is added to them.
    const completion = Array.from({ length: length - 2 }, next).join(" ");
    return JSON.stringify({ prompt: `${next()} `, completion });
  });
  writeFileSync(path, rows.join("\n"));
  return path;
}

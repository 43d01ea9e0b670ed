/**
 * @file `node fuzz-patterns.js SEED COUNT`: random patterns of a small grammar, those that are taken for quick each on texts
 * that they match and fail on over and over. Prints a JSON line: how many were taken, and the slowest. To be killed by whoever
 * waits for it: what the library has begun nobody can end.
 */
import { Tokenizer } from "tokenizers";
import { patternCost } from "../../dist/data/pattern-cost.js";

let [seed = 1, count = 100] = process.argv.slice(2).map(Number);

/** @param {number} limit */
function random(limit) {
  seed = (seed * 1664525 + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * limit);
}
/** @param {readonly string[]} choices */
const pick = (choices) => /** @type {string} */ (choices[random(choices.length)]);
/** @param {number} most @param {() => string} make */
const some = (most, make) => Array.from({ length: 1 + random(most) }, make);

const ATOMS = ["a", "b", "[ab]", "\\w", ".", "[^b]", "\\s", "$", "c"];
/** @param {number} depth @returns {string} */
const alternatives = (depth) =>
  some(2, () =>
    some(3, () => atom(depth) + pick(["", "", "*", "+", "?", "{1,3}", "*?", "++", "{2}"])).join(""),
  ).join("|");
/** @param {number} depth */
const atom = (depth) =>
  depth > 0 && random(3) === 0
    ? `${pick(["(", "(?:", "(?>", "(?=", "(?!"])}${alternatives(depth - 1)})`
    : pick(ATOMS);

const TEXTS = ["a".repeat(20_000), "ab".repeat(10_000), "aab ".repeat(5000), `${"a".repeat(19_999)}c`];

/** @param {string} pattern */
function splitting(pattern) {
  const split = { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false };
  const model = { type: "BPE", vocab: { x: 0 }, merges: [] };
  try {
    return Tokenizer.fromString(
      JSON.stringify({ version: "1.0", added_tokens: [], pre_tokenizer: split, model }),
    );
  } catch {
    return null;
  }
}

let slowest = { pattern: "", milliseconds: 0 };
let taken = 0;
while (taken < count) {
  const pattern = alternatives(2);
  try {
    if (patternCost(pattern).isQuadratic) continue;
  } catch {
    continue;
  }
  const tokenizer = splitting(pattern);
  if (tokenizer === null) continue;
  taken++;
  // Of the processor: other tests may run beside this.
  const start = process.cpuUsage();
  await tokenizer.encodeBatch(TEXTS, { addSpecialTokens: false });
  const { user, system } = process.cpuUsage(start);
  const milliseconds = (user + system) / 1000;
  if (milliseconds > slowest.milliseconds) slowest = { pattern, milliseconds };
}
console.log(JSON.stringify({ taken, slowest }));

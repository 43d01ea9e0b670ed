/**
 * @file Refuses a `tokenizer.json` that would end the process.
 *
 * The tokenizers library (0.23) reports most mistakes, but answers some with a panic, which no `catch` can see (its issues
 * 2094 and 2198 are two of them). Each rule here is one of those; the fuzz of the tokenizer looks for more.
 */
import { characterMapProblem } from "./character-map.js";
import { type PatternCost, patternCost } from "./pattern-cost.js";

type Json = Readonly<Record<string, unknown>>;

/** More steps than any published tokenizer has, one inside the other or one after the other. */
const MOST_STEPS = 64;
/** How many times as long replacements may make a text, all of them together. */
const MOST_GROWTH = 1000;
/** Characters of a text for which a pattern that takes the square of them needs some seconds at most. */
const LONGEST_SQUARED = 10_000;

/** The parts that are made of steps, with the name under which a sequence has them. */
const PARTS = {
  normalizer: "normalizers",
  pre_tokenizer: "pretokenizers",
  post_processor: "processors",
  decoder: "decoders",
} as const;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/**
 * @param tokenizer content of a `tokenizer.json`
 * @param largestId of its vocabulary and added tokens
 * @returns how many characters a text may have that the tokenizer is given: fewer than infinitely many where the time that
 *   one of its patterns takes may grow with their square
 * @throws {Error} with a sentence on the first thing in it that the library cannot be trusted with
 */
export function checkTokenizer(tokenizer: Json, largestId: number): number {
  let isQuadratic = false;
  let wholeGrowth = 1;
  for (const [part, key] of Object.entries(PARTS)) {
    let growth = 1;
    for (const step of stepsOf(tokenizer[part], part, key)) {
      if (checkStep(step, part, largestId)) isQuadratic = true;
      growth *= growthOf(step);
    }
    if (growth > MOST_GROWTH) throw new Error(`${part} makes a text up to ${growth} times as long`);
    if (part === "normalizer" || part === "pre_tokenizer") wholeGrowth *= growth;
  }
  if (isObject(tokenizer.model)) checkMerges(tokenizer.model);
  return isQuadratic ? Math.floor(LONGEST_SQUARED / wholeGrowth) : Number.POSITIVE_INFINITY;
}

/** The steps of a part, sequences taken apart. */
function stepsOf(value: unknown, part: string, key: string): Json[] {
  const steps: Json[] = [];
  const open: { step: unknown; depth: number }[] = [{ step: value ?? null, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { step, depth } = next;
    if (step === null && depth === 0) continue;
    if (!isObject(step)) throw new Error(`${part} has a step that is no object`);
    if (typeof step.type !== "string") throw new Error(`${part} has a step without a type`);
    if (steps.length + open.length >= MOST_STEPS || depth >= MOST_STEPS) {
      throw new Error(`${part} has more than ${MOST_STEPS} steps`);
    }
    if (step.type !== "Sequence") {
      steps.push(step);
      continue;
    }
    const inner = step[key];
    if (!Array.isArray(inner)) throw new Error(`${part} has a Sequence without ${key}`);
    if (inner.length > MOST_STEPS) throw new Error(`${part} has more than ${MOST_STEPS} steps`);
    for (const each of inner) open.push({ step: each, depth: depth + 1 });
  }
  return steps;
}

/** @returns whether its time may grow with the square of a text's length */
function checkStep(step: Json, part: string, largestId: number): boolean {
  const wrong = (sentence: string): never => {
    throw new Error(`${part}: ${step.type} ${sentence}`);
  };
  switch (step.type) {
    case "Replace": {
      const { matchesNothing, isQuadratic } = costOf(step, wrong);
      if (matchesNothing) wrong("has a pattern that matches nothing too, so it has no end");
      return isQuadratic;
    }
    case "Split":
      return costOf(step, wrong).isQuadratic;
    case "Prepend":
      if (step.prepend === "") wrong("has nothing to prepend");
      break;
    case "Precompiled": {
      const map = step.precompiled_charsmap;
      const problem = typeof map === "string" ? characterMapProblem(map) : "is no text";
      if (problem !== null) wrong(`has a precompiled_charsmap that ${problem}`);
      break;
    }
    case "FixedLength":
      if (!isCount(step.length) || step.length === 0) wrong("needs a length of 1 or more");
      break;
    case "Strip":
      if (part === "decoder" && step.stop !== 0)
        wrong("with a stop other than 0 fails on tokens that are shorter");
      break;
    case "TemplateProcessing":
      checkTemplate(step, largestId, wrong);
      break;
    case "BertProcessing":
    case "RobertaProcessing":
      for (const name of ["sep", "cls"]) {
        const token = step[name];
        if (!Array.isArray(token) || !isTokenId(token[1], largestId))
          wrong(`has a token ${name} whose id is not in the vocabulary`);
      }
      break;
  }
  return false;
}

const isTokenId = (id: unknown, largestId: number): boolean => isCount(id) && id <= largestId;

/** What a step's pattern costs; it is refused where it could take very long. */
function costOf({ pattern }: Json, wrong: (sentence: string) => never): PatternCost {
  const { String: text, Regex: expression } = isObject(pattern) ? pattern : {};
  if (typeof text === "string") return { matchesNothing: text === "", isQuadratic: false };
  if (typeof expression !== "string") return wrong("has no pattern");
  try {
    return patternCost(expression);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return wrong(
      `has a pattern that ${reason}, which can take very long: ${JSON.stringify(expression.slice(0, 60))}`,
    );
  }
}

/** A template may only name the text itself and tokens that it describes, and those must be in the vocabulary. */
function checkTemplate(step: Json, largestId: number, wrong: (sentence: string) => never): void {
  const tokens = isObject(step.special_tokens) ? step.special_tokens : {};
  for (const [name, token] of Object.entries(tokens)) {
    const ids = isObject(token) && Array.isArray(token.ids) ? token.ids : [null];
    if (!ids.every((id) => isTokenId(id, largestId)))
      wrong(`has the token ${JSON.stringify(name.slice(0, 60))} whose ids are not in the vocabulary`);
  }
  for (const name of ["single", "pair"]) {
    const pieces = step[name];
    for (const piece of Array.isArray(pieces) ? pieces : wrong(`has no list ${name}`)) {
      const { SpecialToken: token, Sequence: sequence } = isObject(piece) ? piece : {};
      const isKnown = isObject(token) && typeof token.id === "string" && Object.hasOwn(tokens, token.id);
      const isText = isObject(sequence) && (sequence.id === "A" || (sequence.id === "B" && name === "pair"));
      if (!isKnown && !isText)
        wrong(`names in ${name} what it does not describe: ${JSON.stringify(piece)?.slice(0, 60)}`);
    }
  }
}

/** How many times as long a step can make a text. */
function growthOf(step: Json): number {
  if (step.type === "ByteLevel") return 2;
  if (step.type === "Prepend") return typeof step.prepend === "string" ? 1 + step.prepend.length : 1;
  if (step.type !== "Replace" || typeof step.content !== "string") return 1;
  const { String: text } = isObject(step.pattern) ? step.pattern : {};
  return Math.max(1, step.content.length / (typeof text === "string" ? Math.max(1, text.length) : 1));
}

/**
 * The library writes each merge into as many bytes as the longest token has, and only then looks whether there is such a
 * token.
 */
function checkMerges({ vocab, merges, continuing_subword_prefix: prefix }: Json): void {
  if (!Array.isArray(merges) || merges.length === 0 || !isObject(vocab)) return;
  let longest = 0;
  for (const token in vocab) {
    // No token has more than 3 bytes for each unit of JavaScript's texts.
    if (3 * token.length > longest) longest = Math.max(longest, Buffer.byteLength(token));
  }
  const start = typeof prefix === "string" ? prefix : "";
  for (const [index, merge] of merges.entries()) {
    const pair: unknown = typeof merge === "string" ? merge.split(" ") : merge;
    if (!Array.isArray(pair) || pair.length !== 2) continue;
    const [left, right] = pair as [unknown, unknown];
    if (typeof left !== "string" || typeof right !== "string") continue;
    const isFitting =
      right.startsWith(start) &&
      (3 * (left.length + right.length) <= longest ||
        Buffer.byteLength(left) + Buffer.byteLength(right) - Buffer.byteLength(start) <= longest);
    if (!isFitting) {
      const shown = JSON.stringify(`${left} ${right}`.slice(0, 60));
      throw new Error(`model: merge ${index + 1}, ${shown}, makes a token that is not in the vocabulary`);
    }
  }
}

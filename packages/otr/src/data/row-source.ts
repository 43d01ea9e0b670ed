/** @file The text of a row, and where it is learned, for a person to look at. */
import { countCodePoints } from "./count-code-points.js";

type Span = readonly [start: number, end: number];

/** Where the tokens of a row come from. All positions are in Unicode code points of its text. */
export interface RowTrace {
  /** The part of the text that each token stands for; empty for a token that the tokenizer puts around a text. */
  readonly offsets: readonly Span[];
  /** A token is learned when its first character lies in one of these, which ascend. */
  readonly trainedSpans: readonly Span[];
}

/** What is known of a row's text; see {@link RowSource}. */
interface RowFacts {
  readonly text: string;
  /** Offsets of the tokens as they were encoded; made anew when they are asked for, because they cost as much as all else. */
  readonly offsets: () => Promise<readonly Span[]>;
  /** Code points at the end of the text that stand for the last token although it was not encoded: the end token. */
  readonly addedEnd: number;
  /** The parts that are learned; null: all. */
  readonly spans: readonly Span[] | null;
  /** The first token that is learned at all. */
  readonly learnedFrom: number;
}

/** The text of a row before truncation. */
export class RowSource {
  readonly #facts: RowFacts;

  constructor(facts: RowFacts) {
    this.#facts = facts;
  }

  get text(): string {
    return this.#facts.text;
  }

  async trace(): Promise<RowTrace> {
    const { text, addedEnd, spans, learnedFrom } = this.#facts;
    const length = countCodePoints(text);
    const encoded = await this.#facts.offsets();
    const offsets: readonly Span[] =
      addedEnd === 0 ? encoded : [...encoded.slice(0, -1), [length - addedEnd, length]];
    const start = learnedFrom === 0 ? 0 : (offsets[learnedFrom]?.[0] ?? length);
    const trainedSpans = (spans ?? [[0, length]])
      .map(([first, end]) => [Math.max(first, start), end] as const)
      .filter(([first, end]) => first < end);
    return { offsets, trainedSpans };
  }
}

/** @file Which texts occur more than once, without keeping them: 16 bytes a text. */
import { createHash } from "node:crypto";

/** Two rows of the same text. */
export interface Repetition {
  readonly row: number;
  /** The row that has the text first. */
  readonly sameAs: number;
}

/** Rows that repeat others. */
export interface Repetitions {
  readonly count: number;
  /** The first few. */
  readonly examples: readonly Repetition[];
}

const MOST_EXAMPLES = 5;

/** Hashes of the texts of rows, of 53 bits: among ten million texts a chance match is one in two hundred. */
export class TextHashes {
  #hashes = new Float64Array(1024);
  #rows = new Uint32Array(1024);
  #count = 0;
  #order: Uint32Array | null = null;

  /** Rows come in ascending order. */
  add(row: number, text: string): void {
    if (this.#count === this.#hashes.length) {
      this.#hashes = enlarged(this.#hashes, new Float64Array(2 * this.#count));
      this.#rows = enlarged(this.#rows, new Uint32Array(2 * this.#count));
    }
    this.#hashes[this.#count] = hashOf(text);
    this.#rows[this.#count] = row;
    this.#count += 1;
    this.#order = null;
  }

  /** The rows whose text an earlier row has. */
  repeated(): Repetitions {
    const order = this.#sorted();
    const found: Repetition[] = [];
    let first = 0;
    for (let at = 1; at < order.length; at++) {
      if (this.#hashes[order[at]!] !== this.#hashes[order[first]!]) first = at;
      else found.push({ row: this.#rows[order[at]!]!, sameAs: this.#rows[order[first]!]! });
    }
    return summed(found);
  }

  /** The rows of `others` whose text is among these. */
  sharedBy(others: TextHashes): Repetitions {
    const [mine, theirs] = [this.#sorted(), others.#sorted()];
    const found: Repetition[] = [];
    let at = 0;
    for (const index of theirs) {
      const hash = others.#hashes[index]!;
      while (at < mine.length && this.#hashes[mine[at]!]! < hash) at += 1;
      if (at < mine.length && this.#hashes[mine[at]!] === hash) {
        found.push({ row: others.#rows[index]!, sameAs: this.#rows[mine[at]!]! });
      }
    }
    return summed(found);
  }

  /** Indices by hash; those of one hash stay in order. */
  #sorted(): Uint32Array {
    const hashes = this.#hashes;
    this.#order ??= Uint32Array.from({ length: this.#count }, (_, index) => index).sort(
      (a, b) => hashes[a]! - hashes[b]!,
    );
    return this.#order;
  }
}

function summed(found: Repetition[]): Repetitions {
  return { count: found.length, examples: found.sort((a, b) => a.row - b.row).slice(0, MOST_EXAMPLES) };
}

function hashOf(text: string): number {
  const digest = createHash("sha256").update(text).digest();
  return digest.readUIntBE(0, 6) * 32 + (digest[6]! & 31);
}

function enlarged<Numbers extends Float64Array | Uint32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

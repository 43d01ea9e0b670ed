/** @file Characters that a tokenizer has no token for: it drops them, or writes its unknown token, in silence. */
import { withoutLiteralMarks } from "./control-tokens.js";
import type { TokenizedText } from "./tokenized-text.js";
import { asObject, type Json, tokenIds } from "./tokenizer-json.js";

/** What becomes of a character without a token. */
export interface CharacterLoss {
  /** The token for all of them; null: they are dropped. */
  readonly unknownId: number | null;
}

/** Null for a tokenizer of words, and for one that writes every character: it falls back to bytes, or is made of them. */
export function characterLoss(tokenizer: Json): CharacterLoss | null {
  const { pre_tokenizer: split, normalizer } = tokenizer;
  const model = asObject(tokenizer.model);
  if (model.type === "WordLevel" || model.byte_fallback === true) return null;
  if (JSON.stringify([split, normalizer]).includes('"ByteLevel"')) return null;
  if (typeof model.unk_id === "number") return { unknownId: model.unk_id };
  const id = typeof model.unk_token === "string" ? tokenIds(tokenizer).get(model.unk_token) : undefined;
  return { unknownId: id ?? null };
}

/** Finds the characters in texts that a tokenizer has no token for. White space is not looked at. */
export class LostCharacters {
  /** Whether each character that was met is lost. */
  readonly #known = new Map<string, boolean>();
  readonly #loss: CharacterLoss;
  readonly #tokens: readonly string[];
  readonly #encode: (texts: readonly string[]) => Promise<readonly (readonly number[])[]>;

  /**
   * @param tokens whose text is taken as a whole
   * @param encode each text by itself: offsets in longer ones are wrong behind a character that was dropped
   */
  constructor(
    loss: CharacterLoss,
    tokens: readonly string[],
    encode: (texts: readonly string[]) => Promise<readonly (readonly number[])[]>,
  ) {
    this.#loss = loss;
    this.#tokens = tokens;
    this.#encode = encode;
  }

  /** For each text the characters that are lost, each once. */
  async find(texts: readonly string[]): Promise<string[][]> {
    const characters = texts.map((text) => this.#charactersOf(text));
    const unknown = [...new Set(characters.flat())].filter((character) => !this.#known.has(character));
    const encoded = unknown.length === 0 ? [] : await this.#encode(unknown);
    for (const [at, character] of unknown.entries()) {
      this.#known.set(
        character,
        encoded[at]!.every((id) => id === this.#loss.unknownId),
      );
    }
    return characters.map((of) => of.filter((character) => this.#known.get(character)));
  }

  #charactersOf(text: string): string[] {
    const plain = this.#tokens.reduce((rest, token) => rest.replaceAll(token, " "), text);
    return [...new Set(plain)].filter((character) => character.trim() !== "");
  }
}

/**
 * A text without some characters, and the way back.
 *
 * @param text may hold marks, which count as no characters
 */
export function withoutCharacters(
  text: string,
  lost: readonly string[],
): { text: string; restore: (offsets: TokenizedText["offsets"]) => TokenizedText["offsets"] } {
  const characters = [...text];
  const kept = characters.filter((character) => !lost.includes(character));
  const positions: number[] = [];
  for (const [at, character] of [...withoutLiteralMarks(text)].entries()) {
    if (!lost.includes(character)) positions.push(at);
  }
  const restore = (offsets: TokenizedText["offsets"]) =>
    offsets.map(([start, end]): readonly [number, number] =>
      start === end
        ? [positions[start] ?? 0, positions[start] ?? 0]
        : [positions[start]!, positions[end - 1]! + 1],
    );
  return { text: kept.join(""), restore };
}

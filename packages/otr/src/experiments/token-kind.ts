/** What a token's text is made of: the groups of the token-level view. */
export type TokenKind = "digits" | "letters" | "white space" | "marks" | "mixed" | "no text";

const KINDS: readonly (readonly [kind: TokenKind, pattern: RegExp])[] = [
  ["no text", /^$/],
  ["white space", /^\s+$/],
  ["digits", /^\s*\p{N}+$/u],
  ["letters", /^\s*[\p{L}\p{M}]+$/u],
  ["marks", /^\s*[\p{P}\p{S}]+$/u],
];

/** The kind of a token's text; white space in front of other characters does not count. */
export const tokenKind = (text: string): TokenKind =>
  KINDS.find(([, pattern]) => pattern.test(text))?.[0] ?? "mixed";

/** @file Methods of text that templates expect to work as in Python, where the template engine does them otherwise. */

/** What Python's `str.isspace` takes for white space: not what JavaScript does. */
const WHITE_SPACE =
  "\t\n\v\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a" +
  "\u2028\u2029\u202f\u205f\u3000";

/**
 * The result of a method or filter.
 * @param argument its first argument; undefined without one
 * @returns null where the engine is as good
 */
export function pythonText(name: string, text: string, argument: unknown): string | null {
  switch (name) {
    case "strip":
    case "trim":
      return stripStart(stripEnd(text, argument), argument);
    case "lstrip":
      return stripStart(text, argument);
    case "rstrip":
      return stripEnd(text, argument);
    case "capitalize":
      return text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase();
    default:
      return null;
  }
}

function stripStart(text: string, argument: unknown): string {
  const stripped = strippedCharacters(argument);
  let start = 0;
  for (const character of text) {
    if (!stripped.has(character)) break;
    start += character.length;
  }
  return text.slice(start);
}

function stripEnd(text: string, argument: unknown): string {
  const stripped = strippedCharacters(argument);
  let end = text.length;
  while (end > 0) {
    const isPair = end > 1 && text.codePointAt(end - 2)! > 0xffff;
    const start = end - (isPair ? 2 : 1);
    if (!stripped.has(text.slice(start, end))) break;
    end = start;
  }
  return text.slice(0, end);
}

function strippedCharacters(argument: unknown): ReadonlySet<string> {
  if (argument === undefined || argument === null) return new Set(WHITE_SPACE);
  if (typeof argument === "string") return new Set(argument);
  throw new Error("strip takes the characters to strip as a text");
}

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parsePythonLiteral, pythonStr } from "../../src/data/python-literal.js";

const { literals }: { readonly literals: readonly { readonly text: string; readonly str: string | null }[] } =
  JSON.parse(readFileSync(new URL("../references/python.json", import.meta.url), "utf8"));

/** What Python reads and this program does not: numbers that are complex, sets, texts of other notations. */
const UNREAD = new Set(["['\\x41']", "['é\\u00e9']", "['a' 'b']", "[u'a']", "[1j]", "[{1}]"]);

it.each(literals)("$text", ({ text, str }) => {
  const value = parsePythonLiteral(text);
  if (str === null || UNREAD.has(text)) expect(value).toBeUndefined();
  else expect(pythonStr(value!)).toBe(str);
});

/**
 * @file Lines of a chat template, for errors: the template engine knows no positions. Syntax errors are placed by the
 * token that the parser looked at last, statements by counting them in the source.
 */

interface Token {
  readonly type: string;
  readonly value: string;
}
interface Statement {
  readonly type: string;
}

/** A parsed template, or what is wrong with it. */
export type ParsedTemplate<Program> =
  | { readonly program: Program }
  | { readonly problem: string; readonly error: unknown };

/** An opening of a tag in the source: `{% word`, `{{`, or `{#`. */
interface Opening {
  readonly kind: "statement" | "expression" | "comment";
  /** Its first word. */
  readonly start: string;
  /** What it prints where it is nothing but a text in quotes. */
  readonly literal: string | null;
  readonly line: number;
}

/** Parses a template; a problem names its line. */
export function parseWithLines<Program>(
  source: string,
  tokenize: (source: string) => Token[],
  parse: (tokens: Token[]) => Program,
): ParsedTemplate<Program> {
  let tokens: Token[];
  try {
    tokens = tokenize(source);
  } catch (error) {
    const line = lineOfLexerError(source, tokenize, messageOf(error));
    return { problem: `${messageOf(error)} (line ${line})`, error };
  }
  let furthest = 0;
  const watched = new Proxy(tokens, {
    get(target, key, receiver) {
      const index = typeof key === "string" ? Number(key) : Number.NaN;
      if (index < target.length) furthest = Math.max(furthest, index);
      return Reflect.get(target, key, receiver);
    },
  });
  try {
    return { program: parse(watched) };
  } catch (error) {
    // The parser reads past its last token, instead of complaining, where a block is left open.
    if (error instanceof TypeError) {
      return {
        problem: "it ends inside a block (each {% for %}, {% if %} and {% macro %} needs its {% end... %})",
        error,
      };
    }
    const isTag = ({ type }: Token) =>
      type === "OpenStatement" || type === "OpenExpression" || type === "Comment";
    const tags = tokens.slice(0, furthest + 1).filter(isTag).length;
    const opening = openingsOf(source).filter(({ start }) => !/^(end)?generation$/.test(start))[tags - 1];
    const place = opening === undefined ? "" : ` (line ${opening.line})`;
    return { problem: `${messageOf(error)}${place}`, error };
  }
}

/** The first line with which the beginning of the source has the error. */
function lineOfLexerError(source: string, tokenize: (source: string) => Token[], message: string): number {
  const lines = source.split("\n");
  let [without, withError] = [0, lines.length];
  while (withError - without > 1) {
    const middle = Math.floor((without + withError) / 2);
    if (failsWith(message, () => tokenize(lines.slice(0, middle).join("\n")))) withError = middle;
    else without = middle;
  }
  return withError;
}

function failsWith(message: string, run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch (error) {
    return messageOf(error) === message;
  }
}

/** The lines that the statements of a program begin in; empty where source and program do not match one to one. */
export function statementLines(source: string, program: Statement): WeakMap<object, number> {
  const lines = new WeakMap<object, number>();
  const openings = openingsOf(source).filter(
    ({ kind, start }) => kind !== "statement" || !/^(else|end\w+|generation)$/.test(start),
  );
  const nodes = statementsOf(program);
  let next = 0;
  for (const node of nodes) {
    const opening = openings[next];
    // Text between tags is a literal too.
    if (node.type === "StringLiteral" && opening?.literal !== Reflect.get(node, "value")) continue;
    if (opening === undefined) return new WeakMap();
    lines.set(node, opening.line);
    next += 1;
  }
  return next === openings.length ? lines : new WeakMap();
}

/** All statements of a program in the order of the source. */
function statementsOf(program: Statement): Statement[] {
  const found: Statement[] = [];
  const visit = (node: Statement) => {
    for (const name of ["body", "alternate", "defaultBlock"]) {
      const block: unknown = Reflect.get(node, name);
      if (!Array.isArray(block)) continue;
      for (const statement of block as Statement[]) {
        found.push(statement);
        visit(statement);
      }
    }
  };
  visit(program);
  return found;
}

function openingsOf(source: string): Opening[] {
  const openings: Opening[] = [];
  const tag = /\{([%{#])-?\s*(\w*)/g;
  let line = 1;
  let counted = 0;
  for (let match = tag.exec(source); match !== null; match = tag.exec(source)) {
    for (; counted < match.index; counted++) if (source[counted] === "\n") line += 1;
    const kind = match[1] === "%" ? "statement" : match[1] === "{" ? "expression" : "comment";
    const start = match[2]!;
    const after = match.index + match[0].length - start.length;
    const end = kind === "comment" ? endOfComment(source, after) : endOfTag(source, after);
    const literal = kind === "expression" ? literalText(source.slice(after, end)) : null;
    openings.push({ kind, start, literal, line });
    tag.lastIndex = end;
  }
  return openings;
}

const LITERAL = /^(['"])((?:\\.|(?!\1)[^\\])*)\1\s*-?\}\}$/s;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
]);

/** The text of `'...' }}`; null for any other expression. */
function literalText(expression: string): string | null {
  const [, , text] = LITERAL.exec(expression) ?? [];
  return text?.replace(/\\(.)/gs, (_, character: string) => ESCAPES.get(character) ?? character) ?? null;
}

function endOfComment(source: string, from: number): number {
  const end = source.indexOf("#}", from);
  return end < 0 ? source.length : end + 2;
}

/** Behind the `%}` or `}}` that is in no quotes. */
function endOfTag(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const character = source[at]!;
    if (character === "'" || character === '"') {
      for (at += 1; at < source.length && source[at] !== character; at++) if (source[at] === "\\") at += 1;
    } else if (character === "{") depth += 1;
    else if (depth > 0 && character === "}") depth -= 1;
    else if (source.startsWith("%}", at) || source.startsWith("}}", at)) return at + 2;
  }
  return source.length;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

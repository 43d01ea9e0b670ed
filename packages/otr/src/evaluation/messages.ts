/** @file A prompt as turns, before it is one text: examples, question, and the beginning of the answer. */

/** A turn, and what follows it where turns are written one behind the other. */
export interface Turn {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
  readonly delimiter: string;
}

/** A turn as chat templates take it. */
export type ChatTurn = Pick<Turn, "role" | "content">;

/** A question with its answer, or with the beginning of one. */
export interface Question {
  readonly question: string;
  readonly answer?: string;
  /** What the answer begins with. */
  readonly prefix: string | null;
  /** Between question and answer. */
  readonly targetDelimiter: string;
  /** Behind the answer. */
  readonly fewShotDelimiter: string;
}

/** The turns of a question (`build_qa_turn` of the harness). */
export function questionTurns({
  question,
  answer = "",
  prefix,
  targetDelimiter,
  fewShotDelimiter,
}: Question): Turn[] {
  const hasPrefix = prefix !== null && prefix !== "";
  const isSetApart = hasPrefix ? question !== "" && !touchesSpace(question, prefix) : answer !== "";
  const user: Turn = { role: "user", content: question, delimiter: isSetApart ? targetDelimiter : "" };
  if (answer !== "") {
    return [user, { role: "assistant", content: joined(prefix ?? "", answer), delimiter: fewShotDelimiter }];
  }
  return hasPrefix ? [user, { role: "assistant", content: prefix, delimiter: "" }] : [user];
}

/** Two texts with a delimiter between them, unless one of them is empty or there is white space at the seam. */
export function joined(first: string, second: string, delimiter = " "): string {
  return first === "" || second === "" || touchesSpace(first, second)
    ? first + second
    : first + delimiter + second;
}

const touchesSpace = (first: string, second: string): boolean => /\s$/u.test(first) || /^\s/u.test(second);

/** The turns as one text. */
export const plainPrompt = (turns: readonly Turn[]): string =>
  turns.map(({ content, delimiter }) => content + delimiter).join("");

/**
 * The turns as a conversation.
 * @param isMultiturn whether examples are turns of their own; otherwise they stand in the user's turn, before the question
 */
export function conversation(turns: readonly Turn[], isMultiturn: boolean): ChatTurn[] {
  const bare = ({ role, content }: Turn): ChatTurn => ({ role, content });
  if (isMultiturn) return turns.map(bare);
  const system = turns.filter(({ role }) => role === "system");
  const last = turns.at(-1)!;
  const opened = last.role === "assistant" ? [last] : [];
  const asked = turns.slice(system.length, turns.length - opened.length);
  const question = asked.at(-1)!;
  const content = plainPrompt(asked.slice(0, -1)) + question.content;
  return [...system.map(bare), { role: "user", content }, ...opened.map(bare)];
}

/** @file Answers that only one of two objectives has right. */
import type { ReportedFlip, ReportedTask } from "./report.js";
import type { SeedSamples } from "./seed-samples.js";
import type { TaskSample } from "./task-samples.js";

/** Examples of each kind that a report holds, and characters of a prompt's end and of an answer. */
const MOST_EXAMPLES = 12;
const MOST_CHARACTERS = 600;

/** Counts the flips of all seeds, and has some of them as examples. */
export function findFlips(
  firstSamples: SeedSamples,
  secondSamples: SeedSamples,
): Omit<ReportedTask["flips"][number], "first" | "second"> {
  const pairs = [...firstSamples].flatMap(([seed, samples]) => {
    const others = secondSamples.get(seed)!;
    return samples.flatMap((one, at) => {
      const other = others[at]!;
      return one.score === other.score ? [] : [{ seed, one, other }];
    });
  });
  const ofFirst = pairs.filter(({ one, other }) => one.score > other.score);
  const ofSecond = pairs.filter(({ one, other }) => other.score > one.score);
  const examples = [...ofFirst.slice(0, MOST_EXAMPLES), ...ofSecond.slice(0, MOST_EXAMPLES)];
  return {
    only_first: ofFirst.length,
    only_second: ofSecond.length,
    examples: examples.map(
      ({ seed, one, other }): ReportedFlip => ({
        task: one.task,
        doc_id: one.docId,
        seed,
        // What is asked stands at the end, behind the examples.
        prompt: one.prompt.length > MOST_CHARACTERS ? `… ${one.prompt.slice(-MOST_CHARACTERS)}` : one.prompt,
        target: shortened(one.target),
        first: answerOf(one),
        second: answerOf(other),
      }),
    ),
  };
}

const answerOf = ({ answer, response, score }: TaskSample): ReportedFlip["first"] => ({
  answer: shortened(answer),
  response: shortened(response),
  score,
});

const shortened = (text: string): string =>
  text.length > 2 * MOST_CHARACTERS
    ? `${text.slice(0, MOST_CHARACTERS)} … ${text.slice(-MOST_CHARACTERS)}`
    : text;

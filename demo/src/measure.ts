import { loadModel, loadTokenizer } from "one-token-rollout";
import type { RunResult, RunSpecification } from "./run-specification.js";
import { ANSWER_TOKENS, percentRight, score } from "./score.js";

type Measurement = Omit<RunResult, "trainingSeconds" | "evaluationSeconds">;

/** Answers all questions with the model in `folder`. `onProgress` hears what share of them, 0 to 1, is answered. */
export async function measure(
  folder: string,
  { evaluation, sampleTest }: Pick<RunSpecification, "evaluation" | "sampleTest">,
  onProgress: (share: number) => void,
): Promise<Measurement> {
  const model = await loadModel(folder, { dtype: "float32", device: "cpu" });
  try {
    const tokenizer = await loadTokenizer(folder);
    const greedy = { maxNewTokens: ANSWER_TOKENS.target, temperature: 0 };
    const test = await score(model, tokenizer, evaluation.test, greedy);
    onProgress(0.35);
    const hard = await score(model, tokenizer, evaluation.hard, greedy);
    onProgress(0.7);
    const sampled = sampleTest
      ? await score(model, tokenizer, evaluation.test, { ...greedy, temperature: 1, seed: 1 })
      : null;
    const otherItems = Object.values(evaluation.other).flat();
    const brief = { maxNewTokens: ANSWER_TOKENS.other, temperature: 0 };
    const other = await score(model, tokenizer, otherItems, brief);
    onProgress(1);
    return {
      accuracy: {
        test: test.accuracy,
        hard: hard.accuracy,
        other: other.accuracy,
        sampled: sampled?.accuracy ?? null,
      },
      otherSkills: bySkill(evaluation.other, other.right),
      hardAnswers: hard.answers,
    };
  } finally {
    model.dispose();
  }
}

/** Accuracy in percent of each skill; `right` follows the order of the skills' items. */
function bySkill(
  skills: Readonly<Record<string, readonly unknown[]>>,
  right: readonly boolean[],
): Record<string, number> {
  let start = 0;
  const accuracies = Object.entries(skills).map(([skill, items]) => {
    const ownRight = right.slice(start, start + items.length);
    start += items.length;
    return [skill, percentRight(ownRight)] as const;
  });
  return Object.fromEntries(accuracies);
}

/** @file Instructions to answer twice, or to repeat the question. */
import { strip, type InstructionKind } from "./instruction.js";

/** Two answers that differ, between six stars. */
export const twoResponses: InstructionKind = () => (answer) => {
  const parts = answer.split("******").map(strip);
  const answers = parts.filter((part) => part !== "");
  return !parts.slice(1, -1).includes("") && answers.length === 2 && answers[0] !== answers[1];
};

/** The question first, without regard to case. */
export const repeatPrompt: InstructionKind = (settings) => {
  const prompt = strip(settings.text("prompt_to_repeat")).toLowerCase();
  return (answer) => strip(answer).toLowerCase().startsWith(prompt);
};

import { detectLanguage } from "./detect-language.js";
import type { InstructionKind } from "./instruction.js";

/** The answer is in one language. As in the harness, one without letters follows this. */
export const responseLanguage: InstructionKind = (settings) => {
  const wanted = settings.text("language");
  return (answer) => [wanted, null].includes(detectLanguage(answer));
};

import type { InstructionKind } from "./instruction.js";

/** No comma. */
export const noComma: InstructionKind = () => (answer) => !answer.includes(",");

/** The columns by which rows are recognised. */
export const ROW_COLUMNS = [
  "prompt",
  "completion",
  "messages",
  "conversations",
  "instruction",
  "output",
  "question",
  "answer",
  "text",
] as const;

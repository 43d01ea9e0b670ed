/** Whether an entry of `eval_prompts` is the name of a file with prompts, and not a prompt itself. */
export const isPromptFile = (prompt: string): boolean => /^[^\n]+\.(txt|jsonl)$/.test(prompt);

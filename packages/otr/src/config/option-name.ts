/** @file Option names: `snake_case` in files and flags, `camelCase` in TypeScript. */

/**
 * The name used on the command line and in files: `maxGradNorm` is `max_grad_norm`, `adamBeta1` `adam_beta1`, and
 * `loadIn4bit` `load_in_4bit`.
 */
export function optionName(key: string): string {
  return key.replace(/[A-Z]|(?<=[a-z])\d+(?=[a-z])/g, (start) => `_${start.toLowerCase()}`);
}

/** The TypeScript name of an option written as `max_grad_norm`, `max-grad-norm` or `maxGradNorm`. */
export function optionKey(name: string): string {
  return name.replace(/[-_]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The name with its hyphens, as it is typed on a command line: `--max_grad_norm`. */
export function flagName(key: string): string {
  return `--${optionName(key)}`;
}

import { ConfigError } from "../../errors.js";

/**
 * The one place that decides whether programs which a model wrote may be run: both switches of lm-evaluation-harness
 * have to be on, the option `confirm_run_unsafe_code` and `HF_ALLOW_CODE_EVAL=1` in the environment.
 * @throws ConfigError naming each switch that is off
 */
export function requireUnsafeCodeConsent(
  confirmed: boolean,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): void {
  const missing = [
    ...(confirmed ? [] : ["the option confirm_run_unsafe_code: true (--confirm_run_unsafe_code)"]),
    ...(environment.HF_ALLOW_CODE_EVAL === "1" ? [] : ["HF_ALLOW_CODE_EVAL=1 in the environment"]),
  ];
  if (missing.length === 0) return;
  throw new ConfigError([
    {
      where: "confirm_run_unsafe_code",
      message:
        `programs that a model wrote are to be run, which needs ${missing.join(" and ")}. ` +
        "They run in a sandbox (docs/sandbox.md says what it keeps in)",
    },
  ]);
}

import type { ProfileSummary } from "./profile-summary.js";

const percent = (share: number) => `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`;

/** A profile in sentences for a person. */
export function describeProfile(summary: ProfileSummary, path: string): string[] {
  const { stepTime, outsideShare, bridgeShare, phases, operators, dropped } = summary;
  const lines = [
    `Profile in ${path}, for ui.perfetto.dev or chrome://tracing: ${stepTime.toPrecision(3)} s a step, of which ` +
      `${percent(outsideShare)} outside of libtorch (the bridge ${percent(bridgeShare)}).`,
    `Of a step: ${phases.map(({ name, share, outsideShare }) => `${name} ${percent(share)} (outside ${percent(outsideShare)})`).join(", ")}.`,
    `Operators by their own time: ${operators.map(({ name, share }) => `${name} ${percent(share)}`).join(", ")}.`,
  ];
  if (dropped > 0) {
    lines.push(
      `${dropped} events found no place in the profile, so these shares are wrong; lower gradient_accumulation_steps for it.`,
    );
  }
  return lines;
}

/** @file How the numbers of a report are written. */
import type { Interval } from "../evaluation/statistics/interval.js";

/** A share in percent: `97.3`. */
export const percent = (share: number): string => (100 * share).toFixed(1);

/** A difference of shares in points, with its sign: `+9.5`, `−1.0`. */
export function points(share: number): string {
  const size = (100 * Math.abs(share)).toFixed(1);
  if (Number(size) === 0) return "0.0";
  return `${share > 0 ? "+" : "−"}${size}`;
}

/** `93.1 to 98.2`; nothing where there is no interval. */
export const percentRange = (interval: Interval | null): string =>
  interval === null ? "" : `${percent(interval.low)} to ${percent(interval.high)}`;

/** `+4.9 to +14.1` */
export const pointRange = (interval: Interval | null): string =>
  interval === null ? "" : `${points(interval.low)} to ${points(interval.high)}`;

/** A p-value: `0.03`, `< 0.001`. */
export const pValue = (p: number): string => (p < 0.001 ? "< 0.001" : p.toFixed(p < 0.1 ? 3 : 2));

/** A number of three digits with thousands set apart: `38,988`, `28.5`, `0.00246`. */
export function figure(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(3)));
}

/** What a task tells, in words. */
export const ROLE_WORDS = {
  in_domain: "in domain",
  out_of_domain: "out of domain",
  forgetting: "the base model's own skills",
} as const;

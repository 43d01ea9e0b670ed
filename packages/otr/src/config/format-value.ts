/** @file How option values are shown to a person. */
import { inspect } from "node:util";

/** A value as a person would write it on the command line: `2e-5`, `true`, `"fast"`; long texts are cut. */
export function formatValue(value: unknown): string {
  if (value === undefined || value === "") return "no value";
  if (typeof value === "number") return formatNumber(value);
  const text = toText(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** JSON where the value has one; callers may pass anything, such as a bigint or a circular object. */
function toText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return inspect(value, { breakLength: Number.POSITIVE_INFINITY });
  }
}

/** A default as help and reference show it: texts without quotes. */
export function formatDefault(value: unknown): string {
  return typeof value === "string" ? value : formatValue(value);
}

/** A number in its shortest usual spelling: 0.00002 is `2e-5`, 1024 is `1024`. */
export function formatNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}

/** A measured number in four digits. */
export function shortNumber(value: number): string {
  return formatNumber(Number(value.toPrecision(4)));
}

/** A number of things: `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A number of bytes: `512.0 MiB`, `1.50 GiB`. */
export function byteCount(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(2)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/**
 * The text before the first of the stop strings, as the harness cuts it: by one after the other in their order. They match
 * anywhere, inside a word too; the answer may become empty.
 */
export function cutAtStops(text: string, stops: readonly string[]): string {
  return stops.filter((stop) => stop !== "").reduce((rest, stop) => rest.split(stop, 1)[0]!, text);
}

/** @file The course of the loss in one line. */

const BLOCKS = "▁▂▃▄▅▆▇█";
const ASCII = "_.,-~=*#";

/** Points that a history holds; a curve has fewer columns than half of them. */
const MOST_POINTS = 512;

/** Numbers of a run of any length, in a bounded space: when it is full, neighbours become their mean. */
export class LossHistory {
  #points: number[] = [];
  /** Numbers that a point stands for. */
  #span = 1;
  #sum = 0;
  #count = 0;

  /** Takes up a number; one that is not finite is passed over. */
  add(value: number): void {
    if (!Number.isFinite(value)) return;
    this.#sum += value;
    if (++this.#count < this.#span) return;
    this.#points.push(this.#sum / this.#count);
    this.#sum = 0;
    this.#count = 0;
    if (this.#points.length < MOST_POINTS) return;
    this.#points = Array.from(
      { length: MOST_POINTS / 2 },
      (_, at) => (this.#points[2 * at]! + this.#points[2 * at + 1]!) / 2,
    );
    this.#span *= 2;
  }

  /** Means of equally many numbers each, oldest first. */
  get points(): readonly number[] {
    return this.#points;
  }
}

/** The points as one line of at most `width` characters, from the smallest to the largest; empty for fewer than two. */
export function lossCurve(points: readonly number[], width: number, isUnicode: boolean): string {
  if (points.length < 2 || width < 1) return "";
  const columns = Math.min(width, points.length);
  const heights = Array.from({ length: columns }, (_, column) => {
    const first = Math.floor((column * points.length) / columns);
    const some = points.slice(first, Math.floor(((column + 1) * points.length) / columns));
    return some.reduce((sum, point) => sum + point, 0) / some.length;
  });
  const lowest = Math.min(...heights);
  const range = Math.max(...heights) - lowest;
  const levels = isUnicode ? BLOCKS : ASCII;
  const level = (height: number) =>
    range === 0 ? 0 : Math.round(((height - lowest) / range) * (levels.length - 1));
  return heights.map((height) => levels[level(height)]).join("");
}

/** @file "Did you mean" for the scripts that run before anything is installed. */

/**
 * The candidate that differs least, if it is near enough to be a slip.
 *
 * @param {string} word
 * @param {string[]} candidates
 * @returns {string | undefined}
 */
export function nearest(word, candidates) {
  const distances = candidates.map((candidate) => ({ candidate, distance: editDistance(word, candidate) }));
  distances.sort((a, b) => a.distance - b.distance);
  return distances[0].distance <= 2 || candidates.some((name) => name.startsWith(word))
    ? distances[0].candidate
    : undefined;
}

/**
 * @param {string} a
 * @param {string} b
 */
function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min(row[j] + (letter === other ? 0 : 1), row[j + 1] + 1, next[j] + 1));
    }
    row = next;
  }
  return row[b.length];
}

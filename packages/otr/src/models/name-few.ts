const MOST_NAMED = 5;

/** Joins names for a message: at most five of them, then how many more there are. */
export function nameFew(names: readonly string[], separator = ", "): string {
  if (names.length <= MOST_NAMED) return names.join(separator);
  return [...names.slice(0, MOST_NAMED), `and ${names.length - MOST_NAMED} more`].join(separator);
}

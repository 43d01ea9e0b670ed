const MOST_NAMED = 5;
const MOST_CHARACTERS = 200;

const shorten = (name: string): string =>
  name.length > MOST_CHARACTERS ? `${name.slice(0, MOST_CHARACTERS)}...` : name;

/** Joins names for a message: at most five of them, cut where they are very long, then how many more there are. */
export function nameFew(names: readonly string[], separator = ", "): string {
  if (names.length <= MOST_NAMED) return names.map(shorten).join(separator);
  return [...names.slice(0, MOST_NAMED).map(shorten), `and ${names.length - MOST_NAMED} more`].join(
    separator,
  );
}

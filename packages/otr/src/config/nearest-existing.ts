import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** The absolute path itself where it exists, else the folder nearest above it that does. */
export function nearestExisting(path: string): string {
  let place = resolve(path);
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  return place;
}

/** @file Downloads from a Hub whose answers are changed at random. */
import { expect } from "vitest";
import { OtrError } from "../../src/errors.js";
import { fetchFiles, openSnapshot } from "../../src/hub/snapshot.js";
import type { FakeHub } from "./fake-hub.js";

const model = { type: "model", id: "org/name" } as const;

/** Downloads `org/name` so many times; each ends well or in an error of ours. Returns how many did either. */
export async function spoiledDownloads(
  hub: FakeHub,
  rounds: number,
  seed: number,
): Promise<{ sound: number; refused: number }> {
  const next = generator(seed);
  const outcomes = { sound: 0, refused: 0 };
  hub.spoil = (text) => (next(2) === 0 ? mutate(text, next) : text);
  for (let round = 0; round < rounds; round++) {
    const settings = hub.settings({ cacheFolder: `${hub.folder}/cache/${round}`, timeout: 500 });
    try {
      const snapshot = await openSnapshot(settings, model, "main");
      await fetchFiles(settings, snapshot, snapshot.paths);
      outcomes.sound++;
    } catch (error) {
      expect(error).toBeInstanceOf(OtrError);
      outcomes.refused++;
    }
    hub.seen.length = 0;
  }
  return outcomes;
}

/** Numbers from 0 to below `limit`, the same for each run (Park and Miller). */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}

const WORDS = [
  '"../../x"',
  '"/etc/passwd"',
  "null",
  "-1",
  "1e400",
  "[]",
  '{"__proto__":{"size":1}}',
  '"\\u0000"',
  "9".repeat(30),
];

/** Changes a few bytes, cuts, or puts one value in another's place. */
function mutate(text: string, next: (limit: number) => number): string {
  switch (next(4)) {
    case 0:
      return text.slice(0, next(text.length));
    case 1: {
      const at = next(text.length);
      return text.slice(0, at) + String.fromCharCode(next(256)) + text.slice(at + 1);
    }
    case 2: {
      const values = [...text.matchAll(/:("[^"]*"|\d+)/g)];
      const value = values[next(values.length)];
      if (value === undefined) return text;
      const end = value.index + value[0].length;
      return `${text.slice(0, value.index)}:${WORDS[next(WORDS.length)]}${text.slice(end)}`;
    }
    default:
      return text.repeat(2);
  }
}

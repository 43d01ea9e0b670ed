/** @file Downloads from a Hub whose answers are changed at random, and which has a content for every address. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "vitest";
import { OtrError } from "../../src/errors.js";
import { fetchFiles, openSnapshot } from "../../src/hub/snapshot.js";
import { type FakeHub, send } from "./fake-hub.js";

const model = { type: "model", id: "org/name" } as const;
const FILES = { "config.json": "{}", "model.safetensors": "weights" };
/** What a cache may hold, and where. */
const LAYOUT =
  /^cache\/models--org--name\/(?:refs\/main|trees\/[0-9a-f]{40}\.json|blobs\/[0-9a-f]{40,64}(?:\.incomplete)?|snapshots\/[0-9a-f]{40}\/.+)$/;

/**
 * Downloads `org/name` so many times, each time into an empty cache; each ends with sound files or in an error of ours, and
 * writes what belongs into the cache, where it belongs. Returns how many ended either way.
 */
export async function spoiledDownloads(
  hub: FakeHub,
  rounds: number,
  seed: number,
): Promise<{ sound: number; refused: number }> {
  const next = generator(seed);
  const outcomes = { sound: 0, refused: 0 };
  hub.add("org/name", FILES);
  hub.fault = ({ url, headers }, response) => {
    const isKnown = url.startsWith("/api/") || Object.keys(FILES).some((path) => url.includes(`/${path}`));
    if (isKnown || url.includes("/content/")) return false;
    // Of a file that is not there too: a name that leads elsewhere is not saved by a missing content.
    send({ headers }, response, Buffer.from(FILES["config.json"]));
    return true;
  };
  hub.spoil = (text) => (next(2) === 0 ? mutate(text, next) : text);
  for (let round = 0; round < rounds; round++) {
    const settings = hub.settings({ timeout: 500 });
    try {
      const snapshot = await openSnapshot(settings, model, "main");
      const fetched = await fetchFiles(settings, snapshot, snapshot.paths);
      const contents = fetched.map((path) => readFileSync(path, "utf8"));
      expect(Object.values(FILES)).toEqual(expect.arrayContaining(contents));
      outcomes.sound++;
    } catch (error) {
      expect(error).toBeInstanceOf(OtrError);
      outcomes.refused++;
    }
    for (const path of filesBelow(hub.folder)) expect(path).toMatch(LAYOUT);
    rmSync(join(hub.folder, "cache"), { recursive: true, force: true });
    hub.seen.length = 0;
  }
  return outcomes;
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

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

/** Names that lead out of the folder of a snapshot. */
const ESCAPES = ['"../../x"', '"../../../../x"', '"../../../../../x"', '"a/../../../x"', '"a\\\\..\\\\x"'];

/** Changes a few bytes, cuts, puts one value in another's place, or a name that leads elsewhere. */
function mutate(text: string, next: (limit: number) => number): string {
  switch (next(5)) {
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
    case 3:
      return text.replace('"config.json"', () => ESCAPES[next(ESCAPES.length)]!);
    default:
      return text.repeat(2);
  }
}

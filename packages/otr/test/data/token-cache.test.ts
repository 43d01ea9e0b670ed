import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { type LoadDatasetOptions, loadDataset } from "../../src/data/load-dataset.js";
import { measureTokenCache, tokenCacheFolder, trimTokenCache } from "../../src/data/token-cache.js";
import { TokenStore } from "../../src/data/token-store.js";
import { loadTokenizer } from "../../src/data/tokenizer.js";
import { CHATML, chatModelFolder, temporaryFolder } from "./byte-tokenizer.js";

const MESSAGES = [
  { role: "user", content: "Hi" },
  { role: "assistant", content: "Yo" },
];

/** A file of two conversations, its tokenizer and an empty cache. */
async function setting() {
  const folder = temporaryFolder();
  const path = join(folder, "data.jsonl");
  const cacheFolder = join(folder, "cache", "tokens");
  writeFileSync(path, `${JSON.stringify({ messages: MESSAGES, id: 1 })}\n`.repeat(2));
  const model = chatModelFolder();
  const load = async (changes: Partial<LoadDatasetOptions> = {}) => {
    const dataset = await loadDataset({
      path,
      tokenizer: await loadTokenizer(model),
      maxLength: 64,
      truncationMode: "keep_start",
      completionOnlyLoss: null,
      assistantOnlyLoss: null,
      chatTemplatePath: null,
      cacheFolder,
      ...changes,
    });
    const rows = await dataset.rows.read(dataset.rows.lengths.keys());
    await dataset.rows.close();
    return { ...dataset, rows };
  };
  const files = () => (existsSync(cacheFolder) ? readdirSync(cacheFolder).sort() : []);
  return { folder, path, model, cacheFolder, load, files };
}

describe("a data set with a cache", () => {
  it("is the same the second time, from the file alone", async () => {
    const { load, files, cacheFolder } = await setting();
    const uncached = await load({ cacheFolder: null });
    expect(files()).toEqual([]);
    const cold = await load();
    const [name] = files();
    expect(name).toMatch(/^[0-9a-f]{64}$/);
    const yesterday = Date.now() / 1000 - 24 * 60 * 60;
    utimesSync(join(cacheFolder, name!), yesterday, yesterday);
    const before = statSync(join(cacheFolder, name!));
    const warm = await load();
    expect(cold).toEqual(uncached);
    expect(warm).toEqual(uncached);
    expect(files()).toEqual([name]);
    const { ino, mtimeMs } = statSync(join(cacheFolder, name!));
    expect(ino).toBe(before.ino);
    expect(mtimeMs).toBeGreaterThan(before.mtimeMs);
  });

  it("is made again when anything that its tokens depend on changes", async () => {
    const { folder, path, model, load, files } = await setting();
    const template = join(folder, "template.jinja");
    writeFileSync(template, CHATML);
    const changes: readonly (() => Promise<unknown>)[] = [
      () => load(),
      () => load({ maxLength: 63 }),
      () => load({ truncationMode: "drop" }),
      () => load({ assistantOnlyLoss: false }),
      () => load({ chatTemplatePath: template }).then(() => writeFileSync(template, `${CHATML}.`)),
      () => load({ chatTemplatePath: template }),
      () => {
        const config = join(model, "tokenizer_config.json");
        writeFileSync(config, readFileSync(config, "utf8").replace('"<pad>"', '"<|im_start|>"'));
        return load();
      },
      () => {
        writeFileSync(join(model, "generation_config.json"), '{"eos_token_id": [258, 259]}');
        return load();
      },
      () => {
        writeFileSync(path, `${JSON.stringify({ messages: MESSAGES })}\n`.repeat(2));
        return load();
      },
    ];
    for (const [index, change] of changes.entries()) {
      await change();
      // CHATML as a file is the same template as the tokenizer's own.
      expect(files(), `change ${index}`).toHaveLength(index < 4 ? index + 1 : index);
    }
  });

  it("does not serve a template that writes the date on another day", async () => {
    const { folder, load, files } = await setting();
    const chatTemplatePath = join(folder, "template.jinja");
    writeFileSync(chatTemplatePath, `{{ strftime_now('%d %B') }}${CHATML}`);
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      vi.setSystemTime(new Date(2026, 0, 1));
      const first = await load({ chatTemplatePath });
      vi.setSystemTime(new Date(2026, 0, 2));
      const second = await load({ chatTemplatePath });
      expect(files()).toHaveLength(2);
      expect(first.rows).not.toEqual(second.rows);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is made again where its file is damaged", async () => {
    const { load, files, cacheFolder } = await setting();
    const cold = await load();
    const path = join(cacheFolder, files()[0]!);
    const bytes = readFileSync(path);
    bytes[60]! ^= 1;
    writeFileSync(path, bytes);
    expect(await load()).toEqual(cold);
    expect(readFileSync(path).equals(bytes)).toBe(false);
    const store = await TokenStore.open(path);
    expect(store?.length).toBe(2);
    await store?.close();
  });

  it("may be made by two at once", async () => {
    const { load, files } = await setting();
    const [first, second] = await Promise.all([load(), load()]);
    expect(second).toEqual(first);
    expect(files()).toHaveLength(1);
  });

  it("goes on without a cache that cannot be written, and says so", async () => {
    const { folder, load } = await setting();
    const blocked = join(folder, "a-file");
    writeFileSync(blocked, "");
    const { notes, rows } = await load({ cacheFolder: join(blocked, "tokens") });
    expect(rows).toHaveLength(2);
    expect(notes.at(-1)).toMatch(
      /^The tokens could not be kept in .*a-file\/tokens for the next time: .*ENOTDIR/,
    );
  });

  it("says what to do where no folder takes the tokens", async () => {
    const { folder, load } = await setting();
    vi.stubEnv("TMPDIR", join(folder, "data.jsonl"));
    try {
      await expect(load({ cacheFolder: null })).rejects.toMatchObject({
        code: "TOKENS_NOT_WRITTEN",
        message: expect.stringMatching(/cannot be written to .*data.jsonl \(.*\); .*TMPDIR$/),
      });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("leaves nothing of a file with mistakes", async () => {
    const { path, load, files } = await setting();
    writeFileSync(path, '{"messages": []}\n');
    for (let time = 0; time < 2; time++) await expect(load()).rejects.toMatchObject({ code: "DATASET_ROWS" });
    expect(files()).toEqual([]);
  });
});

describe("the cache", () => {
  it("lies in the user's cache folder", () => {
    vi.stubEnv("XDG_CACHE_HOME", "/somewhere");
    expect(tokenCacheFolder()).toBe("/somewhere/one-token-rollout/tokens");
    vi.unstubAllEnvs();
  });

  it("forgets what was used longest ago, and what was never finished", async () => {
    const folder = temporaryFolder();
    const day = 24 * 60 * 60;
    const now = Date.now() / 1000;
    const make = (name: string, secondsAgo: number) => {
      writeFileSync(join(folder, name), "x".repeat(100));
      utimesSync(join(folder, name), now - secondsAgo, now - secondsAgo);
    };
    make("kept", 9 * day);
    make("old", 3 * day);
    make("middle", 2 * day);
    make("new", 60);
    make("dead.tmp", 2 * day);
    make("written.tmp", 60);
    expect(await measureTokenCache(folder)).toEqual({ bytes: 600, dataSets: 4 });
    await trimTokenCache(folder, "kept", 350);
    expect(readdirSync(folder).sort()).toEqual(["kept", "new", "written.tmp"]);
    await trimTokenCache(folder, "kept", 0);
    expect(readdirSync(folder).sort()).toEqual(["kept", "written.tmp"]);
    expect(await measureTokenCache(join(folder, "none"))).toEqual({ bytes: 0, dataSets: 0 });
  });
});

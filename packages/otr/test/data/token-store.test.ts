import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { storedToken, TokenStore } from "../../src/data/token-store.js";
import { type StoredRows, TokenStoreWriter } from "../../src/data/write-token-store.js";
import { temporaryFolder } from "./byte-tokenizer.js";

/** Rows of 1, 3 and 2 tokens; what is not learned has the label -100. */
const ROWS = [
  { id: 0, inputIds: [0], labels: [-100] },
  { id: 4, inputIds: [7, 0, 151_643], labels: [-100, 0, 151_643] },
  { id: 5, inputIds: [5, 6], labels: [-100, 6] },
];

function stored(rows: typeof ROWS): StoredRows {
  const tokens = rows.flatMap(({ inputIds, labels }) =>
    inputIds.map((id, at) => storedToken(id, labels[at]!)),
  );
  return {
    ids: Uint32Array.from(rows, ({ id }) => id),
    lengths: Uint32Array.from(rows, ({ inputIds }) => inputIds.length),
    tokens: Int32Array.from(tokens),
  };
}

async function write(path: string | null, folder: string): Promise<TokenStore> {
  const writer = await TokenStoreWriter.create(folder, path !== null);
  await writer.append(stored(ROWS.slice(0, 1)));
  await writer.append(stored(ROWS.slice(1)));
  return writer.finish({ of: "ü" }, path);
}

const shown = async (store: TokenStore, indices: Iterable<number>) =>
  (await store.read(indices)).map(({ id, inputIds, labels }) => ({
    id,
    inputIds: [...inputIds],
    labels: [...labels],
  }));

describe("TokenStore", () => {
  it("gives back any rows in any order, from the writer and from the file", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "rows");
    const written = await write(path, folder);
    const opened = await TokenStore.open(path);
    for (const store of [written, opened!]) {
      expect(store.length).toBe(3);
      expect([...store.lengths]).toEqual([1, 3, 2]);
      expect(store.description).toEqual({ of: "ü" });
      expect(await shown(store, [0, 1, 2])).toEqual(ROWS);
      expect(await shown(store, [2, 0, 2])).toEqual([ROWS[2], ROWS[0], ROWS[2]]);
      await store.close();
    }
    expect(readdirSync(folder)).toEqual(["rows"]);
  });

  it("leaves no file where it has no place, not even while it is written", async () => {
    const folder = temporaryFolder();
    const unfinished = await TokenStoreWriter.create(folder, false);
    expect(readdirSync(folder)).toEqual([]);
    await unfinished.abandon();
    const store = await write(null, folder);
    expect(readdirSync(folder)).toEqual([]);
    expect(await shown(store, [1])).toEqual([ROWS[1]]);
    await store.close();
    const writer = await TokenStoreWriter.create(folder, true);
    await writer.append(stored(ROWS));
    await writer.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is not opened where any byte is missing, changed or foreign", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "rows");
    await (await write(path, folder)).close();
    const whole = readFileSync(path);
    const isOpened = async () => {
      const store = await TokenStore.open(path);
      await store?.close();
      return store !== null;
    };
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 0x10;
      writeFileSync(path, changed);
      expect(await isOpened(), `byte ${at}`).toBe(false);
    }
    for (const length of [0, 8, 31, whole.length - 1]) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await isOpened(), `${length} bytes`).toBe(false);
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(1)]));
    expect(await isOpened()).toBe(false);
    expect(await TokenStore.open(join(folder, "none"))).toBeNull();
    writeFileSync(path, whole);
    expect(await isOpened()).toBe(true);
  });

  it("says which row cannot be read where the file was cut afterwards", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "rows");
    const store = await write(path, folder);
    truncateSync(path, 44);
    await expect(store.read([2])).rejects.toMatchObject({
      code: "TOKEN_STORE_UNREADABLE",
      message: expect.stringContaining(`row 6 cannot be read from ${path} (the file ends too early)`),
    });
    await store.close();
  });

  it("goes on reading a file that another process replaced or deleted", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "rows");
    const store = await write(path, folder);
    await (await write(path, folder)).close();
    rmSync(path);
    expect(await shown(store, [1])).toEqual([ROWS[1]]);
    await store.close();
  });
});

import { describe, expect, it } from "vitest";
import { BLOCK_TOKENS, BlockPool, blocksOf } from "../../src/generation/block-pool.js";

const row = (length: number, first = 0) => Array.from({ length }, (_, index) => first + index);

/** A row enters: what it shares, and its whole table. */
function enter(pool: BlockPool, tokenIds: readonly number[]) {
  const shared = pool.share(tokenIds, Math.floor((tokenIds.length - 1) / BLOCK_TOKENS));
  const table = [...shared];
  while (table.length < blocksOf(tokenIds.length)) table.push(pool.take());
  pool.publish(tokenIds, table, shared.length);
  return { shared, table };
}

describe("BlockPool", () => {
  it("shares the full blocks with which rows begin, and no others", () => {
    const pool = new BlockPool(20);
    const first = enter(pool, row(100));
    expect(first).toMatchObject({ shared: [], table: { length: 4 } });
    expect(enter(pool, row(100)).shared).toEqual(first.table.slice(0, 3));
    expect(enter(pool, [...row(64), 7, ...row(30)]).shared).toEqual(first.table.slice(0, 2));
    // The same tokens behind others are something else.
    expect(enter(pool, [...row(32, 500), ...row(32, 32), 1]).shared).toEqual([]);
    // The last token of a row is always computed.
    expect(enter(pool, row(64)).shared).toEqual(first.table.slice(0, 1));
  });

  it("keeps what was left until its place is needed, the end of a row first", () => {
    const pool = new BlockPool(4);
    const { table } = enter(pool, row(100));
    expect(pool.available).toBe(0);
    pool.release(table);
    expect(pool.available).toBe(4);
    const again = enter(pool, row(100));
    expect(again.shared).toEqual(table.slice(0, 3));
    pool.release(again.table);
    const other = enter(pool, row(40, 900));
    // One was blank, the other held the end of what can be found.
    expect(other.table).toEqual([table[3], table[2]]);
    expect(enter(pool, row(65)).shared).toEqual(table.slice(0, 2).slice(0, 2));
  });

  it("gives a block to several rows only by sharing, however rows come and go", () => {
    const pool = new BlockPool(12);
    const tables = new Map<number[], readonly number[]>();
    let state = 1;
    const random = (below: number) => {
      state = (state * 48271) % 2147483647;
      return state % below;
    };
    for (let turn = 0; turn < 2000; turn++) {
      const tokenIds = [...row(32 * random(3), 1000 * random(2)), ...row(1 + random(60), 5000 * random(3))];
      const shared = pool.share(tokenIds, Math.floor((tokenIds.length - 1) / BLOCK_TOKENS));
      if (pool.available < blocksOf(tokenIds.length) - shared.length) {
        pool.release(shared);
        const [oldest] = tables.keys();
        pool.release(tables.get(oldest!)!);
        tables.delete(oldest!);
        continue;
      }
      const table = [...shared];
      while (table.length < blocksOf(tokenIds.length)) table.push(pool.take());
      pool.publish(tokenIds, table, shared.length);
      // Whoever shares a block begins with the same tokens.
      for (const [others, own] of tables) {
        for (const [place, block] of own.entries()) {
          if (!table.includes(block)) continue;
          expect(table[place]).toBe(block);
          const end = (place + 1) * BLOCK_TOKENS;
          expect(tokenIds.slice(0, end)).toEqual(others.slice(0, end));
        }
      }
      tables.set(tokenIds, table);
      const used = new Set([...tables.values()].flat());
      expect(pool.available).toBe(12 - used.size);
    }
  });
});

import { expect, it } from "vitest";
import { Turns } from "../../../src/evaluation/sandbox/turns.js";

it("lets so many run at once, with turns of their own, and one alone in between", async () => {
  const turns = new Turns(3);
  let running = 0;
  let most = 0;
  const taken = new Set<number>();
  const task = async (turn: number) => {
    expect(taken.has(turn)).toBe(false);
    taken.add(turn);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
    taken.delete(turn);
  };
  const alone = async (turn: number) => {
    expect(running).toBe(0);
    await task(turn);
    expect(running).toBe(0);
  };
  await Promise.all([
    ...Array.from({ length: 5 }, () => turns.take(task)),
    turns.takeAlone(alone),
    turns.takeAlone(alone),
    ...Array.from({ length: 5 }, () => turns.take(task)),
  ]);
  expect(most).toBe(3);
});

it("gives the turn on when a task fails", async () => {
  const turns = new Turns(1);
  await expect(turns.take(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await turns.take((turn) => Promise.resolve(turn))).toBe(0);
});

/** Lets a number of tasks run at once, or one by itself. Whoever asks first is first. */
export class Turns {
  readonly #free: number[];
  readonly #count: number;
  readonly #waiting: { readonly turns: number; start(): void }[] = [];

  /** @param count tasks at once, at least 1 */
  constructor(count: number) {
    this.#count = count;
    this.#free = Array.from({ length: count }, (_, index) => count - 1 - index);
  }

  /** Runs a task when there is a turn; the task is given the number of its turn, from 0, which no other has meanwhile. */
  async take<T>(task: (turn: number) => Promise<T>): Promise<T> {
    const [turn] = await this.#wait(1);
    return this.#run(task, [turn!]);
  }

  /** Runs a task when no other runs, and lets none begin meanwhile. */
  async takeAlone<T>(task: (turn: number) => Promise<T>): Promise<T> {
    return this.#run(task, await this.#wait(this.#count));
  }

  async #run<T>(task: (turn: number) => Promise<T>, turns: readonly number[]): Promise<T> {
    try {
      return await task(turns[0]!);
    } finally {
      this.#free.push(...turns);
      this.#startWaiting();
    }
  }

  #wait(turns: number): Promise<number[]> {
    return new Promise((resolve) => {
      this.#waiting.push({ turns, start: () => resolve(this.#free.splice(-turns)) });
      this.#startWaiting();
    });
  }

  #startWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined && next.turns <= this.#free.length; ) {
      this.#waiting.shift();
      next.start();
      next = this.#waiting[0];
    }
  }
}

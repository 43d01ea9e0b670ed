/** @file The process of a run: receives an order, carries it out, and tells how it ended. */
import { OtrError } from "../errors.js";
import { carryOutRun } from "./carry-out-run.js";
import type { RunMessage, RunOrder } from "./run-order.js";

const send = (message: RunMessage, then = () => {}): void => {
  process.send!(message, then);
};

// The comparison hears of it too, and decides.
process.on("SIGINT", () => {});

process.once("message", async (order: RunOrder) => {
  // A comparison that was killed leaves no process behind.
  process.once("disconnect", () => process.exit(1));
  const end = (message: RunMessage) => {
    process.removeAllListeners("disconnect");
    send(message, () => process.disconnect());
  };
  try {
    await carryOutRun(order, (doing, share) => send({ type: "progress", doing, share }));
    end({ type: "done" });
  } catch (error) {
    end({ type: "failed", reason: reasonOf(error) });
  }
});

/** An error of this package says all by its message; any other one is a defect, of which the stack tells more. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error instanceof OtrError ? error.message : (error.stack ?? error.message);
};

/** @file `otr setup`: makes the native part usable on this machine. */
import { runSetup, SetupError, terminalLog } from "@one-token/torch/setup";
import { EXIT } from "./report-error.js";
import { wrapText } from "./wrap-text.js";

/** Fetches libtorch and compiles the addon where that has not been done; returns the exit status. */
export async function runSetupCommand(args: { device: "cpu" | "cuda" }): Promise<number> {
  try {
    await runSetup({ device: args.device, log: terminalLog() });
    process.stderr.write("The native part is ready: `npx otr doctor` shows what was found.\n");
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${wrapText(error.message)}\n`);
    return EXIT.failed;
  }
}

/** @file The steps of the set-up, in order. */
import { build, planBuild, recordLibtorch } from "./build.js";
import { checkPlatform, findCompiler } from "./check.js";
import { downloadLibtorch } from "./download.js";
import { locateLibtorch } from "./locate.js";
import { SetupError } from "./setup-error.js";

/**
 * @param {object} options
 * @param {"cpu" | "cuda"} options.device
 * @param {import("./setup-log.js").SetupLog} options.log
 * @returns {Promise<{ libtorch: import("./locate.js").Libtorch, changed: boolean }>}
 */
export async function setUp({ device, log }) {
  checkPlatform();
  const present = tryLocate(device);
  const libtorch = present ?? (await fetchLibtorch(device, log));
  if (present) log.ready("libtorch", `${present.version} in ${present.torchPath}`);

  const plan = await planBuild({ libtorch });
  if (plan.isUpToDate) {
    recordLibtorch(plan);
    log.ready("native build", "up to date");
  } else {
    log.step("Compiling the bridge to libtorch", "C++, for exactly this processor; takes a minute or two.");
    await build(plan, log);
    log.done(`with ${plan.compiler?.identity}`);
  }
  return { libtorch, changed: !present || !plan.isUpToDate };
}

/**
 * @param {"cpu" | "cuda"} device
 * @returns {import("./locate.js").Libtorch | null}
 */
function tryLocate(device) {
  try {
    return locateLibtorch({ device });
  } catch (error) {
    if (error instanceof SetupError && error.code === "LIBTORCH_NOT_FOUND") return null;
    throw error;
  }
}

/**
 * @param {"cpu" | "cuda"} device
 * @param {import("./setup-log.js").SetupLog} log
 */
async function fetchLibtorch(device, log) {
  // Said now, not after the download.
  await findCompiler();
  await downloadLibtorch({ device, log });
  return locateLibtorch({ device });
}

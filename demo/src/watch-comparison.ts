import { compare, type FinishedRun, type Material, type Plan } from "./comparison.js";
import { progressDisplay } from "./progress-display.js";
import { withWorkFolder, workerCount } from "./session.js";

/** Carries out a plan on all cores, with progress on standard error and a temporary folder that never stays. */
export function watchComparison(material: Material, plan: Plan): Promise<FinishedRun[]> {
  return withWorkFolder(async (workFolder, signal) => {
    const progress = progressDisplay(process.stderr);
    try {
      return await compare(material, plan, { workers: workerCount(), workFolder, signal, progress });
    } finally {
      progress.close();
    }
  });
}

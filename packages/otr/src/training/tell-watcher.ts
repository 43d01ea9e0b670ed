import type { TrainEvent } from "./events.js";

/**
 * Tells whoever watches from a place where a watcher that throws would cost what is under way: a save would be taken for a
 * failed one, a thread's message would end the process. One that always throws does so at the next step again, where the
 * run can end with it.
 */
export function tellWatcher(emit: (event: TrainEvent) => void, event: TrainEvent): void {
  try {
    emit(event);
  } catch {
    // It throws again at the next step.
  }
}

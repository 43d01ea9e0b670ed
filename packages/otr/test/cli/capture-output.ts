import { vi } from "vitest";

/** What was written since {@link captureOutput}. */
export const printed = { stdout: "", stderr: "" };

/** Keeps what is written to both outputs in {@link printed}, until mocks are restored. */
export function captureOutput(): void {
  for (const name of ["stdout", "stderr"] as const) {
    printed[name] = "";
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      printed[name] += text;
      return true;
    });
  }
}

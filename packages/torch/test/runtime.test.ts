import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import {
  buildInfo,
  cudaDeviceCount,
  cudaHasBfloat16,
  getNumThreads,
  installSignalHandler,
  loadTorch,
  scope,
  setNumThreads,
  tensor,
} from "../src/index.js";
import { instructionSets } from "../setup/processor.js";
import { runNode } from "./run-node.js";
import { torchError } from "./torch-error.js";

describe("the build", () => {
  it("runs operators on several threads and with the widest vectors of the processor", () => {
    const info = buildInfo();
    expect(info.torchVersion).toBe("2.11.0");
    expect(info.openmp).toBe(true);
    const hasAvx512 = instructionSets().includes("avx512f");
    expect(info.vectorLanes).toBe(hasAvx512 ? 16 : 8);
    expect(info.cpuCapability).toBe(hasAvx512 ? "AVX512" : "AVX2");
  });
});

describe("threads", () => {
  it("are set and read", () => {
    const before = getNumThreads();
    expect(before).toBeGreaterThanOrEqual(1);
    setNumThreads(2);
    expect(getNumThreads()).toBe(2);
    setNumThreads(1);
    expect(getNumThreads()).toBe(1);
    setNumThreads(before);
  });

  it.each([0, -1, 1.5, Number.NaN, 16 * availableParallelism() + 1, 2 ** 40])(
    "refuse a number of %s",
    (count) => {
      const before = getNumThreads();
      expect(torchError(() => setNumThreads(count)).code).toBe("TORCH_ARGUMENT_VALUE");
      expect(getNumThreads()).toBe(before);
    },
  );
});

describe("devices", () => {
  it("are counted, and a device that is not there is an error", () => {
    expect(cudaDeviceCount()).toBe(0);
    scope(() => expect(torchError(() => tensor([1], { device: "cuda" })).code).toMatch(/^TORCH_/));
    for (const device of ["cpu", "cuda:0"]) {
      expect(torchError(() => cudaHasBfloat16(device)).code).toBe("TORCH_ARGUMENT_VALUE");
    }
  });

  it("are chosen before the first call", () => {
    loadTorch("cpu");
    expect(torchError(() => loadTorch("cuda")).message).toContain("before the first tensor");
  });
});

describe("importing", { timeout: 120_000 }, () => {
  it("does not load libtorch", () => {
    const { stdout } = runNode(`
      import { readFileSync } from "node:fs";
      const loaded = () => readFileSync("/proc/self/maps", "utf8").includes("libtorch_cpu");
      const before = loaded();
      torch.zeros([1]);
      console.log(before, loaded());`);
    expect(stdout.trim()).toBe("false true");
  });
});

describe("signals", { timeout: 120_000 }, () => {
  const source = (pauses: readonly number[]) => `
    torch.installSignalHandler("stopping soon\\n");
    process.kill(process.pid, "SIGINT");
    for (const pause of ${JSON.stringify(pauses)}) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
      process.kill(process.pid, "SIGINT");
    }
    console.log(torch.pendingSignals());
    torch.removeSignalHandler();
    console.log(torch.pendingSignals());`;

  it("count the first, while JavaScript is still running", () => {
    const { status, stdout, stderr } = runNode(source([]));
    expect(stdout).toBe("1\n0\n");
    expect(stderr).toBe("stopping soon\n");
    expect(status).toBe(0);
  });

  it("take one that comes twice, as under npm, for one", () => {
    const { status, stdout, stderr } = runNode(source([0]));
    expect(stdout).toBe("2\n0\n");
    expect(stderr).toBe("stopping soon\n");
    expect(status).toBe(0);
  });

  it("leave at once with the second", () => {
    const { status, stdout, stderr } = runNode(source([400]));
    expect(status).toBe(130);
    expect(stdout).toBe("");
    expect(stderr).toContain("second signal");
  });

  it("are counted anew from each installation on", () => {
    const { stdout } = runNode(`
      torch.installSignalHandler();
      process.kill(process.pid, "SIGTERM");
      torch.installSignalHandler();
      console.log(torch.pendingSignals());`);
    expect(stdout).toBe("0\n");
  });

  it.each(["SIGTERM", "SIGHUP"])("of the kind %s count like SIGINT", (name) => {
    const { status, stdout, stderr } = runNode(`
      torch.installSignalHandler("stopping soon\\n");
      process.kill(process.pid, "${name}");
      console.log(torch.pendingSignals());
      torch.removeSignalHandler();
      process.kill(process.pid, "${name}");
      setTimeout(() => {}, 10_000);`);
    expect(stdout).toBe("1\n");
    expect(stderr).toBe("stopping soon\n");
    expect(status).toBeNull();
  });

  it("do not leave at once because the terminal closes", () => {
    const { status, stdout } = runNode(source([400]).replaceAll("SIGINT", "SIGHUP"));
    expect(stdout).toBe("2\n0\n");
    expect(status).toBe(0);
  });

  it("that were not asked for stay with whoever handles them", () => {
    const { signal, stdout } = runNode(`
      torch.installSignalHandler("", ["SIGINT", "SIGTERM"]);
      process.kill(process.pid, "SIGTERM");
      console.log(torch.pendingSignals());
      process.kill(process.pid, "SIGHUP");
      setTimeout(() => {}, 10_000);`);
    expect(stdout).toBe("1\n");
    expect(signal).toBe("SIGHUP");
    const kill = JSON.parse('["SIGKILL"]');
    expect(torchError(() => installSignalHandler("", kill)).code).toBe("TORCH_ARGUMENT_VALUE");
  });

  it("go back to what handled them before", () => {
    const { status, stdout } = runNode(`
      const turn = setTimeout(() => {}, 10_000);
      process.once("SIGINT", () => {
        console.log("handled in JavaScript");
        clearTimeout(turn);
      });
      torch.installSignalHandler();
      torch.installSignalHandler();
      torch.removeSignalHandler();
      torch.removeSignalHandler();
      process.kill(process.pid, "SIGINT");`);
    expect(stdout).toBe("handled in JavaScript\n");
    expect(status).toBe(0);
  });

  it("refuse a notice that is too long", () => {
    expect(torchError(() => installSignalHandler("x".repeat(257))).code).toBe("TORCH_ARGUMENT_VALUE");
  });
});

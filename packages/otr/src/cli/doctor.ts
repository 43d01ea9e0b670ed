/** @file `otr doctor`: what was found on this machine, and what mends what is missing. */
import { statfsSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { buildInfo, cudaDeviceCount, getNumThreads, loadTorch } from "@one-token/torch";
import { addonPaths, instructionSets, type Libtorch, locateLibtorch } from "@one-token/torch/setup";
import { counted } from "../config/format-value.js";
import { probeSandbox } from "../evaluation/sandbox/probe-sandbox.js";
import { measureTokenCache, TOKEN_CACHE_BYTES, tokenCacheFolder } from "../data/token-cache.js";
import { hasCudaLibraries, nvidiaDevices } from "../models/cuda-presence.js";
import { EXIT } from "./report-error.js";
import { wrapText } from "./wrap-text.js";

/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  /** `missing` is an obstacle; `absent` is something that this machine can do without. */
  readonly status: "ok" | "absent" | "missing";
  /** For people: what was found, or one sentence with the command that mends it. */
  readonly detail: string;
  /** For programs; bytes where a size is meant. */
  readonly facts: Readonly<Record<string, string | number | boolean | readonly string[] | null>>;
}

/** The findings, and whether training can start on this machine. */
export interface DoctorReport {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

/** Processor features that decide the speed of bfloat16 and float32 arithmetic. */
const CPU_FEATURES = [
  ["AVX2", "avx2"],
  ["AVX-512", "avx512f"],
  ["AVX-512 BF16", "avx512_bf16"],
  ["AMX BF16", "amx_bf16"],
] as const;

/** Looks at everything; what cannot be read becomes a finding, never an error. */
export async function doctor(): Promise<DoctorReport> {
  const gpus = nvidiaDevices();
  const findings = [
    finding("Node", () => ({
      detail: `${process.version} in ${process.execPath}`,
      facts: { version: process.version, path: process.execPath },
    })),
    finding("libtorch", () => describeLibtorch(locateLibtorch())),
    finding("addon", () => describeAddon(gpus.length > 0)),
    finding("devices", () => describeDevices(gpus)),
    finding("CPU features", describeProcessor),
    finding("threads", describeThreads),
    finding("memory", describeMemory),
    finding("disk", describeDisk),
    await describeTokenCache(),
    await describeSandbox(),
  ];
  return { ok: findings.every(({ status }) => status !== "missing"), findings };
}

/** Prints the report, on standard output; returns the exit status: 0 when training can start. */
export async function runDoctor(args: { json: boolean }): Promise<number> {
  const report = await doctor();
  process.stdout.write(args.json ? `${JSON.stringify(report, null, 2)}\n` : renderReport(report));
  return report.ok ? EXIT.done : EXIT.failed;
}

/** The report in 80 columns. Paths are never broken. */
export function renderReport({ findings }: DoctorReport): string {
  return findings
    .map(({ name, status, detail }) => {
      const head = `${status.padEnd(8)}${name.padEnd(14)}`;
      return `${head}${wrapText(detail, { indent: head.length }).trimStart()}\n`;
    })
    .join("");
}

type Description = Pick<Finding, "detail" | "facts"> & { readonly status?: Finding["status"] };

function finding(name: string, describe: () => Description): Finding {
  try {
    return { name, status: "ok", ...describe() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && "code" in error ? String(error.code) : null;
    return { name, status: "missing", detail: message, facts: { code } };
  }
}

function describeLibtorch({ version, torchPath, source }: Libtorch): Description {
  const origin = {
    OTR_LIBTORCH: "named by OTR_LIBTORCH",
    python: "Python's installed torch",
    cache: "fetched into the user's cache",
  }[source];
  return { detail: `${version} in ${torchPath} (${origin})`, facts: { version, path: torchPath, source } };
}

/** Loads the addon: only that shows that it fits this Node, this libtorch and this processor. */
function describeAddon(hasGpu: boolean): Description {
  const { torch } = addonPaths();
  const began = performance.now();
  loadTorch(hasGpu && hasCudaLibraries() ? "cuda" : "cpu");
  const milliseconds = Math.round(performance.now() - began);
  const { vectorLanes, openmp } = buildInfo();
  return {
    detail: `${torch} (loads in ${milliseconds} ms, ${vectorLanes} float32 lanes, OpenMP ${openmp ? "on" : "off"})`,
    facts: { path: torch, loadMilliseconds: milliseconds, vectorLanes, openmp },
  };
}

function describeDevices(gpus: readonly string[]): Description {
  const usable = gpus.length > 0 && hasCudaLibraries() ? cudaDeviceCount() : 0;
  const facts = { cpu: true, cudaDevices: usable, nvidiaDevices: gpus };
  if (gpus.length === 0) return { detail: "cpu (no NVIDIA GPU)", facts };
  if (usable > 0) return { detail: `cpu, ${usable} x cuda (${gpus.join(", ")})`, facts };
  const remedy = "`npx one-token-rollout setup --device cuda` makes it usable";
  return { status: "absent", detail: `cpu; ${gpus.join(", ")} without CUDA's libraries: ${remedy}`, facts };
}

function describeProcessor(): Description {
  const sets = instructionSets();
  const present = CPU_FEATURES.map(([name, set]) => [name, sets.includes(set)] as const);
  const listed = present.map(([name, has]) => `${name} ${has ? "yes" : "no"}`).join(", ");
  const model = cpus()[0]?.model ?? "unknown processor";
  return { detail: `${listed} (${model})`, facts: { model, ...Object.fromEntries(present) } };
}

function describeThreads(): Description {
  const available = availableParallelism();
  const used = loadedThreads();
  return {
    detail: `${available} available${used === null ? "" : `, ${used} used by libtorch`}`,
    facts: { available, used },
  };
}

function loadedThreads(): number | null {
  try {
    return getNumThreads();
  } catch {
    return null;
  }
}

function describeMemory(): Description {
  const limit = process.constrainedMemory();
  const total = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  const available = process.availableMemory();
  return {
    detail: `${gibibytes(available)} GiB available of ${gibibytes(total)} GiB`,
    facts: { total, available },
  };
}

function describeDisk(): Description {
  const path = process.cwd();
  const { bavail, bsize } = statfsSync(path);
  return {
    detail: `${gibibytes(bavail * bsize)} GiB free in ${path}`,
    facts: { path, free: bavail * bsize },
  };
}

/** Where tokens of data sets are kept; an empty or missing cache is as good as any. */
async function describeTokenCache(): Promise<Finding> {
  const path = tokenCacheFolder();
  const { bytes, dataSets } = await measureTokenCache(path);
  const held = `${counted(dataSets, "data set")}, ${gibibytes(bytes)} of at most ${gibibytes(TOKEN_CACHE_BYTES)} GiB`;
  return {
    name: "token cache",
    status: "ok",
    detail: `${held} in ${path} (may be deleted)`,
    facts: { path, bytes, limit: TOKEN_CACHE_BYTES, dataSets },
  };
}

/** Whether tasks that run programs can be evaluated. Training needs no sandbox. */
async function describeSandbox(): Promise<Finding> {
  const name = "code sandbox";
  const probe = await probeSandbox();
  if (!probe.available) {
    return {
      name,
      status: "absent",
      detail: `tasks that run programs are refused: ${probe.reason}`,
      facts: {},
    };
  }
  const { mode, python } = probe;
  const made = mode === "root" ? "by root's rights" : "in a user namespace";
  return {
    name,
    status: "ok",
    detail: `made ${made}, with Python ${python.version} in ${python.path}`,
    facts: { mode, python: python.path, version: python.version },
  };
}

const gibibytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);

/** @file What the processor can do, as Linux reports it. */
import { readFileSync } from "node:fs";

/** The flags of /proc/cpuinfo that name instructions a compiler may emit under `-march=native`. */
const INSTRUCTION_SET =
  /^(mmx|sse|ssse|avx|fma|f16c|bmi|abm|adx|aes|vaes|pclmul|vpclmul|gfni|sha|movbe|popcnt|rdrand|rdseed|rdpid|clwb|clflushopt|xsave|fsgsbase|amx|lahf|cx16|wbnoinvd|prfchw|3dnowprefetch|serialize|movdir|cldemote|waitpkg|ptwrite|enqcmd|tsxldtrk|uintr|hreset|kl|widekl|pku|ospke|sm3|sm4|apx)/;

/**
 * The instruction sets of this machine's processor, sorted; empty where /proc/cpuinfo cannot be read.
 *
 * @param {string} [cpuinfo] text of /proc/cpuinfo
 * @returns {string[]}
 */
export function instructionSets(cpuinfo) {
  let text = cpuinfo;
  try {
    text ??= readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return [];
  }
  const flags = /^flags\s*:(.*)$/m.exec(text)?.[1].trim().split(/\s+/) ?? [];
  return flags.filter((flag) => INSTRUCTION_SET.test(flag)).sort();
}

/**
 * The widest vector code that libtorch's headers know for these instruction sets.
 *
 * @param {readonly string[]} sets
 * @returns {"AVX512" | "AVX2" | "DEFAULT"}
 */
export function vectorCapability(sets) {
  const has = (/** @type {string[]} */ ...names) => names.every((name) => sets.includes(name));
  if (!has("avx2", "fma", "f16c")) return "DEFAULT";
  return has("avx512f", "avx512dq", "avx512vl", "avx512bw") ? "AVX512" : "AVX2";
}

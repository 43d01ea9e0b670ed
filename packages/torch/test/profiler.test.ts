import { afterEach, describe, expect, it } from "vitest";
import {
  aten,
  full,
  kernels,
  ones,
  type Profile,
  type ProfileEvent,
  recordFunction,
  scope,
  startProfiler,
  stopProfiler,
} from "../src/index.js";
import { runNode } from "./run-node.js";
import { torchError } from "./torch-error.js";

function profileOf(body: () => void, options: { limit?: number } = {}): Profile {
  startProfiler(options);
  try {
    scope(body);
  } catch (error) {
    stopProfiler();
    throw error;
  }
  return stopProfiler();
}

const named = ({ events }: Profile, name: string, category: string) =>
  events.filter((event) => event.name === name && event.category === category);

const contains = (outer: ProfileEvent, inner: ProfileEvent) =>
  outer.start <= inner.start && inner.end <= outer.end;

/** Events that overlap an earlier one of their thread without lying inside it. */
function misnested({ events }: Profile): ProfileEvent[] {
  return events.filter((event, index) =>
    events
      .slice(0, index)
      .some((other) => other.thread === event.thread && other.end > event.start && other.end < event.end),
  );
}

describe("the profiler", () => {
  it("sees calls over the bridge, and the operators within them", () => {
    const profile = profileOf(() => {
      const a = ones([64, 64]);
      recordFunction("product", () => aten.linear(a, a));
    });
    const [span] = named(profile, "product", "span");
    const [call] = named(profile, "aten::linear", "bridge");
    const [operator] = named(profile, "aten::linear", "operator");
    const [inner] = named(profile, "aten::mm", "operator");
    expect(contains(span!, call!)).toBe(true);
    expect(contains(call!, operator!)).toBe(true);
    expect(contains(operator!, inner!)).toBe(true);
    expect(named(profile, "dispose", "bridge").length).toBeGreaterThan(0);
    expect(misnested(profile)).toEqual([]);
    expect(profile.dropped).toBe(0);
    expect(new Set(profile.events.map(({ thread }) => thread))).toEqual(new Set([profile.thread]));
  });

  it("sees the nodes that the backward pass runs, and the operators in them", () => {
    const profile = profileOf(() => {
      const a = ones([8, 8]);
      a.requiresGrad = true;
      const product = aten.mm(a, a);
      product.backward(full([8, 8], 1));
    });
    const [engine] = named(profile, "autograd::backward", "operator");
    const [node] = profile.events.filter((event) => event.category === "backward");
    expect(node!.name).toContain("MmBackward");
    expect(contains(engine!, node!)).toBe(true);
    expect(named(profile, "aten::mm", "operator").filter((event) => contains(node!, event))).toHaveLength(2);
  });

  it("names the nodes of the project's own kernels after the kernel", () => {
    const profile = profileOf(() => {
      const a = ones([8, 8]);
      a.requiresGrad = true;
      kernels.swiglu(a, a).backward(full([8, 8], 1));
    });
    expect(named(profile, "Gated<Silu>Backward", "backward")).toHaveLength(1);
  });

  it("keeps time on the clock of process.hrtime, from the base that it is given", () => {
    const base = process.hrtime.bigint() - 1_000_000_000n;
    startProfiler({ base });
    scope(() => ones([2]));
    const { events } = stopProfiler();
    const elapsed = Number(process.hrtime.bigint() - base);
    expect(events[0]!.start).toBeGreaterThan(1e9);
    expect(events.at(-1)!.end).toBeLessThan(elapsed);
  });

  it("keeps as many events as it is told and counts the others", () => {
    const profile = profileOf(
      () => {
        for (let index = 0; index < 10; index++) recordFunction("span", () => ones([2]));
      },
      { limit: 5 },
    );
    expect(profile.events).toHaveLength(10);
    expect(named(profile, "span", "span")).toHaveLength(5);
    expect(profile.dropped).toBeGreaterThanOrEqual(5 + 15);
  });

  it("ends spans of bodies that throw and of promises", async () => {
    startProfiler();
    expect(() =>
      recordFunction("thrown", () => {
        throw new Error("in the span");
      }),
    ).toThrow("in the span");
    await recordFunction("awaited", () => new Promise((resolve) => setTimeout(resolve, 20)));
    const profile = stopProfiler();
    expect(named(profile, "thrown", "span")).toHaveLength(1);
    const [awaited] = named(profile, "awaited", "span");
    expect(awaited!.end - awaited!.start).toBeGreaterThan(15e6);
  });

  it("sees an operator that fails", () => {
    startProfiler();
    expect(() => scope(() => aten.mm(ones([2, 3]), ones([2, 3])))).toThrow();
    expect(named(stopProfiler(), "aten::mm", "operator")).toHaveLength(1);
  });

  it("records nothing before it starts and after it has stopped", () => {
    scope(() => recordFunction("before", () => ones([2])));
    expect(profileOf(() => {}).events).toEqual([]);
    scope(() => recordFunction("after", () => ones([2])));
    expect(profileOf(() => {}).events).toEqual([]);
  });
});

describe("mistakes", () => {
  afterEach(() => {
    try {
      stopProfiler();
    } catch {}
  });

  it("refuses a second start, a stop without a start, and limits that make no sense", () => {
    const mistake = (message: string) => ({
      code: "TORCH_ARGUMENT_VALUE",
      message: expect.stringContaining(message),
    });
    expect(torchError(() => stopProfiler())).toMatchObject(mistake("not running"));
    expect(torchError(() => startProfiler({ limit: 0 }))).toMatchObject(mistake("1 to 10000000"));
    startProfiler();
    expect(torchError(() => startProfiler())).toMatchObject(mistake("running already"));
  });
});

describe("threads and processes", () => {
  it("belongs to one JavaScript thread", () => {
    const { stdout, stderr } = runNode(`
      import { Worker } from "node:worker_threads";
      torch.startProfiler();
      const source = \`
        import(\${JSON.stringify(${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)})}).then((torch) => {
          torch.startProfiler();
          torch.scope(() => torch.aten.mm(torch.ones([2, 2]), torch.ones([2, 2])));
        });\`;
      await new Promise((resolve) => new Worker(source, { eval: true }).on("exit", resolve));
      torch.scope(() => torch.ones([2]).exp());
      const names = torch.stopProfiler().events.map(({ name }) => name);
      console.log(names.includes("aten::mm"), names.includes("aten::exp"));
    `);
    expect(stderr).toBe("");
    expect(stdout).toBe("false true\n");
  });

  it("may run when the process ends", () => {
    const { status, stderr } = runNode("torch.startProfiler(); torch.ones([2]).exp(); process.exit(0);");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});

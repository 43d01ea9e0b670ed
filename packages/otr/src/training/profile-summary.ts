/** @file What a profile says of a step: which share is spent outside of libtorch, and what takes the time inside. */
import type { Profile, ProfileEvent } from "@one-token/torch";

/** The events of one optimizer step. */
export interface ProfiledStep {
  /** Counted from 1. */
  readonly step: number;
  /** In nanoseconds, on the clock of the events. */
  readonly start: number;
  readonly end: number;
  readonly profile: Profile;
}

/** A part of the step, all shares being of the whole step. */
export interface PhaseSummary {
  readonly name: string;
  readonly share: number;
  readonly outsideShare: number;
}

export interface OperatorSummary {
  readonly name: string;
  /** A step. */
  readonly calls: number;
  /** Without the operators that it called itself. */
  readonly share: number;
}

export interface ProfileSummary {
  /** Mean seconds of a step, of profiled ones. */
  readonly stepTime: number;
  /** Share of a step that is spent outside of libtorch: in JavaScript and in the bridge. */
  readonly outsideShare: number;
  /** The part of it that the bridge takes: converting arguments and results, freeing tensors. */
  readonly bridgeShare: number;
  /** In the order of their beginning; `other` is what lies between them. */
  readonly phases: readonly PhaseSummary[];
  /** The ten that take most time. */
  readonly operators: readonly OperatorSummary[];
  /** Events that found no place; where there are any, the shares are wrong. */
  readonly dropped: number;
}

const SHOWN_OPERATORS = 10;

/**
 * Means over `steps`, of which there is at least one.
 *
 * Outside of libtorch is a step's time without the union of the intervals, in whatever thread, in which an operator or the
 * autograd engine runs. What the profiler itself takes counts as outside where it is not within an operator.
 */
export function summarizeProfile(steps: readonly ProfiledStep[]): ProfileSummary {
  const total = sum(steps, ({ start, end }) => end - start);
  const phases = new Map<string, { time: number; outside: number }>();
  const operators = new Map<string, { calls: number; time: number }>();
  let outside = 0;
  let bridge = 0;
  for (const { start, end, profile } of steps) {
    const busy = mergedIntervals(profile.events.filter(isInside), start, end);
    const stepOutside = end - start - covered(busy, start, end);
    outside += stepOutside;
    const other = { time: end - start, outside: stepOutside };
    for (const span of outermostSpans(profile.events)) {
      const time = span.end - span.start;
      const spanOutside = time - covered(busy, span.start, span.end);
      const phase = entry(phases, span.name, { time: 0, outside: 0 });
      phase.time += time;
      phase.outside += spanOutside;
      other.time -= time;
      other.outside -= spanOutside;
    }
    const rest = entry(phases, "other", { time: 0, outside: 0 });
    rest.time += other.time;
    rest.outside += other.outside;
    for (const { event, time } of selfTimes(profile.events.filter(({ category }) => category !== "span"))) {
      if (event.category === "bridge") {
        bridge += time;
        continue;
      }
      const operator = entry(operators, event.name, { calls: 0, time: 0 });
      operator.calls++;
      operator.time += time;
    }
  }
  return {
    stepTime: total / steps.length / 1e9,
    outsideShare: outside / total,
    bridgeShare: bridge / total,
    phases: [...phases].map(([name, { time, outside }]) => ({
      name,
      share: time / total,
      outsideShare: outside / total,
    })),
    operators: [...operators]
      .sort(([, a], [, b]) => b.time - a.time)
      .slice(0, SHOWN_OPERATORS)
      .map(([name, { calls, time }]) => ({ name, calls: calls / steps.length, share: time / total })),
    dropped: sum(steps, ({ profile }) => profile.dropped),
  };
}

type Interval = readonly [start: number, end: number];

const isInside = ({ category }: ProfileEvent) => category === "operator" || category === "backward";

const sum = <T>(items: readonly T[], value: (item: T) => number) =>
  items.reduce((total, item) => total + value(item), 0);

function entry<T>(map: Map<string, T>, key: string, initial: T): T {
  const found = map.get(key) ?? initial;
  map.set(key, found);
  return found;
}

/** The union of the events' intervals within a range, ascending. */
function mergedIntervals(events: readonly ProfileEvent[], from: number, to: number): Interval[] {
  const merged: [number, number][] = [];
  for (const { start, end } of [...events].sort((a, b) => a.start - b.start)) {
    const clipped: [number, number] = [Math.max(start, from), Math.min(end, to)];
    const last = merged.at(-1);
    if (last !== undefined && clipped[0] <= last[1]) last[1] = Math.max(last[1], clipped[1]);
    else if (clipped[0] < clipped[1]) merged.push(clipped);
  }
  return merged;
}

/** How much of a range the intervals cover. */
function covered(intervals: readonly Interval[], from: number, to: number): number {
  return sum(intervals, ([start, end]) => Math.max(0, Math.min(end, to) - Math.max(start, from)));
}

/** The spans that lie in no other. */
function outermostSpans(events: readonly ProfileEvent[]): ProfileEvent[] {
  const outermost: ProfileEvent[] = [];
  for (const event of events) {
    if (event.category === "span" && event.start >= (outermost.at(-1)?.end ?? 0)) outermost.push(event);
  }
  return outermost;
}

/** Each event with its time without that of the events right inside it; `events` are sorted as a {@link Profile}'s. */
function selfTimes(events: readonly ProfileEvent[]): { event: ProfileEvent; time: number }[] {
  const open: { event: ProfileEvent; time: number }[] = [];
  return events.map((event) => {
    while (open.length > 0 && !contains(open.at(-1)!.event, event)) open.pop();
    const own = { event, time: event.end - event.start };
    const parent = open.at(-1);
    if (parent !== undefined) parent.time -= own.time;
    open.push(own);
    return own;
  });
}

const contains = (outer: ProfileEvent, inner: ProfileEvent) =>
  outer.thread === inner.thread && inner.start >= outer.start && inner.end <= outer.end;

import { FAULT_KINDS, type FaultKind } from '../nemesis-plan.ts';
import { runSeed, type SeedOptions, type SeedReport } from './run-seed.ts';

/** A failing run, as short as it became. */
export interface Shrunk {
  readonly options: SeedOptions;
  readonly report: SeedReport;
}

/** Fewer shoppers make a shorter history, as long as they still show it. */
const TRAFFIC = [0.1, 0.25, 0.5] as const;
const HOUR_MS = 3_600_000;
/** A failure at rest comes after the hours that caused it; nothing shorter than this is tried. */
const HOURS_MIN = 0.05;

/** Numbers apart, two sentences about the same kind of failure are the same. */
const kindOf = (what: string): string => what.replace(/[0-9a-f]{12,}|\d+/g, '#').slice(0, 40);

async function failsAlike(options: SeedOptions, like: SeedReport): Promise<SeedReport | undefined> {
  const report = await runSeed({ ...options, keepTrace: false });
  const { violation } = report;
  if (violation === undefined || like.violation === undefined) return undefined;
  return kindOf(violation.what) === kindOf(like.violation.what) ? report : undefined;
}

async function firstThatFails(
  candidates: readonly SeedOptions[],
  found: Shrunk,
): Promise<Shrunk | undefined> {
  for (const options of candidates) {
    const report = await failsAlike(options, found.report);
    if (report !== undefined) return { options, report };
  }
  return undefined;
}

/** Leaves out fault after fault, as long as the run still fails in the same way. */
async function withFewerFaults(found: Shrunk): Promise<Shrunk> {
  let least = found;
  for (const kind of FAULT_KINDS) {
    const left: FaultKind[] = [...(least.options.without ?? []), kind];
    least = (await firstThatFails([{ ...least.options, without: left }], found)) ?? least;
  }
  return least;
}

/**
 * Makes a failing run shorter: fewer kinds of faults, fewer shoppers, fewer hours.
 *
 * @returns the run with its whole trace.
 */
export async function shrink(options: SeedOptions, failing: SeedReport): Promise<Shrunk> {
  let found = await withFewerFaults({ options, report: failing });
  const quieter = TRAFFIC.map((traffic) => ({ ...found.options, traffic }));
  found = (await firstThatFails(quieter, found)) ?? found;
  const hours = [0.25, 0.5].map((part) => Math.max(HOURS_MIN, found.options.hours * part));
  const shorter = hours.map((each) => ({ ...found.options, hours: each }));
  found = (await firstThatFails(shorter, found)) ?? found;
  return { options: found.options, report: await runSeed({ ...found.options, keepTrace: true }) };
}

/** The command that runs it again. */
export function replayCommand({ seed, hours, without = [], traffic, mutant }: SeedOptions): string {
  const flags = [
    `--seed ${seed}`,
    `--hours ${hours}`,
    ...(without.length === 0 ? [] : [`--without ${without.join(',')}`]),
    ...(traffic === undefined ? [] : [`--traffic ${traffic}`]),
    ...(mutant === undefined ? [] : [`--mutant ${mutant.name}`]),
    '--trace',
  ];
  return `npm run simulate -- ${flags.join(' ')}`;
}

/** What a reader is shown of a long history: the end of it. */
const LINES_SHOWN = 60;
const LINE_LENGTH_MAX = 400;

/** Words that two lines about the same thing share: ids, and skus. */
function wordsOf(what: string): string[] {
  return what
    .split(/[^\w.-]+/)
    .filter((word) => word.length > 1 && /\d|^(chair|lamp|desk|screw|bolt)$/.test(word));
}

/** The end of a history, without what has nothing to do with how it ended. */
export function renderHistory({ lines, violation }: SeedReport): string {
  const words = wordsOf(violation?.what ?? '');
  const matters = (text: string) =>
    text.startsWith('nemesis') ||
    (!/^replicated|^stream/.test(text) && words.some((word) => text.includes(word)));
  const shown = lines.filter(({ text }) => matters(text)).slice(-LINES_SHOWN);
  const [first] = lines;
  const startMs = first?.atMs ?? 0;
  return shown
    .map(({ atMs, text }) => `${clockOf(atMs - startMs)} ${text.slice(0, LINE_LENGTH_MAX)}`)
    .join('\n');
}

/** Time since the start, to the millisecond. */
const clockOf = (sinceMs: number): string => new Date(sinceMs % (24 * HOUR_MS)).toISOString().slice(11, 23);

/** Three regions, a thousand simulated hours in which everything goes wrong, and every mutant of the protocol. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MUTANTS } from '../../lib/simulation/mutants/mutants.ts';
import { floorFaults, totalOf } from '../../lib/simulation/runner/floors.ts';
import { huntMutants, renderHunt } from '../../lib/simulation/runner/hunt-mutants.ts';
import { runMany } from '../../lib/simulation/runner/run-many.ts';
import { runSeed, type SeedReport } from '../../lib/simulation/runner/run-seed.ts';
import type { SeedTask } from '../../lib/simulation/runner/seed-task.ts';
import { replayCommand } from '../../lib/simulation/runner/shrink.ts';

const SEEDS = 1_000;
const HOURS = 1;
/** Two cores need six to nine minutes; a machine that others use as well needs several times that. */
const TIMEOUT_MS = 25 * 60_000;
/** The slowest mutants take about twenty: one that takes twice as many is hardly found. */
const MUTANT_SEEDS_MAX = 40;

async function runSeeds(): Promise<SeedReport[]> {
  function* tasks(): Generator<SeedTask> {
    for (let seed = 1; seed <= SEEDS; seed += 1) yield { seed, hours: HOURS, without: [] };
  }
  const reports: SeedReport[] = [];
  await runMany({ tasks: tasks(), isDone: () => false, onReport: (report) => reports.push(report) });
  return reports;
}

/** The hash of a run in a process of its own. */
function hashElsewhere(seed: number): string | undefined {
  const program = join(import.meta.dirname, '..', '..', 'bin', 'simulate.ts');
  const output = execFileSync(process.execPath, [program, '--seed', String(seed), '--hours', String(HOURS)]);
  return /"hash":"(\w+)"/.exec(output.toString())?.[1];
}

describe('the protocol', { timeout: TIMEOUT_MS }, () => {
  it(`keeps its promises for ${SEEDS} simulated hours in which much goes wrong`, async () => {
    const reports = await runSeeds();
    const violations = reports.flatMap(({ seed, violation }) =>
      violation === undefined ? [] : [`${violation.what}: ${replayCommand({ seed, hours: HOURS })}`],
    );
    const totals = totalOf(reports);
    process.stdout.write(`${JSON.stringify(totals)}\n`);
    expect(violations).toEqual([]);
    expect(reports).toHaveLength(SEEDS);
    expect(floorFaults(totals)).toEqual([]);
  });

  it('does the same again for the same seed, also in another process', async () => {
    for (const seed of [1, 2, 3]) {
      const { hash } = await runSeed({ seed, hours: HOURS });
      expect((await runSeed({ seed, hours: HOURS })).hash).toBe(hash);
      expect(hashElsewhere(seed)).toBe(hash);
    }
  });

  it('is caught at every mistake that somebody could make in it', async () => {
    const hunted = await huntMutants({
      mutants: MUTANTS.map(({ name }) => name),
      firstSeed: 1,
      seedsMax: MUTANT_SEEDS_MAX,
      task: { hours: HOURS, without: [] },
    });
    process.stdout.write(`${renderHunt(hunted)}\n`);
    expect(hunted.filter(({ found }) => found === undefined)).toEqual([]);
    expect(hunted.length).toBeGreaterThanOrEqual(20);
  });
});

/** What operations cost in the embedded stack, by its meter. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationTotals } from '../../lib/local/meter/meter.ts';
import type { TestStack } from './stack.ts';

export interface Spent {
  readonly writes: number;
  readonly reads: number;
}

const NOTHING: Spent = { writes: 0, reads: 0 };
const QUIET_MS = 60_000;

/** What runs whether anybody buys or not. */
const isSweep = ({ name }: OperationTotals): boolean => /-Sweep/.test(name);
const isAudit = ({ name }: OperationTotals): boolean => /-Audit/.test(name);

const sumOf = (totals: readonly OperationTotals[]): Spent =>
  totals.reduce(
    ({ writes, reads }, { writeUnits, readUnits }) => ({
      writes: writes + writeUnits,
      reads: reads + readUnits,
    }),
    NOTHING,
  );

/** Asks the meter of a stack what something cost, with all that follows from it. */
export class UnitMeter {
  readonly #test: TestStack;

  constructor(test: TestStack) {
    this.#test = test;
  }

  async quiesce(): Promise<void> {
    await this.#test.control.expect(200, 'POST /quiesce', { timeoutMs: QUIET_MS });
  }

  async #totalsOf(work: () => Promise<unknown>): Promise<readonly OperationTotals[]> {
    await this.#test.control.expect(200, 'DELETE /meter');
    await work();
    await this.quiesce();
    const { body } = await this.#test.control.expect(200, 'GET /meter');
    return body.operations.filter((totals: OperationTotals) => !isAudit(totals));
  }

  /**
   * For each of some operations, without the looks of the sweep, and without what the stream makes of its signs of
   * life: it writes one with each look, and the watermark is written once for it.
   */
  async each(times: number, work: (index: number) => Promise<unknown>): Promise<Spent> {
    const totals = await this.#totalsOf(async () => {
      for (let index = 0; index < times; index += 1) await work(index);
    });
    const looks = sumOf(totals.filter(isSweep)).writes;
    const { writes, reads } = sumOf(totals.filter((one) => !isSweep(one)));
    return { writes: (writes - looks) / times, reads: reads / times };
  }

  /** For each of some holds that expire: a minute in which they do, less a minute in which nothing does. */
  async eachExpiry(times: number): Promise<Spent> {
    const minute = async () => {
      const advance = () => this.#test.control.expect(200, 'POST /clock', { advanceMs: 61_000 });
      return sumOf(await this.#totalsOf(advance));
    };
    const busy = await minute();
    const idle = await minute();
    return { writes: (busy.writes - idle.writes) / times, reads: (busy.reads - idle.reads) / times };
  }

  /** For each look of the sweep that finds nothing, with the watermark. */
  async eachIdleLook(waitMs: number): Promise<Spent> {
    const totals = await this.#totalsOf(() => sleep(waitMs));
    const looks = sumOf(totals.filter(isSweep)).writes;
    const { writes, reads } = sumOf(totals);
    return { writes: writes / looks, reads: reads / looks };
  }
}

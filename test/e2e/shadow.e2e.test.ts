/** The decisions of another system, beside ours. */
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodeOf, shadowFile } from '../../lib/migrate/shadow/shadow-command.ts';
import { parseShadowOptions } from '../../lib/migrate/shadow/shadow-options.ts';
import { lines, location, machine, NewHome, product, stock, strong } from './new-home.ts';

let home: NewHome;

beforeAll(async () => {
  home = await NewHome.open();
}, 120_000);
afterAll(() => home?.close());

function runShadow(log: readonly object[], key: string, ...more: readonly string[]) {
  const options = parseShadowOptions([...home.flags('-', key), ...more]);
  const stdin = Readable.from(log.map((decision) => Buffer.from(`${JSON.stringify(decision)}\n`)));
  const report = shadowFile(options, machine(stdin), new AbortController().signal);
  return report.then((found) => ({ report: found, exitCode: exitCodeOf(found, options) }));
}

const at = (second: number) => new Date(Date.parse('2026-11-24T10:00:00Z') + second * 1000).toISOString();
const hold = (second: number, id: string, sku: string, more: object = {}) => {
  return { at: at(second), id, request: 'hold', lines: lines(sku, 1), ttlSeconds: 60, ...more };
};
const step = (second: number, id: string, request: string, more: object = {}) => {
  return { at: at(second), id, request, ...more };
};

describe('a shadow', { timeout: 120_000 }, () => {
  it('finds what the old system sold twice, and what it did not sell', async () => {
    const { key, caller } = await home.newTenant();
    await home.runImport(home.write('shelf.jsonl', [location, product('VASE'), stock('VASE', 2)]), key);
    const { report, exitCode } = await runShadow(
      [
        hold(0, 'a', 'VASE', { available: 1 }),
        hold(1, 'b', 'VASE', { available: 0 }),
        hold(1, 'c', 'VASE', { available: -1 }),
        step(10, 'a', 'confirm'),
        step(11, 'c', 'confirm'),
        step(70, 'b', 'confirm'),
        hold(80, 'd', 'VASE', { decision: 'refused' }),
        step(90, 'd2', 'receipt', { sku: 'VASE', locationId: 'north', quantity: 3 }),
        hold(91, 'e', 'VASE'),
        step(92, 'e', 'confirm', { decision: 'refused' }),
        step(95, 'e', 'release'),
        step(99, 'a', 'ship', { available: { VASE: 4 } }),
      ],
      key,
      '--fail-on-difference',
    );
    expect(report.differences).toEqual({
      oversell: 1,
      missed_sale: 1,
      late_confirmation: 1,
      step_refused: 0,
      step_possible: 1,
      availability: 1,
    });
    expect(report).toMatchObject({ decisions: 12, agreed: 7, unjudged: 1, bad: { lines: 0 } });
    expect(report.examples.oversell).toMatchObject([{ id: 'c', line: 3 }]);
    expect(report.examples.availability).toMatchObject([{ id: 'c', detail: 'VASE: -1 there, 0 here' }]);
    expect(exitCode).toBe(1);
    expect(await strong(caller, 'VASE')).toMatchObject({ onHand: 4, available: 4, held: 0, committed: 0 });
  });

  it('finds nothing where both decide alike, line by line that can be read', async () => {
    const { key } = await home.newTenant();
    await home.runImport(home.write('shelf.jsonl', [location, product('VASE'), stock('VASE', 1)]), key);
    const log = [hold(0, 'a', 'VASE'), hold(1, 'b', 'VASE', { decision: 'refused' }), hold(61, 'c', 'VASE')];
    expect(await runShadow(log, key, '--fail-on-difference')).toMatchObject({
      report: { ok: true, agreed: 3 },
      exitCode: 0,
    });
    const holey = await runShadow([{ at: 'now' }], key, '--run', 'second');
    expect(holey).toMatchObject({ report: { ok: false, bad: { lines: 1 } }, exitCode: 1 });
  });
});

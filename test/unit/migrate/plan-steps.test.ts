import { describe, expect, it } from 'vitest';
import { judgeDecision, readDecisions } from '../../../lib/migrate/shadow/decision.ts';
import { planSteps } from '../../../lib/migrate/shadow/plan-steps.ts';
import { gather, jsonLines, textSource } from './text-source.ts';

const at = (second: number) => new Date(Date.parse('2026-11-24T10:00:00Z') + second * 1000).toISOString();
const lines = (...skus: readonly string[]) => skus.map((sku) => ({ sku, quantity: 1 }));
const hold = (second: number, id: string, ttlSeconds: number) => {
  return { at: at(second), id, request: 'hold', lines: lines('A'), ttlSeconds };
};

/** What is played, in its order: an expiry as the id with a minus. */
async function played(...decisions: readonly object[]): Promise<string[]> {
  const source = textSource('jsonl', jsonLines(...decisions));
  const steps = await gather(planSteps(readDecisions(source), () => undefined));
  return steps.map((step) =>
    step.does === 'expiry' ? `-${step.id}` : `${step.decision.request} ${step.decision.id}`,
  );
}

describe('the steps of a log', () => {
  it('end holds at their time, the first one first, before whatever happens then', async () => {
    expect(
      await played(hold(0, 'a', 60), hold(1, 'b', 30), hold(31, 'c', 900), {
        ...hold(60, 'd', 9),
        decision: 'refused',
      }),
    ).toEqual(['hold a', 'hold b', '-b', 'hold c', '-a', 'hold d']);
  });

  it('end no hold that was confirmed, given back, refused or extended by then', async () => {
    const later = (second: number, id: string, request: string, more: object = {}) => {
      return { at: at(second), id, request, ...more };
    };
    const steps = await played(
      hold(0, 'a', 10),
      hold(0, 'b', 10),
      hold(0, 'c', 10),
      { ...hold(0, 'd', 10), decision: 'refused' },
      later(5, 'a', 'confirm'),
      later(5, 'b', 'release'),
      later(5, 'c', 'extend', { ttlSeconds: 100 }),
      hold(50, 'e', 900),
      hold(106, 'f', 900),
    );
    expect(steps.filter((step) => step.startsWith('-'))).toEqual(['-c']);
    expect(steps.at(-2)).toBe('-c');
  });

  it('know the skus of what was held before, so that they come in its order', async () => {
    const log = [hold(0, 'a', 900), { at: at(1), id: 'a', request: 'confirm', available: { B: 1 } }];
    const steps = await gather(
      planSteps(readDecisions(textSource('jsonl', jsonLines(...log))), () => undefined),
    );
    expect(steps.map(({ skus }) => skus)).toEqual([['A'], ['A', 'B']]);
  });
});

describe('a decision', () => {
  it('of CSV has the lines of all its rows', async () => {
    const text = [
      'at,id,request,decision,sku,quantity,ttlSeconds,locationId,available',
      `${at(0)},a,hold,granted,A,1,60,,`,
      `${at(0)},a,hold,granted,B,2,60,,`,
      `${at(1)},a,confirm,,,,,,`,
      `${at(2)},m1,receipt,,A,5,,north,7`,
    ].join('\n');
    const decisions = await gather(readDecisions(textSource('csv', text)));
    expect(decisions).toMatchObject([
      {
        request: 'hold',
        lines: [
          { sku: 'A', quantity: 1 },
          { sku: 'B', quantity: 2 },
        ],
      },
      { request: 'confirm', lines: undefined },
      { request: 'receipt', movement: { sku: 'A', quantity: 5 }, available: new Map([['A', 7]]) },
    ]);
  });

  it.each([
    [{ request: 'sell' }, 'request must be one of'],
    [{ request: 'hold', at: at(0), id: 'a' }, 'lines are needed'],
    [{ request: 'confirm', at: 'yesterday', id: 'a' }, 'at must be an ISO 8601 time'],
    [
      { request: 'hold', at: at(0), id: 'a', lines: lines('A', 'B'), available: 3 },
      'available must name the skus',
    ],
    [{ request: 'receipt', at: at(0), id: 'a', sku: 'A', locationId: 'n', quantity: 0 }, 'quantity must be'],
  ])('says what is wrong with it: %j', (fields, problem) => {
    expect(judgeDecision(3, fields)).toMatchObject({ line: 3, problem: expect.stringContaining(problem) });
  });
});

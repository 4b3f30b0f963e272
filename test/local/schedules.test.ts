import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StackClock } from '../../lib/local/clock.ts';
import { Scheduler } from '../../lib/local/schedules/scheduler.ts';
import { parseRate, type ScheduleDefinition } from '../../lib/local/template/schedules.ts';

describe('a rate', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(2 hours)', 7_200_000],
    ['rate(1 day)', 86_400_000],
  ])('%s is %d ms', (expression, periodMs) => {
    expect(parseRate(expression, 'here')).toBe(periodMs);
  });

  it.each(['rate(0 minutes)', 'rate(1 second)', 'cron(0 12 * * ? *)', 'hourly'])(
    '%s is refused',
    (expression) => {
      expect(() => parseRate(expression, 'here')).toThrow(`here: ${expression} is not a rate`);
    },
  );
});

describe('a schedule', () => {
  const MINUTE_MS = 60_000;
  let clock: StackClock;
  let events: { time: string }[];
  let scheduler: Scheduler;

  beforeEach(() => {
    vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00.500Z') });
    clock = new StackClock();
    events = [];
    const target = { function: {}, input: undefined } as ScheduleDefinition['targets'][number];
    scheduler = new Scheduler({
      region: 'eu-west-1',
      schedules: [{ ruleArn: 'arn:rule', periodMs: MINUTE_MS, targets: [target] }],
      clock,
      deliver: (_, event) => events.push(event as { time: string }),
    });
  });
  afterEach(() => {
    scheduler.stop();
    vi.useRealTimers();
  });

  it('runs at once and then every period, with the event of EventBridge', () => {
    scheduler.start();
    expect(events).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '000000000000',
        time: '2026-01-01T00:00:00Z',
        region: 'eu-west-1',
        resources: ['arn:rule'],
        detail: {},
      },
    ]);
    vi.advanceTimersByTime(MINUTE_MS - 1);
    expect(events).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(events).toHaveLength(2);
    vi.advanceTimersByTime(10 * MINUTE_MS);
    expect(events).toHaveLength(12);
  });

  it('runs when the clock is moved past its time, once', () => {
    scheduler.start();
    clock.advance(MINUTE_MS / 2);
    expect(events).toHaveLength(1);
    clock.advance(100 * MINUTE_MS);
    expect(events.map(({ time }) => time)).toEqual(['2026-01-01T00:00:00Z', '2026-01-01T01:40:30Z']);
    vi.advanceTimersByTime(MINUTE_MS);
    expect(events).toHaveLength(3);
  });

  it('is still after a stop', () => {
    scheduler.start();
    scheduler.stop();
    vi.advanceTimersByTime(5 * MINUTE_MS);
    clock.advance(5 * MINUTE_MS);
    expect(events).toHaveLength(1);
  });
});

/** What is found about capacity, as rows of tables: for the command, and for docs/capacity.md. */
import { figure, percent } from '../figures.ts';
import { type Capacity, LIMITS, OVERNIGHT, RAISED_AT_SHARE, type Warmth } from './capacity.ts';
import type { Load } from './load.ts';

type Rows = readonly (readonly string[])[];

/** Digits of an order count that anybody believes. */
const ROUGH_DIGITS = 2;
const rough = (value: number): string => Number(value.toPrecision(ROUGH_DIGITS)).toLocaleString('en-US');

export const loadRows = ({ average, peak, overnight }: Capacity): Rows => {
  const row = (name: string, of: (load: Load) => number) => [
    name,
    ...[average, peak, overnight].map((load) => figure(of(load))),
  ];
  return [
    ['a second, in each region', 'average', 'peak', `${OVERNIGHT} × peak`],
    row('requests', ({ requests }) => requests),
    row('of them reads of stock', ({ operations }) => operations.read),
    row('of them holds', ({ operations }) => operations.hold),
    row('write units', ({ writeUnits }) => writeUnits),
    row('read units', ({ readUnits }) => readUnits),
    row('changes of the stream', ({ changes }) => changes),
    row('events', ({ events }) => events),
  ];
};

export const limitRows = ({ limits }: Capacity): Rows => [
  ['what', 'unit', 'set by', 'most', 'average', 'peak', `${OVERNIGHT} × peak`, 'half at, orders a day'],
  ...limits.map(({ limit, most, average, peak, overnight, halfAtOrdersPerDay }) => [
    limit.name,
    limit.unit,
    limit.kind,
    figure(most),
    percent(average),
    percent(peak),
    percent(overnight),
    halfAtOrdersPerDay === undefined ? '-' : rough(halfAtOrdersPerDay),
  ]),
];

export const functionRows = ({ functions }: Capacity): Rows => [
  ['function', 'a second', 'at once', `at ${OVERNIGHT} × peak`],
  ...functions.map(({ name, perSecond, environments, overnight }) => [
    name,
    figure(perSecond),
    figure(environments),
    figure(overnight),
  ]),
];

/** Quotas of AWS to raise, the most urgent first: what ten times the peak would use up, or the peak half. */
export function quotaRows({ limits, demand }: Capacity): Rows {
  const urgent = limits.filter(
    ({ limit, peak, overnight }) => limit.kind === 'quota' && (overnight > 1 || peak > RAISED_AT_SHARE),
  );
  return [
    ['quota', 'now', 'for a peak that uses half', `for ${OVERNIGHT} × peak`, 'when'],
    ...urgent.map(({ limit, most, peak, overnight, halfAtOrdersPerDay = 0 }) => [
      limit.name,
      figure(most),
      peak > RAISED_AT_SHARE ? rough((most * peak) / RAISED_AT_SHARE) : 'enough',
      rough(most * overnight),
      halfAtOrdersPerDay <= demand.workload.ordersPerDay
        ? 'before this load'
        : `at ${rough(halfAtOrdersPerDay)} orders a day, or before a sale`,
    ]),
  ];
}

const warmRow =
  (when: string) =>
  ({ name, units, value, beyondQuota }: Warmth) => [
    when,
    `${figure(units)} ${name === 'warmReads' ? 'read' : 'write'} units`,
    value === undefined ? `no -c ${name}: a new table takes as much` : `-c ${name}=${value}`,
    beyondQuota ? 'raise the quota first: it is more than the table may take' : '',
  ];

export const warmRows = ({ warm }: Capacity): Rows => [
  ['for', 'a second', 'context value', 'note'],
  ...warm.peak.map(warmRow('the peak')),
  ...warm.overnight.map(warmRow(`${OVERNIGHT} × peak`)),
];

export const sizeRows = ({
  demand,
  storedGb,
  grownGbPerDay,
  logGbPerDay,
  peakMbPerSecond,
}: Capacity): Rows => [
  ['in each region', 'how much'],
  ['the table grows, GB a day', figure(grownGbPerDay)],
  [`the table after ${figure(demand.workload.months)} months, GB`, figure(storedGb)],
  ['the analytics log grows, GB a day', figure(logGbPerDay)],
  ['answers at the peak, MB a second', figure(peakMbPerSecond.answers)],
  ['to each other region at the peak, MB a second', figure(peakMbPerSecond.toEachRegion)],
];

/** What does not depend on the load: what a customer sees, and what to do. */
export const remedyRows = (): Rows => [
  ['Limit', 'From', 'What a customer sees', 'What to do'],
  ...LIMITS.map(({ name, source, seen, remedy }) => [
    name,
    source.startsWith('https:') ? `[AWS](${source})` : source.includes('/') ? `\`${source}\`` : source,
    seen,
    remedy,
  ]),
];

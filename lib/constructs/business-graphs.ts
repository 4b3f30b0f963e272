/** What is sold, as graphs: of one region, or of all, line by line. */
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { FunctionName } from '../config/functions.ts';
import { CHANGE_METRICS, HOLD_METRICS, type MetricName, SWEEP_METRICS } from '../config/metrics.ts';
import type { GraphProps } from './dashboard-rows.ts';
import { serviceMetric } from './service-metric.ts';

/** Sales come in fits and starts: over five minutes they are a line. */
const PERIOD = Duration.minutes(5);

/** How the lines of a graph are told apart, and where they come from. */
interface Source {
  /** @default that of the stack */
  readonly region?: string;
  /** In front of what a line is called. */
  readonly prefix: string;
}

/** Where a line comes from, and what it is called. */
interface Line extends Pick<Source, 'region'> {
  readonly label: string;
}

const sumOf = (name: MetricName, writer: FunctionName, { region, label }: Line): IMetric =>
  serviceMetric(name, writer, {
    statistic: Stats.SUM,
    period: PERIOD,
    label,
    ...(region !== undefined && { region }),
  });

/** Units confirmed for a hundred that were held: what is held later is confirmed later, so it may pass 100. */
const sellThrough = (source: Source, index: number): IMetric =>
  new MathExpression({
    expression: `IF(held${index} > 0, 100 * FILL(confirmed${index}, 0) / held${index})`,
    usingMetrics: {
      [`held${index}`]: sumOf(CHANGE_METRICS.unitsHeld, 'complete', { ...source, label: 'held' }),
      [`confirmed${index}`]: sumOf(CHANGE_METRICS.unitsConfirmed, 'complete', {
        ...source,
        label: 'confirmed',
      }),
    },
    period: PERIOD,
    label: `${source.prefix}sold of what was held`,
    ...(source.region !== undefined && { searchRegion: source.region }),
  });

const spread = ({ region, prefix }: Source): IMetric =>
  serviceMetric(CHANGE_METRICS.quotaSpread, 'complete', {
    statistic: Stats.AVERAGE,
    period: PERIOD,
    label: `${prefix}spread`,
    ...(region !== undefined && { region }),
  });

/** The graphs of the business, in the order in which they are read. */
export function businessGraphs(sources: readonly Source[]): GraphProps[] {
  const lines = (name: MetricName, writer: FunctionName, label: string) =>
    sources.map(({ prefix, ...source }) => sumOf(name, writer, { ...source, label: `${prefix}${label}` }));
  return [
    {
      title: 'Holds placed and confirmed, in five minutes',
      lines: [
        ...lines(CHANGE_METRICS.holdsGranted, 'complete', 'placed'),
        ...lines(CHANGE_METRICS.holdsConfirmed, 'complete', 'confirmed'),
      ],
    },
    { title: 'Units sold of a hundred held', lines: sources.map(sellThrough) },
    {
      title: 'Holds refused: sold out',
      lines: lines(HOLD_METRICS.refused, 'reserve', 'refused'),
    },
    {
      title: 'Holds that were never paid for and ended',
      lines: lines(SWEEP_METRICS.holdsExpired, 'sweep', 'expired'),
    },
    {
      title: 'How unevenly regions share the stock (0 alike, 100 all in one)',
      lines: sources.map(spread),
      max: 100,
    },
  ];
}

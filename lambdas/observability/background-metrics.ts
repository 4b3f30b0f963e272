import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { Trade } from '../../lib/application/trade-of.ts';
import { CHANGE_METRICS, METRICS_NAMESPACE, SWEEP_METRICS } from '../../lib/config/metrics.ts';

/** What one batch of changes is counted as. */
export interface ChangeMeasure {
  readonly records: number;
  /** Records that must be shown again. */
  readonly failed: number;
  /** Records that nobody can complete, put aside. */
  readonly parked: number;
  /** Age of the oldest and of the newest record; absent of an empty batch. */
  readonly oldestAgeMs?: number;
  readonly newestAgeMs?: number;
  /** Events that the bus has taken. */
  readonly sent: number;
  /** Messages that nobody took, kept for the sweep. */
  readonly kept: number;
  /** What shoppers did here. */
  readonly trade: Trade;
  /** How unevenly regions share what is being sold, in percent; absent when nobody looked. */
  readonly quotaSpreadPercent?: number;
}

/** What one look of the sweep is counted as. */
export interface SweepMeasure {
  /** Holds whose units were given back. */
  readonly expired: number;
  /** Messages that were taken at last. */
  readonly sent: number;
  /** Messages that nobody takes. */
  readonly stuck: number;
  /** How late the latest of the expired holds was; absent when none expired. */
  readonly expiryLagMs?: number;
}

type Unit = 'Count' | 'Milliseconds' | 'Percent';
type Figure = readonly [name: string, unit: Unit, value: number | undefined];

/** Metrics of one function, all of them in one line. What is not known is left out. */
function createFigures(functionName: string) {
  const metrics = new PowertoolsMetrics({ namespace: METRICS_NAMESPACE, serviceName: functionName });
  return (figures: readonly Figure[]): void => {
    for (const [name, unit, value] of figures) {
      if (value !== undefined) metrics.addMetric(name, unit, value);
    }
    metrics.publishStoredMetrics();
  };
}

/** Creates the metrics of the stream's function, written as one line (EMF) per batch. */
export function createChangeMetrics(functionName: string) {
  const write = createFigures(functionName);
  return {
    record({ trade, ...measure }: ChangeMeasure): void {
      write([
        [CHANGE_METRICS.changes, 'Count', measure.records],
        [CHANGE_METRICS.failed, 'Count', measure.failed],
        [CHANGE_METRICS.parked, 'Count', measure.parked],
        [CHANGE_METRICS.eventsSent, 'Count', measure.sent],
        [CHANGE_METRICS.kept, 'Count', measure.kept],
        [CHANGE_METRICS.holdsGranted, 'Count', trade.holdsGranted],
        [CHANGE_METRICS.unitsHeld, 'Count', trade.unitsHeld],
        [CHANGE_METRICS.holdsConfirmed, 'Count', trade.holdsConfirmed],
        [CHANGE_METRICS.unitsConfirmed, 'Count', trade.unitsConfirmed],
        [CHANGE_METRICS.oldestAge, 'Milliseconds', measure.oldestAgeMs],
        [CHANGE_METRICS.newestAge, 'Milliseconds', measure.newestAgeMs],
        [CHANGE_METRICS.quotaSpread, 'Percent', measure.quotaSpreadPercent],
      ]);
    },
  };
}

/** Creates the metrics of the sweep, written as one line (EMF) for each look that did something. */
export function createSweepMetrics(functionName: string) {
  const write = createFigures(functionName);
  return {
    record({ expired, sent, stuck, expiryLagMs }: SweepMeasure): void {
      write([
        [SWEEP_METRICS.holdsExpired, 'Count', expired],
        [SWEEP_METRICS.sentLater, 'Count', sent],
        [SWEEP_METRICS.stuck, 'Count', stuck],
        [SWEEP_METRICS.expiryLag, 'Milliseconds', expiryLagMs],
      ]);
    },
  };
}

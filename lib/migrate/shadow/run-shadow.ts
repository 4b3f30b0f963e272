import type { Clock } from '../../application/ports.ts';
import type { Progress } from '../../command-line/progress.ts';
import type { PatientClient } from '../../replay/http/patient-client.ts';
import { forEachInOrder } from '../../replay/slots.ts';
import { SupplyRises } from '../../replay/supply-rises.ts';
import { Turns } from '../../replay/turns.ts';
import type { RecordSource } from '../read-records.ts';
import { compareAvailability } from './compare-availability.ts';
import { type BadDecision, type Decision, readDecisions } from './decision.ts';
import { planSteps, type Step } from './plan-steps.ts';
import { playHold } from './play-hold.ts';
import { playExpiry, playLater, playMovement } from './play-step.ts';
import { type Difference, type ShadowReport, ShadowTally, type Verdict } from './shadow-report.ts';
import { ShadowedReservations, type ShadowWorld } from './shadow-world.ts';

/** Steps under way at once, for each request that may be in flight: a step waits for others most of its time. */
const OPEN_STEPS_PER_REQUEST = 4;

export interface ShadowPlan {
  readonly source: RecordSource;
  readonly concurrency: number;
  readonly run: string;
}

export interface ShadowSurroundings {
  readonly client: PatientClient;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly progress: Progress;
  /** Receives each difference and each line that cannot be read, as it happens. */
  readonly onDifference: (difference: Difference) => void;
  readonly onBad: (bad: BadDecision) => void;
}

function play(world: ShadowWorld, decision: Decision): Promise<Verdict> {
  if (decision.about === 'stock') return playMovement(world, decision);
  return decision.request === 'hold' ? playHold(world, decision) : playLater(world, decision);
}

async function playStep(world: ShadowWorld, step: Step): Promise<Verdict[]> {
  if (step.does === 'expiry') {
    await playExpiry(world, step.id);
    return [];
  }
  const { decision } = step;
  const verdict = await play(world, decision);
  return [verdict, ...(await compareAvailability(world, decision.available))];
}

/**
 * Plays the decisions of another system in their order, and tells where Holdfast decides otherwise.
 *
 * @throws UsageError, UnexpectedAnswerError, OutOfPatienceError.
 */
export async function runShadow(
  { source, concurrency, run }: ShadowPlan,
  { client, clock, progress, onDifference, onBad }: ShadowSurroundings,
): Promise<ShadowReport> {
  const tally = new ShadowTally();
  const turns = new Turns();
  const world = { client, clock, rises: new SupplyRises(), reservations: new ShadowedReservations(), run };
  const steps = planSteps(readDecisions(source), (bad) => {
    tally.addBad(bad);
    onBad(bad);
  });
  const note = (decision: Decision, verdicts: readonly Verdict[]) => {
    tally.addDecision();
    for (const verdict of verdicts) {
      const difference = tally.add(decision, verdict);
      if (difference !== undefined) onDifference(difference);
    }
    progress.advance();
  };
  await forEachInOrder(steps, concurrency * OPEN_STEPS_PER_REQUEST, async (step) => {
    // Before anything is awaited: turns are taken in the order of the log.
    const turn = turns.take(step.skus);
    try {
      await turn.ready;
      const verdicts = await playStep(world, step);
      if (step.does === 'decide') note(step.decision, verdicts);
    } catch (error) {
      // What is under way gives up as well instead of being asked for again and again.
      client.abort(error);
      throw error;
    } finally {
      turn.pass();
    }
  });
  return tally.report(source.file);
}

import { StoreUnavailableError } from '../application/ports.ts';
import type { CallFault } from './call-faults.ts';
import type { CallParties, StoreRequest } from './store-request.ts';

/** A caller that hears nothing gives up after this long. */
const TIMEOUT_MS = 2_000;
/** The shortest time after which a caller learns that it reaches nothing. */
const SOONEST_FAILURE_MS = 50;
/** A call that is held up: a little, or until the caller has given up. */
const DELAY_MS = [100, 3_000] as const;
/** A duplicate comes while the first answer is on its way, or much later. */
const DUPLICATE_AFTER_MS = [5, 10_000] as const;
/** The client waits this long before it sends a commit again whose answer was lost. */
const REPEAT_AFTER_MS = [50, 600] as const;
/** A journey is up to this much longer than half a round trip. */
const JITTER = 0.5;

interface Settlement<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** One call on its way: there, its effect, and back, with what goes wrong on the way. */
class StoreCall<Answer> {
  readonly #parties: CallParties;
  readonly #request: StoreRequest<Answer>;
  readonly #settlement: Settlement<Answer>;
  readonly #deadlineMs: number;
  #fault: CallFault | undefined;
  #isSettled = false;

  constructor(parties: CallParties, request: StoreRequest<Answer>, settlement: Settlement<Answer>) {
    this.#parties = parties;
    this.#request = request;
    this.#settlement = settlement;
    this.#deadlineMs = parties.world.time.now() + TIMEOUT_MS;
    this.#fault = parties.dice.roll();
    parties.world.counts.add('storeCalls');
  }

  send(): void {
    const { world, random } = this.#parties;
    const isDelayed = this.#fault === 'delayed';
    if (isDelayed) world.counts.add('delayedCalls');
    this.#travel(isDelayed ? random.between(...DELAY_MS) : 0, () => this.#arrive());
  }

  #arrive(): void {
    const { world, process, region } = this.#parties;
    if (this.#fault === 'crashBefore') this.#crash('crashesBeforeEffect');
    else if (this.#fault === 'lostRequest') this.#loseOnTheWay('lostRequests');
    else if (!world.network.reaches(process.region, region)) this.#loseOnTheWay('unreachableCalls');
    else if (this.#fault === 'throttled') this.#throttle();
    else this.#execute();
  }

  #execute(): void {
    this.#request.act().then(
      (answer) => this.#takenEffect(answer),
      (error: unknown) => this.#settle(() => this.#settlement.reject(error)),
    );
  }

  #takenEffect(answer: Answer): void {
    const { world } = this.#parties;
    this.#note('took effect', this.#request.details);
    if (this.#request.isCommit !== true) {
      if (this.#fault === 'crashAfter') this.#crash(undefined);
      else if (this.#fault === 'lostReply') this.#loseOnTheWay(undefined);
      else this.#reply(answer);
      return;
    }
    world.counts.add('commits');
    this.#committed(answer);
  }

  #committed(answer: Answer): void {
    if (this.#fault === 'duplicated') this.#duplicate();
    if (this.#fault === 'crashAfter') this.#crash('crashesAfterCommit');
    else if (this.#fault === 'lostReply') this.#loseOnTheWay('lostReplies');
    else if (this.#fault === 'repeated') this.#repeat();
    else this.#reply(answer);
  }

  /** The client sends the commit again: it does not know that the first one took effect. */
  #repeat(): void {
    const { world, random } = this.#parties;
    this.#fault = undefined;
    world.counts.add('repeatedCommits');
    this.#travel(random.between(...REPEAT_AFTER_MS), () => this.#arrive());
  }

  #reply(answer: Answer): void {
    const { world, process, region } = this.#parties;
    this.#travel(0, () => {
      if (world.network.reaches(region, process.region)) {
        this.#settle(() => this.#settlement.resolve(answer));
      } else {
        this.#loseOnTheWay('unreachableCalls');
      }
    });
  }

  #throttle(): void {
    const { busy } = this.#request;
    this.#parties.world.counts.add('throttledCalls');
    if (busy === undefined) this.#lose('the database is too busy');
    else this.#reply(busy);
  }

  /** The same commit once more, with the same conditions; whatever becomes of it, nobody hears. */
  #duplicate(): void {
    const { world, random, region } = this.#parties;
    world.counts.add('duplicatedCommits');
    world.time.after(random.between(...DUPLICATE_AFTER_MS), () => {
      if (!world.network.isUp(region)) return;
      this.#request.act().then(
        () => this.#note('arrived again', this.#request.details),
        (error: unknown) => world.time.fail(error),
      );
    });
  }

  #crash(counted: 'crashesBeforeEffect' | 'crashesAfterCommit' | undefined): void {
    const { world, process } = this.#parties;
    if (!process.isAlive) return;
    world.counts.add('crashes');
    if (counted !== undefined) world.counts.add(counted);
    this.#note('and its caller crashed');
    process.crash();
  }

  #loseOnTheWay(counted: 'lostRequests' | 'lostReplies' | 'unreachableCalls' | undefined): void {
    if (counted !== undefined) this.#parties.world.counts.add(counted);
    this.#lose(`lost (${counted ?? 'a reply'})`);
  }

  /** Half a round trip and some more, then what happens there; the caller waits no longer than its timeout. */
  #travel(extraMs: number, then: () => void): void {
    const { world, random, process, region } = this.#parties;
    const halfMs = world.network.roundTripMs(process.region, region) / 2;
    const tripMs = extraMs + halfMs * random.between(1, 1 + JITTER);
    if (world.time.now() + tripMs > this.#deadlineMs) this.#lose('too late');
    world.time.after(tripMs, then);
  }

  /** The caller will learn, at some time before its timeout, that something went wrong. */
  #lose(why: string): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const { world, random, process, region, onLost } = this.#parties;
    this.#note(why);
    onLost?.(region);
    const soonestMs = Math.min(world.time.now() + SOONEST_FAILURE_MS, this.#deadlineMs);
    world.time.at(random.between(soonestMs, this.#deadlineMs), () => {
      if (process.isAlive) this.#settlement.reject(this.#unavailable(why));
    });
  }

  /** A read has no effect, whatever became of it. */
  #unavailable(why: string): StoreUnavailableError {
    const effect = this.#request.isCommit === true ? 'unknown' : 'none';
    const { stackTraceLimit } = Error;
    // Thousands of them are made in an hour, and where they were made says nothing.
    Error.stackTraceLimit = 0;
    const error = new StoreUnavailableError(`${this.#request.name}: ${why}`, { effect });
    Error.stackTraceLimit = stackTraceLimit;
    return error;
  }

  #settle(how: () => void): void {
    if (this.#isSettled || !this.#parties.process.isAlive) return;
    this.#isSettled = true;
    how();
  }

  #note(what: string, details?: () => string): void {
    const { world, process, region } = this.#parties;
    world.trace.note(world.time.now(), [process.name, this.#request.name, region, what], details);
  }
}

/** Calls a store. A process that has crashed calls nobody, and waits for ever. */
export function callStore<Answer>(parties: CallParties, request: StoreRequest<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (parties.process.isAlive) new StoreCall(parties, request, { resolve, reject }).send();
  });
}

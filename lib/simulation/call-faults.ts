import type { SeededRandom } from './random.ts';

/** What may happen to one call to a store. */
export const CALL_FAULTS = [
  /** It never arrives. */
  'lostRequest',
  /** It takes effect, and the caller never hears of it. */
  'lostReply',
  /** The database is too busy: nothing happened. */
  'throttled',
  /** It arrives late, perhaps after the caller has given up. */
  'delayed',
  /** A commit arrives a second time, later: nobody reads that answer. */
  'duplicated',
  /** The answer to a commit is lost and the client sends it again: the caller gets the second answer. */
  'repeated',
  /** The caller dies before it has sent anything. */
  'crashBefore',
  /** The caller dies after the effect, before it hears of it. */
  'crashAfter',
] as const;

export type CallFault = (typeof CALL_FAULTS)[number];

/** The probability of each. */
export type CallFaultRates = Readonly<Record<CallFault, number>>;

export const NO_CALL_FAULTS: CallFaultRates = {
  lostRequest: 0,
  lostReply: 0,
  throttled: 0,
  delayed: 0,
  duplicated: 0,
  repeated: 0,
  crashBefore: 0,
  crashAfter: 0,
};

/** Decides for each call what goes wrong with it: mostly nothing, never two things. */
export class FaultDice {
  readonly #random: SeededRandom;
  #rates: CallFaultRates = NO_CALL_FAULTS;
  #total = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  set rates(rates: CallFaultRates) {
    this.#rates = rates;
    this.#total = CALL_FAULTS.reduce((sum, fault) => sum + rates[fault], 0);
  }

  roll(): CallFault | undefined {
    let left = this.#random.fraction();
    if (left >= this.#total) return undefined;
    for (const fault of CALL_FAULTS) {
      left -= this.#rates[fault];
      if (left < 0) return fault;
    }
    return undefined;
  }
}

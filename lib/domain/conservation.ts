/** The conservation law of one sku, as arithmetic on what was read of it (`docs/architecture.md`). */

/** All that is known of a sku at one location. Counts are units. */
export interface LocationBalance {
  readonly locationId: string;
  readonly onHand: number;
  readonly shortage: number;
  readonly keptBack: number;
  /** Sums over the location's quotas in all regions. */
  readonly available: number;
  readonly promised: number;
  /** Sums over the open reservations. */
  readonly held: number;
  readonly committed: number;
  /** Granted by one region to another and not accepted yet. */
  readonly inTransit: number;
  /** Shipped and not yet in the ledger. */
  readonly unbooked: number;
  /** Sum of the deltas of the location's ledger. */
  readonly ledgerSum: number;
}

type Count = Exclude<keyof LocationBalance, 'locationId'>;

const COUNTS: readonly Count[] = [
  'onHand',
  'shortage',
  'keptBack',
  'available',
  'promised',
  'held',
  'committed',
  'inTransit',
  'unbooked',
  'ledgerSum',
];

/** A rule of the books that does not hold at a location. */
export interface Discrepancy {
  readonly locationId: string;
  /**
   * `units`: they are not where they should be. `promises`: the quotas say other than the open reservations.
   * `ledger`: on-hand is not its sum. `shortage`: units are for sale beside one. `negative`: a count is below zero.
   * `missing_product`: there is stock of it all the same. `read_model`: it says other than the records.
   */
  readonly rule: 'units' | 'promises' | 'ledger' | 'shortage' | 'negative' | 'missing_product' | 'read_model';
  /** Which figure. */
  readonly figure: string;
  readonly found: number;
  readonly expected: number;
  /** For whoever is paged. */
  readonly sentence: string;
}

const negativesOf = (balance: LocationBalance): Discrepancy[] =>
  COUNTS.filter((count) => count !== 'ledgerSum' && balance[count] < 0).map((figure) => {
    const { locationId, [figure]: found } = balance;
    const sentence = `${locationId}: ${figure} is ${found}, below zero`;
    return { locationId, rule: 'negative', figure, found, expected: 0, sentence };
  });

/** What a balance breaks: which figures, and by how much. Empty: every unit is where it should be. */
export function discrepanciesOf(balance: LocationBalance): Discrepancy[] {
  const { locationId, onHand, shortage, keptBack, available, promised, inTransit, unbooked } = balance;
  const { held, committed, ledgerSum } = balance;
  const broken = negativesOf(balance);
  const add = (
    rule: Discrepancy['rule'],
    figures: Pick<Discrepancy, 'figure' | 'found' | 'expected'>,
    why: string,
  ) => broken.push({ locationId, rule, ...figures, sentence: `${locationId}: ${why}` });
  const accounted = keptBack + available + promised + inTransit + unbooked;
  if (onHand + shortage !== accounted) {
    add(
      'units',
      { figure: 'onHand + shortage', found: onHand + shortage, expected: accounted },
      `onHand ${onHand} + shortage ${shortage} is not keptBack ${keptBack} + available ${available}` +
        ` + promised ${promised} + inTransit ${inTransit} + unbooked ${unbooked}`,
    );
  }
  if (promised !== held + committed) {
    add(
      'promises',
      { figure: 'promised', found: promised, expected: held + committed },
      `promised ${promised} is not held ${held} + committed ${committed} of the open reservations`,
    );
  }
  if (onHand !== ledgerSum) {
    const figures = { figure: 'onHand', found: onHand, expected: ledgerSum };
    add('ledger', figures, `onHand ${onHand} is not the ledger's sum ${ledgerSum}`);
  }
  if (shortage > 0 && available > 0) {
    const figures = { figure: 'available', found: available, expected: 0 };
    add('shortage', figures, `${available} available beside a shortage of ${shortage}`);
  }
  return broken;
}

/** The sum of balances over all locations. */
export function totalOf(balances: readonly LocationBalance[]): Record<Count, number> {
  const total = Object.fromEntries(COUNTS.map((count) => [count, 0])) as Record<Count, number>;
  for (const balance of balances) {
    for (const count of COUNTS) total[count] += balance[count];
  }
  return total;
}

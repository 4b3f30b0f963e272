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

/** What a balance breaks, as sentences for whoever is paged. Empty: every unit is where it should be. */
export function violationsOf(balance: LocationBalance): string[] {
  const { locationId: at, onHand, shortage, keptBack, available, promised, inTransit, unbooked } = balance;
  const violations = COUNTS.filter((count) => count !== 'ledgerSum' && balance[count] < 0).map(
    (count) => `${at}: ${count} is ${balance[count]}, below zero`,
  );
  const accounted = keptBack + available + promised + inTransit + unbooked;
  if (onHand + shortage !== accounted) {
    violations.push(
      `${at}: onHand ${onHand} + shortage ${shortage} is not keptBack ${keptBack} + available ${available}` +
        ` + promised ${promised} + inTransit ${inTransit} + unbooked ${unbooked}`,
    );
  }
  if (promised !== balance.held + balance.committed) {
    violations.push(
      `${at}: promised ${promised} is not held ${balance.held} + committed ${balance.committed} of the open reservations`,
    );
  }
  if (onHand !== balance.ledgerSum) {
    violations.push(`${at}: onHand ${onHand} is not the ledger's sum ${balance.ledgerSum}`);
  }
  if (shortage > 0 && available > 0) {
    violations.push(`${at}: ${available} available beside a shortage of ${shortage}`);
  }
  return violations;
}

/** The sum of balances over all locations. */
export function totalOf(balances: readonly LocationBalance[]): Record<Count, number> {
  const total = Object.fromEntries(COUNTS.map((count) => [count, 0])) as Record<Count, number>;
  for (const balance of balances) {
    for (const count of COUNTS) total[count] += balance[count];
  }
  return total;
}

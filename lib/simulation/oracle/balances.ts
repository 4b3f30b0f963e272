/** Running totals of every unit, by sku and location: what the law of conservation is checked on. */

/** Units of a sku at one location, wherever they are. */
export interface Balance {
  onHand: number;
  shortage: number;
  keptBack: number;
  available: number;
  promised: number;
  /** Granted and not accepted. */
  underWay: number;
  /** Shipped and not in the ledger. */
  unbooked: number;
  ledger: number;
}

/** One quota, and what the open reservations of its region say of it. */
export interface QuotaBalance {
  promised: number;
  open: number;
}

export type Count = keyof Balance;

const placeKey = (sku: string, locationId: string): string => `${sku} at ${locationId}`;

const COUNTS = [
  'onHand',
  'shortage',
  'keptBack',
  'available',
  'promised',
  'underWay',
  'unbooked',
] as const satisfies readonly Count[];

export class Balances {
  readonly #places = new Map<string, Balance>();
  readonly #quotas = new Map<string, QuotaBalance>();
  /** What changed since it was last checked. */
  readonly #touched = new Set<string>();
  readonly #touchedQuotas = new Set<string>();

  add(of: { readonly sku: string; readonly locationId: string }, count: Count, by: number): void {
    if (by === 0) return;
    const key = placeKey(of.sku, of.locationId);
    this.place(of.sku, of.locationId)[count] += by;
    this.#touched.add(key);
  }

  addToQuota(
    of: { readonly sku: string; readonly locationId: string; readonly region: string },
    count: keyof QuotaBalance,
    by: number,
  ): void {
    if (by === 0) return;
    const key = `${placeKey(of.sku, of.locationId)} in ${of.region}`;
    const quota = this.#quotas.get(key) ?? { promised: 0, open: 0 };
    quota[count] += by;
    this.#quotas.set(key, quota);
    this.#touchedQuotas.add(key);
  }

  place(sku: string, locationId: string): Balance {
    const key = placeKey(sku, locationId);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const fresh: Balance = {
      onHand: 0,
      shortage: 0,
      keptBack: 0,
      available: 0,
      promised: 0,
      underWay: 0,
      unbooked: 0,
      ledger: 0,
    };
    this.#places.set(key, fresh);
    return fresh;
  }

  /** Places where units are on their way or wait to be booked. */
  unsettled(): string[] {
    return [...this.#places].flatMap(([key, { underWay, unbooked }]) =>
      underWay === 0 && unbooked === 0
        ? []
        : [`${key}: ${underWay} units are still under way, ${unbooked} are not booked`],
    );
  }

  /** What is wrong with what has changed since the last look. */
  faults(): string[] {
    const faults: string[] = [];
    for (const key of this.#touched) faults.push(...this.#faultsOf(key));
    for (const key of this.#touchedQuotas) {
      const quota = this.#quotas.get(key);
      if (quota !== undefined && quota.promised !== quota.open) {
        faults.push(`${key}: promised ${quota.promised}, its open reservations have ${quota.open}`);
      }
    }
    this.#touched.clear();
    this.#touchedQuotas.clear();
    return faults;
  }

  #faultsOf(key: string): string[] {
    const balance = this.#places.get(key);
    if (balance === undefined) return [];
    const faults = COUNTS.filter((count) => balance[count] < 0).map(
      (count) => `${key}: ${count} is ${balance[count]}`,
    );
    const { onHand, shortage, keptBack, available, promised, underWay, unbooked, ledger } = balance;
    const accounted = keptBack + available + promised + underWay + unbooked;
    if (onHand + shortage !== accounted) {
      faults.push(
        `${key}: onHand ${onHand} + shortage ${shortage} is not keptBack ${keptBack} + available ${available}` +
          ` + promised ${promised} + under way ${underWay} + unbooked ${unbooked}`,
      );
    }
    if (ledger !== onHand) faults.push(`${key}: onHand ${onHand}, its ledger adds up to ${ledger}`);
    return faults;
  }
}

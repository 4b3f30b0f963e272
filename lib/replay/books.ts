import type { CartLine } from './collect-invoices.ts';
import type { Audit } from './http/shop-api.ts';

/** Units of one sku by what became of them. */
export interface Account {
  readonly received: number;
  readonly shipped: number;
  readonly returned: number;
}

export type Entry = keyof Account;

const NOTHING: Account = { received: 0, shipped: 0, returned: 0 };

/**
 * The replay's own book-keeping: what it asked for and was told is done. It takes no number from the service,
 * so that a service which loses a unit and then agrees with itself is still found out.
 */
export class Books {
  readonly #accounts = new Map<string, Account>();

  enter(entry: Entry, lines: readonly CartLine[]): void {
    for (const { sku, quantity } of lines) {
      const account = this.account(sku);
      this.#accounts.set(sku, { ...account, [entry]: account[entry] + quantity });
    }
  }

  account(sku: string): Account {
    return this.#accounts.get(sku) ?? NOTHING;
  }

  onHand(sku: string): number {
    const { received, shipped, returned } = this.account(sku);
    return received - shipped + returned;
  }
}

/** What is wrong with an audit of a sku, when every order of the replay has ended. */
export function objectionsTo(audit: Audit, onHand: number): string[] {
  const objections = [...audit.violations];
  if (!audit.ok && audit.violations.length === 0) objections.push('the audit is not ok and does not say why');
  if (!audit.stable) objections.push('no two passes of the audit agreed');
  if (audit.onHand !== onHand) objections.push(`${audit.onHand} on hand; the replay's books say ${onHand}`);
  for (const field of ['held', 'committed'] as const) {
    if (audit[field] !== 0) objections.push(`${audit[field]} still ${field}; every order has ended`);
  }
  return objections;
}

/** Opening balances: a receipt for each sku and location, and only where nobody else has moved anything. */
import * as z from 'zod';
import { read } from '../../replay/http/answers.ts';
import type { PatientClient } from '../../replay/http/patient-client.ts';
import { ask } from '../ask-api.ts';
import type { StockRow } from './import-row.ts';
import { failed, keyOf, type Outcome } from './outcome.ts';

/** By it an opening balance is found in the ledger. */
const REFERENCE = 'opening-balance';

/** The most that the API shows on a page. */
const PAGE = 100;
/** A thousand movements after the opening balance: who imports again then does not want to begin. */
const PAGES_MAX = 10;

const ledger = z.object({
  items: z.array(z.object({ type: z.string(), reference: z.string().optional() })),
  nextCursor: z.string().nullable(),
});

type Ledger = 'empty' | 'opened' | 'begun_otherwise';

async function ledgerOf(client: PatientClient, { sku, locationId }: StockRow): Promise<Ledger> {
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = new URLSearchParams({ sku, locationId, limit: String(PAGE) });
    if (cursor !== null) query.set('cursor', cursor);
    const from = { path: `/movements?${query}`, schema: ledger };
    const { items, nextCursor }: z.infer<typeof ledger> = await read(client, 'list movements', from);
    if (items.length === 0 && page === 0) return 'empty';
    if (items.some(({ type, reference }) => type === 'receipt' && reference === REFERENCE)) return 'opened';
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return 'begun_otherwise';
}

/**
 * Books an opening balance, once. The ledger may be seen a few seconds late, which the key of the receipt makes
 * harmless: whatever this import has booked before is answered, not booked.
 */
export async function importStock(client: PatientClient, row: StockRow): Promise<Outcome> {
  const { sku, locationId, quantity } = row;
  if (quantity === 0) return { became: 'unchanged' };
  if ((await ledgerOf(client, row)) === 'begun_otherwise') {
    const reason = 'has movements but no opening balance: book what is missing as an adjustment, or count';
    return { became: 'different', reason };
  }
  const body = { type: 'receipt', sku, locationId, quantity, reference: REFERENCE };
  const idempotencyKey = keyOf('stock', [sku, locationId], 'receive');
  const reply = await ask(client, 'receive', { method: 'POST', path: '/movements', body, idempotencyKey });
  if (reply.ok) return { became: reply.replayed ? 'unchanged' : 'imported' };
  if (reply.refusal.code !== 'idempotency_key_reused') return failed(reply.refusal);
  const reason = 'was opened with another quantity before: book the difference as an adjustment, or count';
  return { became: 'different', reason };
}

import * as z from 'zod';
import { read, UnexpectedAnswerError } from '../replay/http/answers.ts';
import type { PatientClient } from '../replay/http/patient-client.ts';

/** The most that the API shows on a page. */
const PAGE = 100;
/** Ten million products; a list that goes on behind them is one that does not end. */
const PAGES_MAX = 100_000;

const products = z.object({
  items: z.array(z.object({ sku: z.string() })),
  nextCursor: z.string().nullable(),
});

/** Every product of the key's tenant, archived ones too, whose sku begins so. */
export async function listSkus(client: PatientClient, prefix: string): Promise<string[]> {
  const skus: string[] = [];
  let cursor: string | null = '';
  for (let page = 0; page < PAGES_MAX && cursor !== null; page += 1) {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (prefix !== '') query.set('prefix', prefix);
    if (cursor !== '') query.set('cursor', cursor);
    const from = { path: `/products?${query}`, schema: products };
    const { items, nextCursor }: z.infer<typeof products> = await read(client, 'list products', from);
    skus.push(...items.map(({ sku }) => sku));
    cursor = nextCursor;
  }
  if (cursor !== null) throw new UnexpectedAnswerError('The list of products does not end.');
  return skus;
}

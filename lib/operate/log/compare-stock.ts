/** What a replayed log says, beside what the API says. */
import * as z from 'zod';
import type { Progress } from '../../command-line/progress.ts';
import { expect, parse } from '../../replay/http/answers.ts';
import type { PatientClient } from '../../replay/http/patient-client.ts';
import { forEachInOrder } from '../../replay/slots.ts';
import { listSkus } from '../list-skus.ts';
import type { ReplayedStock } from './replayed-stock.ts';

const COMPARED = ['onHand', 'held', 'committed'] as const;

type Compared = (typeof COMPARED)[number];
type Counts = Readonly<Record<Compared, number>>;

const NOTHING: Counts = { onHand: 0, held: 0, committed: 0 };

const stock = z.object({
  locations: z.array(
    z.object({ locationId: z.string(), onHand: z.number(), held: z.number(), committed: z.number() }),
  ),
});

export interface Difference {
  readonly sku: string;
  readonly locationId: string;
  readonly figure: Compared;
  readonly inLog: number;
  readonly inService: number;
}

/** Counts of a product, by location; none for a product that the service does not know. */
async function readStock(client: PatientClient, sku: string): Promise<ReadonlyMap<string, Counts>> {
  const path = `/stock/${encodeURIComponent(sku)}?consistency=strong`;
  const request = { method: 'GET', path } as const;
  const answer = await expect(client, 'stock', { ...request, statuses: [200, 404] });
  if (answer.status === 404) return new Map();
  const { locations } = parse(stock, request, answer);
  return new Map(locations.map((location) => [location.locationId, location]));
}

/** Figures in which two views of a product differ. */
function differencesOf(
  sku: string,
  inLog: ReadonlyMap<string, Counts>,
  inService: ReadonlyMap<string, Counts>,
): Difference[] {
  const places = [...new Set([...inLog.keys(), ...inService.keys()])].sort();
  return places.flatMap((locationId) => {
    const [logged, served] = [inLog.get(locationId) ?? NOTHING, inService.get(locationId) ?? NOTHING];
    return COMPARED.filter((figure) => logged[figure] !== served[figure]).map((figure) => ({
      sku,
      locationId,
      figure,
      inLog: logged[figure],
      inService: served[figure],
    }));
  });
}

export interface CompareOptions {
  /** Whose key the client has. */
  readonly tenantId: string;
  readonly concurrency: number;
  readonly progress: Progress;
}

/** Compares every product of a tenant that the log or the service knows. */
export async function compareStock(
  client: PatientClient,
  stocks: readonly ReplayedStock[],
  { tenantId, concurrency, progress }: CompareOptions,
): Promise<Difference[]> {
  const logged = new Map<string, Map<string, Counts>>();
  for (const sku of await listSkus(client, '')) logged.set(sku, new Map());
  for (const one of stocks.filter((each) => each.tenantId === tenantId)) {
    const places = logged.get(one.sku) ?? new Map<string, Counts>();
    logged.set(one.sku, places.set(one.locationId, one));
  }
  const skus = [...logged.keys()].sort();
  const differences: Difference[] = [];
  progress.start('Products', skus.length);
  await forEachInOrder(skus, concurrency, async (sku) => {
    const served = await readStock(client, sku);
    differences.push(...differencesOf(sku, logged.get(sku) ?? new Map(), served));
    progress.advance();
  });
  progress.end();
  return differences.sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

import * as z from 'zod';
import { read } from '../../replay/http/answers.ts';
import type { Verdict } from './shadow-report.ts';
import type { ShadowWorld } from './shadow-world.ts';

const stock = z.object({ available: z.number() });

/** Units that were given back may take a moment to be counted. */
const SECOND_LOOK_MS = 1_000;

async function availableHere({ client }: ShadowWorld, sku: string): Promise<number> {
  const path = `/stock/${encodeURIComponent(sku)}?consistency=strong`;
  return (await read(client, 'get stock', { path, schema: stock })).available;
}

/** Compares what the old system shows as available with what is available here. */
export async function compareAvailability(
  world: ShadowWorld,
  shown: ReadonlyMap<string, number>,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [sku, available] of shown) {
    let here = await availableHere(world, sku);
    if (here !== available) {
      await world.clock.sleep(SECOND_LOOK_MS);
      here = await availableHere(world, sku);
    }
    if (here === available) continue;
    verdicts.push({ is: 'availability', detail: `${sku}: ${available} there, ${here} here` });
  }
  return verdicts;
}

import { writeFile } from 'node:fs/promises';
import type { Progress } from '../../command-line/progress.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { PatientClient } from '../../replay/http/patient-client.ts';
import { compareStock, type Difference } from './compare-stock.ts';
import type { LogOptions } from './log-options.ts';
import { type Replayed, replayLog } from './replay-log.ts';

/** Strong reads go to every region: more at once would be felt by shoppers. */
const CONCURRENCY = 8;

export interface LogWorld {
  readonly openClient: (baseUrl: string, apiKey: string, concurrency: number) => PatientClient;
  readonly progress: Progress;
}

export interface LogResult extends Replayed {
  /** Only after a comparison. */
  readonly differences?: readonly Difference[];
  readonly ok: boolean;
}

/** Does what the command line says. */
export async function runLog(options: LogOptions, { openClient, progress }: LogWorld): Promise<LogResult> {
  const { from = '', to, api = '', key = '', compare, tenantId = '' } = options;
  const replayed = await replayLog(from, progress);
  if (to !== undefined) {
    await writeFile(to, `${JSON.stringify(replayed, null, 2)}\n`).catch((cause: unknown) => {
      throw new UsageError(`${to} cannot be written; name another file with --to.`, { cause });
    });
  }
  if (!compare) return { ...replayed, ok: true };
  const client = openClient(api, key, CONCURRENCY);
  const settings = { tenantId, concurrency: CONCURRENCY, progress };
  const differences = await compareStock(client, replayed.stocks, settings);
  return { ...replayed, differences, ok: differences.length === 0 };
}

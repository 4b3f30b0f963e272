/** Where the databases of a deployment are: in AWS by their names, of an embedded stack by what it says of itself. */
import * as z from 'zod';
import { UsageError } from '../command-line/usage-error.ts';
import { InvalidContext } from '../config/context.ts';
import { parseDeployment } from '../config/stages.ts';

/** The database of one region, and its tables. */
export interface RegionTables {
  readonly region: string;
  /** @default that of AWS */
  readonly endpoint?: string;
  /** Of the records. */
  readonly tableName: string;
  readonly readTableName: string;
}

/** The control server is on this machine: it answers at once, or is not there. */
const CONTROL_TIMEOUT_MS = 5_000;

const state = z.object({
  databases: z.array(
    z.object({
      region: z.string(),
      endpoint: z.url(),
      tables: z.object({ records: z.string(), readModel: z.string() }),
    }),
  ),
});

async function askControl(control: string): Promise<unknown> {
  try {
    const answer = await fetch(new URL('/state', control), {
      signal: AbortSignal.timeout(CONTROL_TIMEOUT_MS),
    });
    return await answer.json();
  } catch (cause) {
    throw new UsageError(`No embedded stack answers at ${control}; start one with npm start.`, { cause });
  }
}

/** @throws UsageError when no embedded stack answers there. */
export async function localDatabases(control: string): Promise<RegionTables[]> {
  const parsed = state.safeParse(await askControl(control));
  if (!parsed.success) throw new UsageError(`What answers at ${control} is no control server.`);
  return parsed.data.databases.map(({ region, endpoint, tables }) => ({
    region,
    endpoint,
    tableName: tables.records,
    readTableName: tables.readModel,
  }));
}

/** @throws UsageError for what is no stage, or no list of regions. */
export function awsDatabases(stage: string, regions: readonly string[]): RegionTables[] {
  try {
    const { tableName, readTableName } = parseDeployment({ stage, regions: regions.join(',') }, {});
    return regions.map((region) => ({ region, tableName, readTableName }));
  } catch (cause) {
    if (cause instanceof InvalidContext) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}

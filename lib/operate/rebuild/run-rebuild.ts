import { createReadModel } from '../../adapters/dynamodb/read-model.ts';
import { createStore } from '../../adapters/dynamodb/store.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { sha256Digest } from '../../adapters/system/digest.ts';
import { systemRandomness } from '../../adapters/system/randomness.ts';
import { StoreUnavailableError } from '../../application/ports.ts';
import { type RebuildDependencies, rebuildRollups } from '../../application/rebuild-rollups.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { LOCAL_CREDENTIALS } from '../../local/credentials.ts';
import { chosenRegions } from '../database-flags.ts';
import type { RegionTables } from '../find-databases.ts';
import type { RebuildCommand } from './rebuild-options.ts';
import { type RebuildReport, RebuildTally, renderSku } from './rebuild-report.ts';

/** A busy developer's machine, or a page of a large table, needs more than a request of a shopper does. */
const TIMEOUT_MS = 20_000;

/** Skus between two notes of how far it is. */
const NOTED_EVERY = 1000;

/** Opens a region's tables for as long as something is done with them. */
async function withRegion(
  { region, endpoint, tableName, readTableName }: RegionTables,
  run: (deps: RebuildDependencies) => Promise<void>,
): Promise<void> {
  const local = endpoint === undefined ? {} : { endpoint, credentials: LOCAL_CREDENTIALS };
  const connection = { region, timeoutMs: TIMEOUT_MS, ...local };
  const store = createStore({ ...connection, tableName });
  const readModel = createReadModel({ ...connection, tableName: readTableName });
  // A tenant that this replica has not heard of has no level that anybody was told of.
  const homeOf = async (tenantId: string) =>
    (await store.get('tenant', { tenantId }, 'strong'))?.homeRegion ?? '';
  try {
    await store.ping();
    await run({
      store,
      readModel,
      tenants: { homeOf },
      clock: systemClock,
      random: systemRandomness,
      digest: sha256Digest,
      region,
    });
  } catch (cause) {
    if (!(cause instanceof StoreUnavailableError)) throw cause;
    throw new UsageError(`The tables of ${region} cannot be reached: ${cause.message}.`, { cause });
  } finally {
    store.close();
    readModel.close();
  }
}

/**
 * Rebuilds the read model of each region, one after the other.
 *
 * @param note hears what is worth a line on the way.
 * @throws UsageError for what the caller can remedy.
 */
export async function runRebuild(
  command: RebuildCommand,
  note: (line: string) => void,
): Promise<RebuildReport> {
  const regions = await chosenRegions(command);
  const tally = new RebuildTally(regions.map(({ region }) => region));
  const { tenant, sku } = command;
  for (const chosen of regions) {
    let seen = 0;
    await withRegion(chosen, (deps) =>
      rebuildRollups(deps, {
        dryRun: command['dry-run'],
        ...(tenant === undefined ? {} : { tenantId: tenant }),
        ...(sku === undefined ? {} : { sku }),
        report: (rebuilt) => {
          tally.add(rebuilt);
          if (rebuilt.outcome !== 'right') note(renderSku(rebuilt));
          seen += 1;
          if (seen % NOTED_EVERY === 0) note(`${chosen.region}: ${seen} skus so far`);
        },
      }),
    );
  }
  return tally.report(command['dry-run']);
}

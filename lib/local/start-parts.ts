import path from 'node:path';
import type { DynamoDbLocal } from './dynamodb-local.ts';
import { startDynamoDbLocal } from './dynamodb-local.ts';
import { markInUse } from './synthesis/prune-assemblies.ts';
import type { Synthesis, SynthesisOptions } from './synthesis/synthesise.ts';
import { synthesise } from './synthesis/synthesise.ts';

/** The slow parts of a start: they do not need each other, so they start side by side. */
export interface Parts {
  readonly synthesis: Synthesis;
  /** One database process for each region, by the region's name. */
  readonly databases: ReadonlyMap<string, DynamoDbLocal>;
}

export interface PartsOptions {
  readonly regions: readonly string[];
  readonly dataDir: string | undefined;
  readonly synthesis: Pick<SynthesisOptions, 'app' | 'sources'>;
  readonly signal: AbortSignal;
}

/**
 * Synthesises the templates and starts the databases. When one fails, the others are ended before this rejects.
 *
 * @param resources receives whatever must be ended with the stack.
 */
export async function startParts(options: PartsOptions, resources: AsyncDisposableStack): Promise<Parts> {
  const { regions, dataDir } = options;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const databases = new Map<string, DynamoDbLocal>();
  resources.defer(async () => {
    await Promise.all([...databases.values()].map((database) => database.stop()));
  });

  const startDatabase = async (region: string): Promise<void> => {
    const directory = dataDir === undefined ? {} : { dataDir: path.resolve(dataDir, region) };
    databases.set(region, await startDynamoDbLocal({ ...directory, signal }));
  };
  const synthesis = synthesise({ ...options.synthesis, regions, signal });
  const parts = [synthesis, ...regions.map(startDatabase)];
  for (const part of parts) part.catch((cause: unknown) => failed.abort(cause));
  await Promise.allSettled(parts);
  signal.throwIfAborted();

  const done = await synthesis;
  resources.defer(await markInUse(done.directory));
  // They are entered as they get ready; everybody else knows the regions in the order of the command.
  const inOrder = regions.flatMap((region) => {
    const database = databases.get(region);
    return database === undefined ? [] : [[region, database] as const];
  });
  return { synthesis: done, databases: new Map(inOrder) };
}

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventLog } from './event-bus/event-log.ts';
import { keepDeliveries, takeDeliveries } from './event-bus/kept-deliveries.ts';
import type { QueueSender } from './event-bus/queue-sender.ts';
import type { ServicesHost } from './region-services.ts';

/** Folder of a data directory for the objects of delivery streams. */
const ANALYTICS = 'analytics';

async function analyticsDirectory(
  dataDir: string | undefined,
  resources: AsyncDisposableStack,
): Promise<string> {
  if (dataDir !== undefined) {
    const kept = path.resolve(dataDir, ANALYTICS);
    await mkdir(kept, { recursive: true });
    return kept;
  }
  const made = await mkdtemp(path.join(tmpdir(), 'holdfast-analytics-'));
  resources.defer(() => rm(made, { recursive: true, force: true }));
  return made;
}

/**
 * Opens what the regions' buses and delivery streams share. A data directory keeps all of it.
 *
 * @param resources receives what must be ended after the regions.
 */
export async function openServicesHost(
  options: { readonly dataDir: string | undefined; readonly queues: QueueSender },
  resources: AsyncDisposableStack,
): Promise<ServicesHost> {
  const { dataDir, queues } = options;
  const directory = await analyticsDirectory(dataDir, resources);
  const log = await EventLog.open(dataDir);
  resources.defer(() => log.close());
  const undelivered = await takeDeliveries(dataDir);
  resources.defer(async () => {
    if (dataDir !== undefined) await keepDeliveries(dataDir, undelivered);
  });
  return { log, queues, analyticsDirectory: directory, undelivered, peers: new Map() };
}

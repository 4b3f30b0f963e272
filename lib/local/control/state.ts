import type { StackClock } from '../clock.ts';
import type { LocalRegion } from '../local-region.ts';
import type { Replicator } from '../replication/replicator.ts';
import { residentBytes } from './process-memory.ts';

/** What `GET /state` looks at. */
export interface VisibleStack {
  readonly regions: readonly LocalRegion[];
  readonly replicator: Replicator;
  readonly clock: StackClock;
  /** Where queues are reached; `undefined`: there are none. */
  readonly queueEndpoint: string | undefined;
  /** Process id of each region's database. */
  readonly databasePids: ReadonlyMap<string, number>;
  /** Folder of the delivery streams' objects. */
  readonly analyticsDirectory: string;
}

function queueDepths({ queues }: LocalRegion): object {
  return Object.fromEntries(
    (queues?.all ?? []).map(({ definition, depth }) => [definition.name, depth.visible]),
  );
}

function regionState(region: LocalRegion, replicator: Replicator): object {
  const sources = region.eventSources;
  const outgoing = replicator.directions.filter(({ from }) => from === region.name);
  return {
    region: region.name,
    status: region.status,
    api: region.api,
    requestsInFlight: region.requestsInFlight,
    environments: region.environments(),
    queueDepths: queueDepths(region),
    streamLagMs: sources.length === 0 ? null : Math.max(...sources.map(({ lagMs }) => lagMs)),
    eventSources: sources.map(({ definition, waiting, lagMs }) => ({
      function: definition.function.name,
      waiting,
      lagMs,
    })),
    replicationLagMs: Object.fromEntries(outgoing.map(({ to, lagMs }) => [to, lagMs])),
  };
}

/** Everything that there is, as it is now. */
export async function stackState({
  regions,
  replicator,
  clock,
  queueEndpoint,
  databasePids,
  analyticsDirectory,
}: VisibleStack): Promise<object> {
  const processes = [
    { name: 'stack', pid: process.pid },
    ...[...databasePids].map(([region, pid]) => ({ name: `database ${region}`, pid })),
  ];
  return {
    regions: regions.map((region) => regionState(region, replicator)),
    ...(queueEndpoint !== undefined && { sqs: { endpoint: queueEndpoint } }),
    replication: replicator.directions.map(({ from, to, settings, backlog, lagMs }) => ({
      from,
      to,
      ...settings,
      backlog: backlog.size,
      lagMs,
    })),
    replicationConflicts: replicator.conflicts,
    analytics: { directory: analyticsDirectory },
    clock: { now: new Date(clock.nowMs()).toISOString(), offsetMs: clock.offsetMs },
    processes: await Promise.all(
      processes.map(async (one) => ({ ...one, residentBytes: await residentBytes(one.pid) })),
    ),
  };
}

import type { LocalRegion } from '../local-region.ts';
import type { LocalQueue } from '../queues/local-queue.ts';

/** Names of the region's queues that take what others have given up: another queue, a stream, or a bus. */
export function deadLetterNames({ queues, eventSources, services }: LocalRegion): ReadonlySet<string> {
  const all = queues?.all ?? [];
  const arns = new Set([
    ...all.map(({ definition }) => definition.deadLetterArn),
    ...services.deadLetterArns,
  ]);
  const redriven = all.filter(({ definition }) => arns.has(definition.arn));
  return new Set([
    ...redriven.map(({ definition }) => definition.name),
    ...eventSources.flatMap(({ definition }) => definition.failureQueue ?? []),
  ]);
}

/** The queues of a region, as `GET /queues` shows them. */
export function queueViews(region: LocalRegion): object[] {
  const deadLetters = deadLetterNames(region);
  return (region.queues?.all ?? []).map(({ definition: { name, url }, depth }) => ({
    name,
    region: region.name,
    depth: depth.visible,
    inFlight: depth.inFlight,
    delayed: depth.delayed,
    deadLetter: deadLetters.has(name),
    url,
  }));
}

/** What lies in a queue, as `GET /queues/{name}/messages` shows it: those that can be received first. */
export function messageViews(region: string, { contents }: LocalQueue): object[] {
  const { ready, delayed, inflight } = contents;
  return [...ready, ...delayed, ...inflight.map(({ message }) => message)].map((message) => {
    const { approximateFirstReceiveTimestamp: firstReceivedAt } = message;
    return {
      region,
      messageId: message.messageId,
      body: message.body,
      attributes: {
        ApproximateReceiveCount: String(message.approximateReceiveCount),
        SentTimestamp: String(message.sentTimestamp),
        ...(firstReceivedAt && { ApproximateFirstReceiveTimestamp: String(firstReceivedAt) }),
      },
      messageAttributes: message.messageAttributes,
      // The emulator counts the move to the dead letters too.
      receiveCount: message.approximateReceiveCount,
      sentAt: new Date(message.sentTimestamp).toISOString(),
    };
  });
}

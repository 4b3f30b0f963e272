import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Outlet } from '../../application/ports.ts';
import { EVENT_SOURCE } from '../../config/events.ts';
import type { DomainEvent } from '../../domain/event.ts';
import { bytesOf, createBatchedOutlet, type OnFailure } from '../outlets/batched-outlet.ts';
import { clientSettings, type OutletConnection } from '../outlets/client-settings.ts';

/** `PutEvents` takes ten entries, of 256 KB together. */
const LIMITS = { entries: 10, bytes: 256 * 1_024 };

/** What a time counts for in the size of an entry. */
const TIME_BYTES = 14;

/** An event as the bus carries it. */
export interface BusEvent {
  readonly detailType: string;
  readonly detail: object;
}

export interface EventBusOptions extends OutletConnection {
  readonly busName: string;
  /**
   * What leaves of an event.
   *
   * @throws an Error for one that does not fit its contract.
   */
  readonly show: (event: DomainEvent) => BusEvent;
  readonly onFailure: OnFailure;
}

/** The event bus of a region. */
export function createEventBus({
  busName,
  show,
  onFailure,
  ...connection
}: EventBusOptions): Outlet<DomainEvent> {
  const client = new EventBridgeClient(clientSettings(connection));
  const pack = (event: DomainEvent) => {
    const { detailType, detail } = show(event);
    const entry: PutEventsRequestEntry = {
      EventBusName: busName,
      Source: EVENT_SOURCE,
      DetailType: detailType,
      Detail: JSON.stringify(detail),
      Time: new Date(event.occurredAtMs),
    };
    const bytes = TIME_BYTES + bytesOf(`${EVENT_SOURCE}${detailType}${entry.Detail}`);
    return { entry, bytes };
  };
  return createBatchedOutlet({
    limits: LIMITS,
    pack,
    onFailure,
    async deliver(entries) {
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [...entries] }));
      return entries.map((_, index) => {
        const { EventId, ErrorCode } = Entries[index] ?? {};
        return EventId !== undefined && ErrorCode === undefined ? undefined : (ErrorCode ?? 'No answer');
      });
    },
  });
}

import type { StackClock } from './clock.ts';
import { RegionDeliveryStreams } from './delivery-streams/region-delivery-streams.ts';
import type { Receivers } from './event-bus/attempts.ts';
import type { EventLog } from './event-bus/event-log.ts';
import type { KeptDeliveries } from './event-bus/kept-deliveries.ts';
import type { QueueSender } from './event-bus/queue-sender.ts';
import { RegionBus } from './event-bus/region-bus.ts';
import type { Faults } from './proxy/faults.ts';
import type { ServiceAnswer } from './service-endpoint/service-answer.ts';
import { ServiceEndpoint, type ServiceOperations } from './service-endpoint/service-endpoint.ts';
import type { RegionModel } from './template/region-model.ts';

/** What the buses and delivery streams of all regions share. */
export interface ServicesHost {
  readonly log: EventLog;
  readonly queues: QueueSender;
  /** Folder of the delivery streams' objects. */
  readonly analyticsDirectory: string;
  /** What an earlier run has not delivered. */
  readonly undelivered: KeptDeliveries;
  /** Each region enters itself, so that clients of one reach the others. */
  readonly peers: Map<string, ServiceOperations>;
}

export interface RegionServicesOptions {
  readonly model: Pick<RegionModel, 'region' | 'buses' | 'rules' | 'deliveryStreams'>;
  readonly host: ServicesHost;
  readonly clock: StackClock;
  readonly faults: Faults;
  readonly invoke: Receivers['invoke'];
  readonly onOutput: (line: string) => void;
}

/** Event buses and delivery streams of one region, behind one endpoint. */
export class RegionServices implements ServiceOperations {
  readonly #host: ServicesHost;
  readonly #region: string;
  readonly #bus: RegionBus;
  readonly #streams: RegionDeliveryStreams;
  readonly #endpoint: ServiceEndpoint;
  #isReachable = false;

  constructor(options: RegionServicesOptions) {
    const { model, host, invoke } = options;
    this.#host = host;
    this.#region = model.region;
    this.#bus = new RegionBus({
      ...options,
      log: host.log,
      receivers: { invoke, queues: host.queues },
      undelivered: host.undelivered[model.region],
    });
    this.#streams = new RegionDeliveryStreams({
      ...options,
      definitions: model.deliveryStreams,
      directory: host.analyticsDirectory,
    });
    this.#endpoint = new ServiceEndpoint({ ...options, region: model.region, peers: host.peers });
    host.peers.set(model.region, this);
  }

  /** Variables that lead the SDK of the region's functions here. */
  get endpoints(): Readonly<Record<string, string>> {
    const { url } = this.#endpoint;
    return { AWS_ENDPOINT_URL_EVENTBRIDGE: url, AWS_ENDPOINT_URL_FIREHOSE: url };
  }

  get isReachable(): boolean {
    return this.#isReachable;
  }

  /** Events that some target has not got yet, counted for each target. */
  get deliveriesWaiting(): number {
    return this.#bus.waiting;
  }

  /** Queues for what could not be delivered. */
  get deadLetterArns(): readonly string[] {
    return this.#bus.deadLetterArns;
  }

  /** Records of delivery streams that are in no object yet. */
  get recordsBuffered(): number {
    return this.#streams.buffered;
  }

  /** Grows with everything that happens here. */
  get activity(): number {
    return this.#bus.finished + this.#streams.written;
  }

  run(operation: string, input: unknown, partial: boolean): ServiceAnswer | undefined {
    switch (operation) {
      case 'PutEvents':
        return this.#bus.putEvents(input, partial);
      case 'PutRecordBatch':
        return this.#streams.putRecordBatch(input, partial);
      case 'PutRecord':
        return this.#streams.putRecord(input);
      default:
        return undefined;
    }
  }

  /** The endpoint must be there before the functions that use it. */
  async open(): Promise<void> {
    await this.#endpoint.open();
    this.#isReachable = true;
  }

  /** Begins to deliver, or goes on with it. */
  start(): void {
    this.#bus.start();
  }

  /** Refuses calls and delivers nothing more until the next start. What delivery streams have taken is not lost. */
  async stop(): Promise<void> {
    this.#isReachable = false;
    this.#bus.stop();
    await Promise.all([this.#endpoint.close(), this.#streams.flush()]);
  }

  /** Tries at once what waits for its next attempt. */
  wake(): void {
    this.#bus.wake();
  }

  /** Stops for good, and leaves for the next run what is not delivered. */
  async dispose(): Promise<void> {
    await this.stop();
    this.#bus.dispose();
    this.#host.undelivered[this.#region] = this.#bus.undelivered;
  }
}

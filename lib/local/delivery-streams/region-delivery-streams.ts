import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import {
  pickSome,
  type ServiceAnswer,
  serviceError,
  validationError,
} from '../service-endpoint/service-answer.ts';
import type { DeliveryStreamDefinition } from '../template/delivery-streams.ts';
import { DeliveryStream, type DeliveryStreamOptions } from './delivery-stream.ts';

/** Firehose's own bounds. */
const MAX_RECORDS = 500;
const MAX_RECORD_BYTES = 1_024_000;
const MAX_CALL_BYTES = 4_194_304;

const recordSchema = z.object({ Data: z.base64().transform((text) => Buffer.from(text, 'base64')) });
const batchSchema = z.object({
  DeliveryStreamName: z.string().min(1),
  Records: z.array(recordSchema).min(1).max(MAX_RECORDS),
});
const singleSchema = z.object({ DeliveryStreamName: z.string().min(1), Record: recordSchema });

const PARTIAL = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };

export interface RegionDeliveryStreamsOptions extends Omit<DeliveryStreamOptions, 'definition'> {
  readonly definitions: readonly DeliveryStreamDefinition[];
}

/** The delivery streams of one region. */
export class RegionDeliveryStreams {
  readonly #streams: ReadonlyMap<string, DeliveryStream>;

  constructor({ definitions, ...rest }: RegionDeliveryStreamsOptions) {
    const streams = definitions.map((definition) => new DeliveryStream({ ...rest, definition }));
    this.#streams = new Map(streams.map((stream) => [stream.name, stream]));
  }

  /** Records that are in no object yet. */
  get buffered(): number {
    return [...this.#streams.values()].reduce((sum, { buffered }) => sum + buffered, 0);
  }

  /** Grows with each record that is in an object. */
  get written(): number {
    return [...this.#streams.values()].reduce((sum, { written }) => sum + written, 0);
  }

  /**
   * Serves `PutRecordBatch`.
   *
   * @param partial true: some records of the call fail.
   */
  putRecordBatch(input: unknown, partial: boolean): ServiceAnswer {
    const parsed = batchSchema.safeParse(input);
    if (!parsed.success) return validationError(z.prettifyError(parsed.error));
    const { DeliveryStreamName, Records } = parsed.data;
    const refused = this.#refusal(DeliveryStreamName, Records);
    if (refused !== undefined) return refused;
    const failing = partial ? pickSome(Records.length) : new Set();
    const responses = Records.map(({ Data }, index) =>
      failing.has(index) ? PARTIAL : this.#put(DeliveryStreamName, Data),
    );
    const body = { FailedPutCount: failing.size, Encrypted: false, RequestResponses: responses };
    return { status: 200, body };
  }

  /** Serves `PutRecord`. */
  putRecord(input: unknown): ServiceAnswer {
    const parsed = singleSchema.safeParse(input);
    if (!parsed.success) return validationError(z.prettifyError(parsed.error));
    const { DeliveryStreamName, Record } = parsed.data;
    const refused = this.#refusal(DeliveryStreamName, [Record]);
    if (refused !== undefined) return refused;
    return { status: 200, body: { Encrypted: false, ...this.#put(DeliveryStreamName, Record.Data) } };
  }

  async flush(): Promise<void> {
    await Promise.all([...this.#streams.values()].map((stream) => stream.flush()));
  }

  #refusal(name: string, records: readonly { readonly Data: Buffer }[]): ServiceAnswer | undefined {
    if (!this.#streams.has(name)) {
      return serviceError(400, 'ResourceNotFoundException', `Firehose ${name} not found.`);
    }
    const sizes = records.map(({ Data }) => Data.length);
    if (sizes.some((bytes) => bytes > MAX_RECORD_BYTES)) {
      return validationError(`A record has at most ${MAX_RECORD_BYTES} bytes.`);
    }
    if (sizes.reduce((sum, bytes) => sum + bytes, 0) <= MAX_CALL_BYTES) return undefined;
    return validationError(`The records of a call have at most ${MAX_CALL_BYTES} bytes.`);
  }

  #put(name: string, data: Buffer): { readonly RecordId: string } {
    this.#streams.get(name)?.put(data);
    return { RecordId: randomUUID() };
  }
}

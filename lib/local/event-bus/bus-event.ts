import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { LOCAL_ACCOUNT } from '../template/cloudformation.ts';

/** An event as EventBridge delivers it. */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

/** One entry of a call of `PutEvents`. What it lacks fails the entry, not the call. */
export const entrySchema = z.object({
  Detail: z.string().optional(),
  DetailType: z.string().optional(),
  EventBusName: z.string().optional(),
  Resources: z.array(z.string()).default([]),
  Source: z.string().optional(),
  /** Seconds since the epoch, as the protocol writes times. */
  Time: z.number().optional(),
});

export type Entry = z.infer<typeof entrySchema>;

/** Why EventBridge does not take an entry. */
export interface EntryFault {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const missing = (name: string): EntryFault => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

/**
 * Makes an event of an entry.
 *
 * @param nowMs time of the event, unless the entry says another one.
 */
export function readEntry(entry: Entry, region: string, nowMs: number): BusEvent | EntryFault {
  const { Source, DetailType, Detail, Resources, Time } = entry;
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (!Detail) return missing('Detail');
  const detail = parseObject(Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  if (Source.startsWith('aws.')) {
    return {
      ErrorCode: 'NotAuthorizedForSourceException',
      ErrorMessage: 'Not authorized for the source.',
    };
  }
  const atMs = Time === undefined ? nowMs : Time * 1_000;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType,
    source: Source,
    account: LOCAL_ACCOUNT,
    time: `${new Date(atMs).toISOString().slice(0, 19)}Z`,
    region,
    resources: Resources,
    detail,
  };
}

/** Size by EventBridge's own formula. */
export function entryBytes({ Source = '', DetailType = '', Detail = '', Resources, Time }: Entry): number {
  const timeBytes = Time === undefined ? 0 : 14;
  return [Source, DetailType, Detail, ...Resources].reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    timeBytes,
  );
}

import { afterEach, describe, expect, it } from 'vitest';
import { DatabaseError } from '../../lib/local/database/database-client.ts';
import type { StreamPositions } from '../../lib/local/streams/shard-set.ts';
import type { Shard, ShardStart, StreamApi } from '../../lib/local/streams/stream-api.ts';
import { StreamReader } from '../../lib/local/streams/stream-reader.ts';
import type { WireRecord } from '../../lib/local/streams/stream-record.ts';

const record = (sequence: number): WireRecord => ({
  eventID: `event-${sequence}`,
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  dynamodb: {
    Keys: { pk: { S: String(sequence) } },
    SequenceNumber: String(sequence).padStart(21, '0'),
    SizeBytes: 1,
    StreamViewType: 'NEW_AND_OLD_IMAGES',
  },
});

/** A stream in memory: its shards, and what goes wrong when it is read. */
class ScriptedStream implements StreamApi {
  readonly contents = new Map<string, number[]>();
  readonly closed = new Set<string>();
  readonly failures: string[] = [];
  readonly starts: string[] = [];
  list: Shard[] = [];

  add(ShardId: string, sequences: number[], ParentShardId?: string): void {
    this.contents.set(ShardId, sequences);
    this.list = [...this.list, { ShardId, ...(ParentShardId && { ParentShardId }) }];
  }

  async shards() {
    return this.list;
  }

  async iterator(shardId: string, start: ShardStart) {
    const all = this.contents.get(shardId) ?? [];
    const after = start.ShardIteratorType === 'AFTER_SEQUENCE_NUMBER' ? Number(start.SequenceNumber) : 0;
    this.starts.push(`${shardId} ${start.ShardIteratorType}`);
    const index = all.findIndex((one) => one > after);
    return `${shardId}:${index < 0 ? all.length : index}`;
  }

  async records(iterator: string) {
    const failure = this.failures.shift();
    if (failure !== undefined) throw new DatabaseError(failure, failure);
    const [shardId = '', from = ''] = iterator.split(':');
    const all = this.contents.get(shardId) ?? [];
    const Records = all.slice(Number(from), Number(from) + 2).map(record);
    const next = Number(from) + Records.length;
    const atEnd = this.closed.has(shardId) && next === all.length;
    return { Records, ...(!atEnd && { NextShardIterator: `${shardId}:${next}` }) };
  }
}

let reader: StreamReader | undefined;
afterEach(() => reader?.stop());

function newReader(api: StreamApi, positions: StreamPositions = {}) {
  const seen: [lane: string, sequence: number][] = [];
  const problems: string[] = [];
  const started = new StreamReader({
    api,
    tableName: 'table',
    positions,
    onRecords: (records) => {
      seen.push(
        ...records.map(({ lane, wire }) => [lane, Number(wire.dynamodb.SequenceNumber)] as [string, number]),
      );
    },
    onCaughtUp: () => undefined,
    onProblem: (line) => problems.push(line),
  });
  reader = started;
  return { reader: started, seen, problems };
}

function read(api: StreamApi, positions: StreamPositions = {}) {
  const made = newReader(api, positions);
  made.reader.start();
  return made;
}

describe('a stream', () => {
  it('is read to its end, and on from there', async () => {
    const stream = new ScriptedStream();
    stream.add('s', [1, 2, 3]);
    const { seen, reader: started } = read(stream);
    await started.caughtUp();
    expect(seen).toEqual([
      ['s', 1],
      ['s', 2],
      ['s', 3],
    ]);
    stream.contents.get('s')?.push(4);
    await started.caughtUp();
    expect(seen.at(-1)).toEqual(['s', 4]);
  });

  it('of several shards is read in all of them, a child after its parent and in its lane', async () => {
    const stream = new ScriptedStream();
    stream.add('child', [5, 6], 'parent');
    stream.add('grandchild', [7], 'child');
    stream.add('parent', [1, 2, 3, 4], 'trimmed-long-ago');
    stream.add('other', [9]);
    const { seen, reader: started } = read(stream);
    await started.caughtUp();
    expect(seen.filter(([lane]) => lane === 'parent').map(([, sequence]) => sequence)).toEqual([1, 2, 3, 4]);
    expect(seen).toContainEqual(['other', 9]);
    for (const shardId of ['parent', 'child']) stream.closed.add(shardId);
    await started.caughtUp();
    await started.caughtUp();
    const inLane = seen.filter(([lane]) => lane === 'parent').map(([, sequence]) => sequence);
    expect(inLane).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('goes on after its positions, and keeps those of shards that are read to the end', async () => {
    const stream = new ScriptedStream();
    stream.add('old', [1]);
    stream.add('s', [2, 3, 4], 'old');
    stream.closed.add('old');
    const first = read(stream);
    await first.reader.caughtUp();
    await first.reader.stop();
    stream.contents.get('s')?.push(5);
    const second = read(stream, first.reader.positions);
    await second.reader.caughtUp();
    expect(second.seen.map(([, sequence]) => sequence)).toEqual([5]);
  });

  it('that was read by a run that broke off begins with what is new, at the next start too', async () => {
    const stream = new ScriptedStream();
    stream.add('s', [1, 2, 3]);
    const first = newReader(stream);
    await first.reader.skip();
    expect(first.seen).toEqual([]);
    const second = read(stream, first.reader.positions);
    stream.contents.get('s')?.push(4);
    await second.reader.caughtUp();
    expect(second.seen).toEqual([['s', 4]]);
  });
});

describe('what may go wrong with a stream', () => {
  it('is an iterator that expires: the position counts', async () => {
    const stream = new ScriptedStream();
    stream.add('s', [1, 2, 3]);
    const { seen, reader: started, problems } = read(stream);
    await started.caughtUp();
    stream.failures.push('ExpiredIteratorException');
    stream.contents.get('s')?.push(4);
    await started.caughtUp();
    expect(seen.map(([, sequence]) => sequence)).toEqual([1, 2, 3, 4]);
    expect(stream.starts.at(-1)).toBe('s AFTER_SEQUENCE_NUMBER');
    expect(problems).toEqual([]);
  });

  it('is records that are trimmed: it goes on with the oldest, and says so', async () => {
    const stream = new ScriptedStream();
    stream.add('s', [1, 2]);
    const { seen, reader: started, problems } = read(stream);
    await started.caughtUp();
    stream.contents.set('s', [8, 9]);
    stream.failures.push('TrimmedDataAccessException');
    await started.caughtUp();
    expect(seen.map(([, sequence]) => sequence)).toEqual([1, 2, 8, 9]);
    expect(stream.starts.at(-1)).toBe('s TRIM_HORIZON');
    expect(problems).toEqual([expect.stringContaining('trimmed before they were read')]);
  });

  it('is a shard that is gone, or a database that fails for a moment', async () => {
    const stream = new ScriptedStream();
    stream.add('s', [1]);
    stream.failures.push('InternalServerError');
    const { seen, reader: started, problems } = read(stream);
    await started.caughtUp();
    expect(problems).toEqual(['Stream of table: InternalServerError']);
    stream.list = [{ ShardId: 'next' }];
    stream.contents.set('next', [2]);
    stream.failures.push('ResourceNotFoundException');
    await started.caughtUp();
    await started.caughtUp();
    expect(seen).toEqual([
      ['s', 1],
      ['next', 2],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { Backlog } from '../../lib/local/replication/backlog.ts';
import type { Change } from '../../lib/local/replication/change.ts';
import { ExpectedWrites } from '../../lib/local/replication/expected-writes.ts';
import { imageText } from '../../lib/local/replication/image-text.ts';
import { Replica } from '../../lib/local/replication/replica.ts';
import { nextVersion, type Version } from '../../lib/local/replication/version.ts';
import { mendImage } from '../../lib/local/streams/mend-image.ts';

const change = (version: Version, rest: Partial<Change> = {}): Change => ({
  itemId: 'table\nkey',
  tableName: 'table',
  keys: { pk: { S: 'key' } },
  image: { pk: { S: 'key' } },
  version,
  restores: false,
  readAtMs: 0,
  ...rest,
});
const writtenIn = (region: string, nowMs: number, before?: Version) =>
  nextVersion(before, region, { nowMs, deleted: false });
const at = (nowMs: number) => ({ nowMs, deleted: false });

function newReplica(region: string) {
  const lines: string[] = [];
  return { lines, replica: new Replica(region, { onConflict: (line) => lines.push(line) }) };
}

describe('a replica', () => {
  it('takes what was written in view of its own version, whatever the clocks say', () => {
    const { replica } = newReplica('a');
    const own = replica.writeLocally('table\nkey', at(1_000));
    const later = change(writtenIn('b', 10, own));
    expect(replica.accepts(later)).toBe(true);
    expect(replica.arrive(later)).toBeUndefined();
    expect(replica.conflicts).toBe(0);
  });

  it('does not take what its own version has seen', () => {
    const { replica } = newReplica('a');
    const first = writtenIn('b', 1_000);
    replica.arrive(change(writtenIn('c', 900, first)));
    expect(replica.accepts(change(first))).toBe(false);
    expect(replica.conflicts).toBe(0);
  });

  it.each([
    ['an earlier', 'b', 999, false],
    ['a later', 'b', 1_001, true],
    ['a write of the same time, from a region with a later name', 'b', 1_000, true],
    ['a write of the same time, from a region with an earlier name', 'A', 1_000, false],
  ])('lets the last writer win over %s', (_, region, nowMs, wins) => {
    const { replica, lines } = newReplica('a');
    const own = replica.writeLocally('table\nkey', at(1_000));
    const incoming = change(writtenIn(region, nowMs));
    expect(replica.accepts(incoming)).toBe(wins);
    if (wins) expect(replica.arrive(incoming)).toBeUndefined();
    expect(replica.conflicts).toBe(1);
    expect(lines).toEqual([expect.stringMatching(/conflict in a: a and \w both wrote key/)]);
    const [current] = replica.versions.values();
    expect(current?.writer).toBe(wins ? region : 'a');
    // Both are in view of what is written next, so it meets neither.
    expect(replica.writeLocally('table\nkey', at(2_000)).seen).toMatchObject({
      ...own.seen,
      ...incoming.version.seen,
      a: 2_000,
    });
  });

  it('asks for its own write back when an earlier one has replaced it on the way', () => {
    const { replica } = newReplica('a');
    const incoming = change(writtenIn('b', 1_000));
    expect(replica.accepts(incoming)).toBe(true);
    const own = replica.writeLocally('table\nkey', at(2_000));
    const right = replica.arrive(incoming);
    expect(right).toMatchObject({ writer: 'a', seen: { a: 2_000, b: 1_000 } });
    expect(replica.conflicts).toBe(1);
    const restoration = change(right ?? own, { restores: true });
    expect(replica.accepts(restoration)).toBe(true);
    expect(replica.arrive(restoration)).toBeUndefined();
    expect(replica.conflicts).toBe(1);
  });

  it('loses nothing when two regions delete the same item', () => {
    const { replica } = newReplica('a');
    replica.writeLocally('table\nkey', { nowMs: 1_000, deleted: true });
    for (const nowMs of [900, 1_100]) {
      const incoming = change(nextVersion(undefined, 'b', { nowMs, deleted: true }), { image: undefined });
      if (replica.accepts(incoming)) replica.arrive(incoming);
    }
    expect(replica.conflicts).toBe(0);
    const late = change(writtenIn('c', 1_050));
    expect(replica.accepts(late)).toBe(false);
    expect(replica.conflicts).toBe(1);
  });

  it('tells writes within one millisecond apart, and forgets old versions', () => {
    const { replica } = newReplica('a');
    const first = replica.writeLocally('table\nkey', at(5));
    const second = replica.writeLocally('table\nkey', at(5));
    expect(second.seen['a']).toBeGreaterThan(first.seen['a'] ?? 0);
    replica.forget(6);
    expect(replica.versions.size).toBe(1);
    replica.forget(7);
    expect(replica.versions.size).toBe(0);
  });
});

describe('a backlog', () => {
  const of = (itemId: string, readAtMs: number, rest: Partial<Change> = {}) =>
    change(writtenIn('a', readAtMs), { itemId, readAtMs, ...rest });

  it('keeps the last change of an item at the place of the first', () => {
    const backlog = new Backlog();
    backlog.add(of('one', 1));
    backlog.add(of('two', 2));
    backlog.add(of('one', 3, { image: undefined }));
    expect(backlog.size).toBe(2);
    expect(backlog.oldestMs).toBe(1);
    expect(backlog.take(25, 0, 2)).toMatchObject([{ itemId: 'one', image: undefined }, { itemId: 'two' }]);
  });

  it('gives out what is due, and counts it until it has arrived', () => {
    const backlog = new Backlog();
    for (const n of [1, 2, 3]) backlog.add(of(`item-${n}`, n));
    expect(backlog.take(1, 0, 2)).toHaveLength(1);
    expect(backlog.size).toBe(3);
    backlog.settle();
    expect(backlog.take(25, 0, 2)).toMatchObject([{ itemId: 'item-2' }]);
    backlog.settle();
    expect(backlog.changes).toMatchObject([{ itemId: 'item-3' }]);
  });

  it('takes back what did not arrive, but not over what came later', () => {
    const backlog = new Backlog();
    backlog.add(of('one', 1));
    backlog.add(of('two', 2));
    const taken = backlog.take(25, 0, 5);
    backlog.add(of('two', 3, { image: undefined }));
    backlog.settle(taken);
    expect(backlog.changes).toMatchObject([{ itemId: 'one' }, { itemId: 'two', image: undefined }]);
  });

  it('lets items overtake each other, none before its delay nor after half as much again', () => {
    const backlog = new Backlog();
    for (let n = 0; n < 40; n++) backlog.add(of(`item-${n}`, 1_000));
    expect(backlog.nextDueMs(100)).toBeGreaterThanOrEqual(1_100);
    expect(backlog.take(40, 100, 1_099)).toEqual([]);
    const first = backlog.take(40, 100, 1_125);
    expect(first.length).toBeGreaterThan(0);
    expect(first.length).toBeLessThan(40);
    backlog.settle();
    expect(backlog.nextDueMs(100)).toBeGreaterThan(1_125);
    expect(backlog.take(40, 100, 1_150)).toHaveLength(40 - first.length);
  });

  it('ships what puts an item back in a batch of its own', () => {
    const backlog = new Backlog();
    backlog.add(of('one', 1));
    backlog.add(of('one', 1, { restores: true }));
    expect(backlog.take(25, 0, 5)).toMatchObject([{ restores: false }]);
    backlog.settle();
    expect(backlog.take(25, 0, 5)).toMatchObject([{ restores: true }]);
  });
});

describe("the replicator's own writes", () => {
  const image = { pk: { S: 'key' }, tags: { SS: ['b', 'a'] } };

  it('are known again in the stream, each once', () => {
    const expected = new ExpectedWrites();
    const own = change(writtenIn('b', 1), { image });
    expected.expect(own);
    expect(expected.match(own.itemId, { pk: { S: 'key' } })).toEqual([]);
    expect(expected.match(own.itemId, { tags: { SS: ['a', 'b'] }, pk: { S: 'key' } })).toEqual([own]);
    expect(expected.match(own.itemId, image)).toEqual([]);
  });

  it('that changed nothing are found by what follows them, or by the end of the stream', () => {
    const expected = new ExpectedWrites();
    const [first, second] = [change(writtenIn('b', 1)), change(writtenIn('b', 2), { image })];
    for (const one of [first, second]) expected.expect(one);
    expect(expected.match(first.itemId, image)).toEqual([first, second]);
    expected.expect(first);
    expect(expected.takeUnseen(Number.POSITIVE_INFINITY)).toEqual([]);
    expected.written(first);
    expect(expected.takeUnseen(0)).toEqual([]);
    expect(expected.takeUnseen(Number.POSITIVE_INFINITY)).toEqual([first]);
    expect(expected.match(first.itemId, first.image)).toEqual([]);
  });

  it('that were refused are forgotten', () => {
    const expected = new ExpectedWrites();
    const own = change(writtenIn('b', 1));
    expected.expect(own);
    expected.withdraw(own);
    expect(expected.match(own.itemId, own.image)).toEqual([]);
  });
});

it('the text of an item does not depend on the order of names and of sets, but on that of lists', () => {
  const text = imageText({ b: { NS: ['2', '1'] }, a: { M: { y: { S: '1' }, x: { S: '2' } } } });
  expect(text).toBe(imageText({ a: { M: { x: { S: '2' }, y: { S: '1' } } }, b: { NS: ['1', '2'] } }));
  expect(imageText({ a: { L: [{ S: '1' }, { S: '2' }] } })).not.toBe(
    imageText({ a: { L: [{ S: '2' }, { S: '1' }] } }),
  );
  expect(imageText(undefined)).toBe('');
});

it("empty maps in DynamoDB Local's streams get their type back", () => {
  const seen = { a: {}, b: { M: { c: {} } }, d: { L: [{}, { S: '' }] }, e: { L: [] } };
  expect(mendImage(seen)).toEqual({
    a: { M: {} },
    b: { M: { c: { M: {} } } },
    d: { L: [{ M: {} }, { S: '' }] },
    e: { L: [] },
  });
});

describe('writes of two regions that are expected at once', () => {
  const of = (region: string) => change(writtenIn(region, 1), { image: { by: { S: region } } });

  it('are each recognised, in whatever order the database takes them', () => {
    const expected = new ExpectedWrites();
    const [a, b] = [of('a'), of('b')];
    for (const one of [a, b]) expected.expect(one);
    expect(expected.match('table\nkey', b.image)).toEqual([b]);
    expect(expected.match('table\nkey', a.image)).toEqual([a]);
    expect(expected.match('table\nkey', a.image)).toEqual([]);
  });

  it('of one region take their order from it: what did not show has changed nothing', () => {
    const expected = new ExpectedWrites();
    const first = of('a');
    const second = change(writtenIn('a', 2), { image: { by: { S: 'a again' } } });
    for (const one of [first, second]) expected.expect(one);
    expect(expected.match('table\nkey', second.image)).toEqual([first, second]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexAttributes } from '../../../../lib/adapters/dynamodb/index-keys.ts';
import { itemKey } from '../../../../lib/adapters/dynamodb/keys.ts';
import * as partitions from '../../../../lib/adapters/dynamodb/partitions.ts';
import { PARTITION_WORDS, tenantKeyPatterns } from '../../../../lib/config/partitions.ts';
import { tenantId as tenantIdSchema } from '../../../../lib/contracts/identifiers.ts';
import { OPERATOR_TENANT_ID } from '../../../../lib/domain/access.ts';
import { filesIn, SOURCES, textOf } from '../../../tidy/project-files.ts';

const MODULE = 'lib/adapters/dynamodb/partitions.ts';

const { keyPart: _, loggedPartition, ...makers } = partitions;

/** What belongs to no tenant. */
const OF_NO_TENANT: ReadonlySet<string> = new Set([
  'unsentPartition',
  'secretPartition',
  'regionPartition',
  'duePartition',
  'sendingPartition',
  'watermarkPartition',
  'nowherePartition',
]);
const ofTenants = Object.entries(makers).filter(([name]) => !OF_NO_TENANT.has(name));
const ofNobody = Object.entries(makers).filter(([name]) => OF_NO_TENANT.has(name));

type Maker = (...parts: readonly (string | number)[]) => string;
const make = (maker: unknown, ...parts: readonly (string | number)[]): string => (maker as Maker)(...parts);

const tenantIds = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,12}$/);
/** What a caller may call a thing, and what could imitate the rest of a key. */
const ids = fc.stringMatching(/^[A-Za-z0-9*?._:@-]{1,12}$/);

/** As a policy of IAM reads it: a star stands for anything. */
const matches = (pattern: string, text: string): boolean =>
  pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;

describe('partition keys', () => {
  it('are made in one module: no other source writes the word that a partition begins with, or the type', () => {
    // The simulator keeps its own books of what is where, and no database ever sees them.
    const sources = SOURCES.filter((path) => !path.startsWith('lib/simulation/'));
    expect(sources).toContain(MODULE);
    const words = Object.values(PARTITION_WORDS).join('|');
    const written = new RegExp(`['"\`](?:${words})#|as (?:unknown as )?Partition\\b`);
    expect(sources.filter((path) => path !== MODULE && written.test(textOf(path)))).toEqual([]);
  });

  it('of the database come from that module: the attribute pk is never given text', () => {
    const given = /\b(?:pk|(?:list|due|open|reference|order)Pk): (?!.*Partition\()[`'"]/;
    const adapters = filesIn('lib/adapters');
    expect(adapters.length).toBeGreaterThan(30);
    expect(adapters.filter((path) => given.test(textOf(path)))).toEqual([]);
  });

  it.each(ofTenants)('%s begins with its tenant, and the delimiter follows', (_name, maker) => {
    fc.assert(
      fc.property(tenantIds, ids, fc.nat(99), (tenantId, id, shard) => {
        const key = make(maker, tenantId, id, shard);
        expect(key === `T#${tenantId}` || key.startsWith(`T#${tenantId}#`)).toBe(true);
      }),
    );
  });

  it.each(ofTenants)('%s of one tenant matches no pattern of another', (_name, maker) => {
    fc.assert(
      fc.property(tenantIds, tenantIds, ids, (one, other, id) => {
        const key = make(maker, one, id, 1);
        expect(tenantKeyPatterns(one).some((pattern) => matches(pattern, key))).toBe(true);
        for (const tenantId of [other, `${one}0`, one.slice(0, -1), `${one}.a`, OPERATOR_TENANT_ID]) {
          if (tenantId === '' || tenantId === one) continue;
          expect(tenantKeyPatterns(tenantId).filter((pattern) => matches(pattern, key))).toEqual([]);
        }
      }),
    );
  });

  it.each(ofNobody)('%s is of no tenant', (_name, maker) => {
    const key = make(maker, 'us-east-1', 'T', 1);
    expect(key).not.toMatch(/^T#/);
  });

  it('are told apart by what they are for, whatever a caller calls a thing', () => {
    fc.assert(
      fc.property(tenantIds, ids, (tenantId, id) => {
        const keys = ofTenants.map(([, maker]) => make(maker, tenantId, id, 1));
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it('take no part that contains the delimiter, but for the callers own text at the end', () => {
    for (const [, maker] of ofTenants) expect(() => make(maker, 'a#b', 'x', 1)).toThrow('Not usable');
    expect(() => partitions.locationLedgerPartition('a', 'x#0', 1)).toThrow('Not usable');
    expect(partitions.referencePartition('a', 'x#SKU#y')).toBe('T#a#REF#x#SKU#y');
  });

  it('of every record that names a tenant begin with it', () => {
    const product = {
      tenantId: 'acme',
      sku: 's',
      name: 'n',
      unit: 'each',
      attributes: {},
      safetyStock: 0,
      status: 'active',
      version: 1,
      createdAtMs: 1,
      updatedAtMs: 1,
    } as const;
    expect(itemKey('product', product).pk).toBe('T#acme#SKU#s');
    expect(indexAttributes('product', product, 'us-east-1').listPk).toBe('T#acme#PRODUCTS');
  });
});

describe('a key in a log', () => {
  it('has no text of a caller in it, and is else as it is', () => {
    const text = fc.string({ minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(text, (written) => {
        const { orderRecordsPartition, referencePartition, orderPartition } = partitions;
        for (const make of [orderRecordsPartition, referencePartition, orderPartition]) {
          expect(loggedPartition(make('acme', written))).toBe(make('acme', '…'));
        }
      }),
    );
    const others = ofTenants.filter(([name]) => !/^(orderRecords|reference|order)Partition$/.test(name));
    for (const [, maker] of others) {
      const key = make(maker, 'acme', 'ORD', 1);
      expect(loggedPartition(key)).toBe(key);
    }
  });
});

describe('patterns of a tenant', () => {
  it('cannot be had for an id that a policy would read as more than itself', () => {
    for (const id of ['', '*', 'a*', 'a?', 'a#b', 'a$', '$'])
      expect(() => tenantKeyPatterns(id)).toThrow('Not usable in a policy');
  });

  it('can be had for everything that a tenant may be called', () => {
    fc.assert(
      fc.property(tenantIds, (id) => {
        expect(tenantIdSchema.safeParse(id).success).toBe(true);
        expect(tenantKeyPatterns(id)).toEqual([`T#${id}`, `T#${id}#*`]);
      }),
    );
    expect(tenantKeyPatterns(OPERATOR_TENANT_ID)[1]).toBe('T#~operator#*');
  });
});

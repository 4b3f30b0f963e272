import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CursorScope, createCursors } from '../../lambdas/http/cursor.ts';

const secretOf = (text: string) => async () => Buffer.from(text.padEnd(32, '.'));
const cursors = createCursors(secretOf('secret'));

const SCOPE: CursorScope = {
  tenantId: 'acme',
  list: 'listMovements',
  filter: { sku: 'A', locationId: undefined, from: 5 },
};
const POSITION = '{"pk":"acme#A","sk":"000123#ö"}';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const flip = (bytes: Buffer, bit: number): string => {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy.toString('base64url');
};

describe('a cursor', () => {
  it('gives its position back', async () => {
    const cursor = await cursors.sign(SCOPE, POSITION);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]{1,1024}$/);
    expect(await cursors.verify(SCOPE, cursor)).toBe(POSITION);
  });

  it('does not care for the order of the filter, nor for what is not asked', async () => {
    const cursor = await cursors.sign(SCOPE, POSITION);
    expect(await cursors.verify({ ...SCOPE, filter: { from: 5, sku: 'A' } }, cursor)).toBe(POSITION);
  });

  it.each([
    ['another tenant', { ...SCOPE, tenantId: 'acme2' }],
    ['another list', { ...SCOPE, list: 'listReservations' }],
    ['another filter', { ...SCOPE, filter: { sku: 'B', from: 5 } }],
    ['a filter more', { ...SCOPE, filter: { ...SCOPE.filter, to: 9 } }],
    ['a filter less', { ...SCOPE, filter: { sku: 'A' } }],
    ['another type in the filter', { ...SCOPE, filter: { sku: 'A', from: '5' } }],
    ['parts that run together', { ...SCOPE, tenantId: 'acme","listMovements' }],
  ])('is no good for %s', async (_case, scope) => {
    expect(await cursors.verify(scope, await cursors.sign(SCOPE, POSITION))).toBeUndefined();
  });

  it('is no good under another secret', async () => {
    const cursor = await createCursors(secretOf('other')).sign(SCOPE, POSITION);
    expect(await cursors.verify(SCOPE, cursor)).toBeUndefined();
  });

  it('is no good with any bit flipped', async () => {
    const bytes = Buffer.from(await cursors.sign(SCOPE, POSITION), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      expect(await cursors.verify(SCOPE, flip(bytes, bit))).toBeUndefined();
    }
  });

  it('is no good with any character changed, though it may decode to the same bytes', async () => {
    const cursor = await cursors.sign(SCOPE, `${POSITION}xx`);
    expect(cursor.length % 4).not.toBe(0);
    for (let index = 0; index < cursor.length; index += 1) {
      for (const other of ALPHABET) {
        if (other === cursor[index]) continue;
        const altered = cursor.slice(0, index) + other + cursor.slice(index + 1);
        expect(await cursors.verify(SCOPE, altered)).toBeUndefined();
      }
    }
  });

  it('is no good cut, extended, or in another spelling', async () => {
    const cursor = await cursors.sign(SCOPE, POSITION);
    const others = [
      '',
      ...Array.from({ length: cursor.length - 1 }, (_, index) => cursor.slice(0, index + 1)),
      `${cursor}A`,
      `${cursor}=`,
      ` ${cursor}`,
      `${cursor}\n`,
      `${cursor.slice(0, 10)}.${cursor.slice(10)}`,
      cursor + cursor,
      JSON.stringify({ pk: 'acme#A' }),
      'A'.repeat(1_000_000),
    ];
    for (const other of others) expect(await cursors.verify(SCOPE, other)).toBeUndefined();
  });

  it('keeps within 1 KiB, and a longer position is a fault of ours', async () => {
    expect(await cursors.sign(SCOPE, 'x'.repeat(735))).toHaveLength(1_024);
    await expect(cursors.sign(SCOPE, 'x'.repeat(736))).rejects.toThrow('too long');
  });

  it('gives back any position, and nothing for anything else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.string(),
        async (position, junk) => {
          const cursor = await cursors.sign(SCOPE, position);
          expect(await cursors.verify(SCOPE, cursor)).toBe(position);
          expect(await cursors.verify(SCOPE, junk)).toBeUndefined();
          expect(await cursors.verify(SCOPE, Buffer.from(junk).toString('base64url'))).toBeUndefined();
        },
      ),
    );
  });
});

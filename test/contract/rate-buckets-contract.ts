import { expect, it } from 'vitest';
import type { RateBuckets } from '../../lib/application/rate-ports.ts';
import { ASTRAY_MS, type Take } from '../../lib/domain/token-bucket.ts';
import { freshTenant } from '../support/stored-records.ts';

const NOW = Date.parse('2026-11-24T12:00:00.000Z');

const take = (changes: Partial<Take> = {}): Take => ({
  from: 'full',
  atMs: NOW,
  costMs: 100,
  roomMs: 2_000,
  ...changes,
});

/** What the buckets of a region must do. Tests keep apart by tenant. */
export function describeRateBuckets(open: () => RateBuckets): void {
  it('take from a bucket that nobody has used as from a full one', async () => {
    const tenantId = freshTenant();
    const lacking = await open().take(tenantId, take({ from: 'lacking' }));
    expect(lacking).toEqual({ outcome: 'refused', fullAtMs: undefined });
    expect(await open().take(tenantId, take())).toEqual({ outcome: 'taken', fullAtMs: NOW + 100 });
  });

  it('add up what is taken, until there is no room', async () => {
    const tenantId = freshTenant();
    await open().take(tenantId, take({ costMs: 1_850 }));
    expect(await open().take(tenantId, take())).toEqual({ outcome: 'refused', fullAtMs: NOW + 1_850 });
    const more = take({ from: 'lacking' });
    expect(await open().take(tenantId, more)).toEqual({ outcome: 'taken', fullAtMs: NOW + 1_950 });
    expect(await open().take(tenantId, more)).toEqual({ outcome: 'refused', fullAtMs: NOW + 1_950 });
    const last = take({ from: 'lacking', costMs: 50 });
    expect(await open().take(tenantId, last)).toEqual({ outcome: 'taken', fullAtMs: NOW + 2_000 });
  });

  it('forget what was taken once it has refilled, and never have more than a burst', async () => {
    const tenantId = freshTenant();
    await open().take(tenantId, take());
    const later = { atMs: NOW + 101 };
    const lacking = await open().take(tenantId, take({ ...later, from: 'lacking' }));
    expect(lacking).toEqual({ outcome: 'refused', fullAtMs: NOW + 100 });
    expect(await open().take(tenantId, take(later))).toEqual({ outcome: 'taken', fullAtMs: NOW + 201 });
  });

  it('mend a bucket that a wrong clock has set far ahead', async () => {
    const tenantId = freshTenant();
    await open().take(tenantId, take({ atMs: NOW + ASTRAY_MS + 1_900 }));
    expect((await open().take(tenantId, take())).outcome).toBe('refused');
    const mended = await open().take(tenantId, take({ atMs: NOW - 1 }));
    expect(mended).toEqual({ outcome: 'taken', fullAtMs: NOW + 99 });
  });

  it('keep fractions of a millisecond', async () => {
    const tenantId = freshTenant();
    await open().take(tenantId, take({ costMs: 1_000 / 3 }));
    const more = await open().take(tenantId, take({ from: 'lacking', costMs: 1_000 / 3 }));
    expect(more.fullAtMs).toBeCloseTo(NOW + 2_000 / 3, 2);
  });

  it('keep tenants apart, and takes at once add up', async () => {
    const [mine, theirs] = [freshTenant(), freshTenant()];
    await open().take(mine, take());
    const takes = Array.from({ length: 30 }, () => open().take(mine, take({ from: 'lacking' })));
    const taken = (await Promise.all(takes)).filter(({ outcome }) => outcome === 'taken');
    expect(taken).toHaveLength(19);
    expect(await open().take(theirs, take())).toEqual({ outcome: 'taken', fullAtMs: NOW + 100 });
  });
}

import { describe, expect, it } from 'vitest';
import { FORMER_SECRET_MS, secretsAfter, signingSecrets, wants } from '../../../lib/domain/webhook.ts';
import { webhookRecord } from '../../support/stored-records.ts';

const NOW_MS = 1_000_000;

describe('the secrets of a webhook', () => {
  const fresh = { secret: 'first' };

  it('stay as they are when none or the same one is given', () => {
    expect(secretsAfter(fresh, undefined, NOW_MS)).toEqual(fresh);
    expect(secretsAfter(fresh, 'first', NOW_MS)).toEqual(fresh);
  });

  it('sign together for 24 hours after a rotation', () => {
    const rotated = secretsAfter(fresh, 'second', NOW_MS);
    expect(FORMER_SECRET_MS).toBe(86_400_000);
    expect(signingSecrets(rotated, NOW_MS)).toEqual(['second', 'first']);
    expect(signingSecrets(rotated, NOW_MS + FORMER_SECRET_MS - 1)).toEqual(['second', 'first']);
    expect(signingSecrets(rotated, NOW_MS + FORMER_SECRET_MS)).toEqual(['second']);
  });

  it('keep rotating when the webhook is changed otherwise, and forget the former one when its time is over', () => {
    const rotated = secretsAfter(fresh, 'second', NOW_MS);
    expect(secretsAfter(rotated, undefined, NOW_MS + 1)).toEqual(rotated);
    expect(secretsAfter(rotated, 'second', NOW_MS + FORMER_SECRET_MS)).toEqual({ secret: 'second' });
  });

  it('are two at most: a second rotation ends the first', () => {
    const twice = secretsAfter(secretsAfter(fresh, 'second', NOW_MS), 'third', NOW_MS + 1);
    expect(signingSecrets(twice, NOW_MS + 1)).toEqual(['third', 'second']);
  });
});

describe('a webhook', () => {
  it('wants the types it names, or all', () => {
    expect(wants(webhookRecord({ detailTypes: [] }), 'stock.out')).toBe(true);
    expect(wants(webhookRecord({ detailTypes: ['stock.out'] }), 'stock.out')).toBe(true);
    expect(wants(webhookRecord({ detailTypes: ['stock.out'] }), 'stock.low')).toBe(false);
  });
});

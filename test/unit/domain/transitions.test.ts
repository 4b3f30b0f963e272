import { describe, expect, it } from 'vitest';
import { holds } from '../../../lib/domain/guarded-write.ts';
import { HISTORY_MAX } from '../../../lib/domain/limits.ts';
import type { ReservationStatus } from '../../../lib/domain/reservation.ts';
import { guardOf, refusalOf, type TransitionName } from '../../../lib/domain/transitions.ts';

const NOW = 1_000_000;
const BEFORE = NOW + 1;

/** One row for each state; one column for each transition: what it answers before the hold's expiry. */
const TABLE: Record<ReservationStatus, Record<Exclude<TransitionName, 'expire'>, string>> = {
  held: {
    confirm: 'ok',
    queue: 'ok',
    refuse: 'ok',
    release: 'ok',
    extend: 'ok',
    cancel: 'invalid_transition',
    ship: 'invalid_transition',
  },
  confirmed: {
    confirm: 'reservation_not_held',
    queue: 'reservation_not_held',
    refuse: 'invalid_transition',
    release: 'reservation_not_held',
    extend: 'reservation_not_held',
    cancel: 'ok',
    ship: 'ok',
  },
  partially_shipped: {
    confirm: 'reservation_not_held',
    queue: 'reservation_not_held',
    refuse: 'invalid_transition',
    release: 'reservation_not_held',
    extend: 'reservation_not_held',
    cancel: 'ok',
    ship: 'ok',
  },
  shipped: {
    confirm: 'reservation_not_held',
    queue: 'reservation_not_held',
    refuse: 'invalid_transition',
    release: 'reservation_not_held',
    extend: 'reservation_not_held',
    cancel: 'invalid_transition',
    ship: 'invalid_transition',
  },
  released: {
    confirm: 'reservation_not_held',
    queue: 'reservation_not_held',
    refuse: 'ok',
    release: 'reservation_not_held',
    extend: 'reservation_not_held',
    cancel: 'invalid_transition',
    ship: 'invalid_transition',
  },
  cancelled: {
    confirm: 'reservation_not_held',
    queue: 'reservation_not_held',
    refuse: 'invalid_transition',
    release: 'reservation_not_held',
    extend: 'reservation_not_held',
    cancel: 'invalid_transition',
    ship: 'invalid_transition',
  },
  expired: {
    confirm: 'reservation_expired',
    queue: 'reservation_expired',
    refuse: 'ok',
    release: 'reservation_expired',
    extend: 'reservation_expired',
    cancel: 'invalid_transition',
    ship: 'invalid_transition',
  },
};

const rows = Object.entries(TABLE).flatMap(([status, answers]) =>
  Object.entries(answers).map(([name, answer]) => ({
    status: status as ReservationStatus,
    name: name as TransitionName,
    answer,
  })),
);

const codeOf = (name: TransitionName, record: Parameters<typeof refusalOf>[1], nowMs = NOW): string =>
  refusalOf(name, record, nowMs)?.code ?? 'ok';

describe('the state machine', () => {
  it.each(rows)('$name from $status: $answer', ({ status, name, answer }) => {
    expect(codeOf(name, { status, expiresAtMs: BEFORE, history: [] })).toBe(answer);
  });

  it.each(['confirm', 'queue', 'release', 'extend'] as const)(
    'refuses to %s a hold at its expiry',
    (name) => {
      expect(codeOf(name, { status: 'held', expiresAtMs: NOW, history: [] })).toBe('reservation_expired');
      expect(codeOf(name, { status: 'held', expiresAtMs: NOW + 1, history: [] })).toBe('ok');
    },
  );

  it('expires a hold at its expiry and not before', () => {
    expect(codeOf('expire', { status: 'held', expiresAtMs: NOW + 1, history: [] })).not.toBe('ok');
    expect(codeOf('expire', { status: 'held', expiresAtMs: NOW, history: [] })).toBe('ok');
    expect(codeOf('expire', { status: 'confirmed', expiresAtMs: NOW, history: [] })).not.toBe('ok');
  });

  it('remembers a bounded number of changes, and lets a full hold end all the same', () => {
    const history = Array.from(
      { length: HISTORY_MAX },
      () => ({ did: 'extend', atMs: 0, expiresAtMs: 0 }) as const,
    );
    expect(codeOf('confirm', { status: 'held', expiresAtMs: BEFORE, history })).toBe('history_limit');
    expect(codeOf('queue', { status: 'held', expiresAtMs: BEFORE, history })).toBe('history_limit');
    expect(codeOf('expire', { status: 'held', expiresAtMs: NOW, history })).toBe('ok');
    expect(codeOf('refuse', { status: 'expired', expiresAtMs: NOW, history })).toBe('ok');
  });

  it.each(rows)('the conditions of $name agree with its rule for $status', ({ status, name }) => {
    for (const expiresAtMs of [NOW - 1, NOW, NOW + 1]) {
      for (const length of [0, HISTORY_MAX - 1, HISTORY_MAX]) {
        const history = Array.from({ length }, () => ({ did: 'expire', atMs: 0 }) as const);
        const record = { status, expiresAtMs, history };
        expect(holds(guardOf(name, NOW), record)).toBe(codeOf(name, record) === 'ok');
      }
    }
  });
});

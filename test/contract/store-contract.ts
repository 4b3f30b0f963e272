import { describe } from 'vitest';
import { testCatalogueLists } from './catalogue-lists.ts';
import { testClaims } from './claims.ts';
import { testConditions } from './conditions.ts';
import { testDueWork } from './due-work.ts';
import { testEffects } from './effects.ts';
import { testMovementLists } from './movement-lists.ts';
import type { OpenStore } from './open-store.ts';
import { testOtherRegions } from './other-regions.ts';
import { testReads } from './reads.ts';
import { testReservationLists } from './reservation-lists.ts';
import { testTransactions } from './transactions.ts';
import { testWebhooks } from './webhooks.ts';

/** What every store must do. The simulated one and DynamoDB's run the same tests. */
export function describeStore(open: OpenStore): void {
  describe('conditions', () => testConditions(open));
  describe('effects', () => testEffects(open));
  describe('transactions', () => testTransactions(open));
  describe('reads', () => testReads(open));
  describe('lists of the catalogue', () => testCatalogueLists(open));
  describe('lists of reservations', () => testReservationLists(open));
  describe('lists of movements', () => testMovementLists(open));
  describe('claims', () => testClaims(open));
  describe('due work', () => testDueWork(open));
  describe('webhooks', () => testWebhooks(open));
  describe('other regions', () => testOtherRegions(open));
}

import type { Location, Product } from '../../../lib/domain/catalogue.ts';
import { isoTime } from './time.ts';

/** A product as the API shows it. */
export function answerProduct(product: Product) {
  const { tenantId: _, settleDueAtMs: __, createdAtMs, updatedAtMs, ...shown } = product;
  return { ...shown, createdAt: isoTime(createdAtMs), updatedAt: isoTime(updatedAtMs) };
}

/** A location as the API shows it. */
export function answerLocation({ tenantId: _, createdAtMs, updatedAtMs, ...shown }: Location) {
  return { ...shown, createdAt: isoTime(createdAtMs), updatedAt: isoTime(updatedAtMs) };
}

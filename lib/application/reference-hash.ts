import type { Dependencies } from './ports.ts';

/** Digits enough that no two references of a tenant are ever taken for one. */
const REFERENCE_HASH_LENGTH = 32;

/** What a reference is counted under: it is a caller's text, which may be long and contain anything. */
export const referenceHash = (
  { digest }: Pick<Dependencies, 'digest'>,
  tenantId: string,
  reference: string,
): string => digest.hex(REFERENCE_HASH_LENGTH, tenantId, 'reference', reference);

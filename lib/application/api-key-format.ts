/**
 * How keys are written. A key's id names its tenant (`key.<tenant>.<digits>`), so that one read finds the
 * record, and an operator can revoke a key knowing only its id. The key itself is `hf.<id>.<secret>`.
 */

import { OPERATOR_TENANT_ID } from '../domain/access.ts';

/** Tenant ids may hold dots and colons, so they are written in hexadecimal. */
const KEY_ID = /^key\.((?:[0-9a-f]{2}){1,64})\.[0-9a-f]{20}$/;
const API_KEY = /^hf\.(key\.[0-9a-f]{2,128}\.[0-9a-f]{20})\.[A-Za-z0-9_-]{43}$/;

const toHex = (text: string): string =>
  [...text].map((character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');

const fromHex = (hex: string): string =>
  (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('');

/** @param digits 20 random hexadecimal digits. */
export const formatKeyId = (tenantId: string, digits: string): string => `key.${toHex(tenantId)}.${digits}`;

/** What a tenant may be called. Hexadecimal digits can spell anything, a delimiter or a pattern among them. */
const TENANT_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** @returns the tenant of a key's id; `undefined` for what no key can be called. */
export function tenantOfKey(keyId: string): string | undefined {
  const [, digits] = KEY_ID.exec(keyId) ?? [];
  const tenantId = digits === undefined ? undefined : fromHex(digits);
  const exists = tenantId !== undefined && (tenantId === OPERATOR_TENANT_ID || TENANT_ID.test(tenantId));
  return exists ? tenantId : undefined;
}

export const formatApiKey = (keyId: string, secret: string): string => `hf.${keyId}.${secret}`;

/** @returns whose record to read; `undefined` for what no key looks like. */
export function parseApiKey(key: string): { readonly tenantId: string; readonly keyId: string } | undefined {
  const [, keyId] = API_KEY.exec(key) ?? [];
  const tenantId = keyId === undefined ? undefined : tenantOfKey(keyId);
  return keyId === undefined || tenantId === undefined ? undefined : { tenantId, keyId };
}

/** Which stock codes of the shop's file name products. */

/** What the API takes as a sku. */
const SKU = /^[A-Z0-9][A-Z0-9._:-]{0,63}$/;

/** Book-keeping that the shop typed in as lines of an invoice: postage, fees, discounts, samples, bad debt. */
const SERVICE_CODES: ReadonlySet<string> = new Set([
  'POST',
  'DOT',
  'C2',
  'M',
  'D',
  'S',
  'B',
  'CRUK',
  'BANK CHARGES',
  'AMAZONFEE',
]);

/** Families of such codes: gift vouchers, adjustments by hand, somebody's tests. */
const SERVICE_FAMILIES = /^(GIFT|ADJUST|TEST\d*$)/;

/** `85123a` and `85123A` are the same product. */
export const normaliseCode = (code: string): string => code.toUpperCase();

/** Whether a normalised code stands for a service, not for something that lies in a warehouse. */
export const isServiceCode = (code: string): boolean =>
  SERVICE_CODES.has(code) || SERVICE_FAMILIES.test(code);

/** Whether a normalised code can be a sku. */
export const isSku = (code: string): boolean => SKU.test(code);

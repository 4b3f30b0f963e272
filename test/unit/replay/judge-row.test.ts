import { describe, expect, it } from 'vitest';
import { judgeRow, type Row, type RowReason } from '../../../lib/replay/judge-row.ts';

const GOOD: Row = {
  invoice_no: '536365',
  stock_code: '85123A',
  description: 'WHITE LANTERN',
  quantity: '6',
  invoice_ts_utc: '2010-12-01T08:26:00Z',
  unit_price_gbp: '2.55',
  country: 'United Kingdom',
};
const CANCELLED: Row = { ...GOOD, invoice_no: 'C536379', quantity: '-6' };

const BAD: readonly (readonly [string, Row, RowReason])[] = [
  ['no invoice number', { ...GOOD, invoice_no: ' ' }, 'missing_field'],
  ['no code', { ...GOOD, stock_code: '' }, 'missing_field'],
  ['no quantity', { ...GOOD, quantity: undefined }, 'missing_field'],
  ['no time', { ...GOOD, invoice_ts_utc: '' }, 'missing_field'],
  ['no price', { ...GOOD, unit_price_gbp: '' }, 'missing_field'],
  ['an invoice number that is none', { ...GOOD, invoice_no: 'n/a' }, 'malformed_invoice_number'],
  ['postage', { ...GOOD, stock_code: 'POST' }, 'not_a_product'],
  ['dotcom postage', { ...GOOD, stock_code: 'DOT' }, 'not_a_product'],
  ['carriage', { ...GOOD, stock_code: 'C2' }, 'not_a_product'],
  ['manual, in lower case', { ...GOOD, stock_code: 'm' }, 'not_a_product'],
  ['a discount', { ...CANCELLED, stock_code: 'D' }, 'not_a_product'],
  ['samples', { ...GOOD, stock_code: 'S' }, 'not_a_product'],
  ['bank charges', { ...GOOD, stock_code: 'BANK CHARGES' }, 'not_a_product'],
  ['a fee', { ...CANCELLED, stock_code: 'AMAZONFEE' }, 'not_a_product'],
  ['a commission', { ...CANCELLED, stock_code: 'CRUK' }, 'not_a_product'],
  ['a gift voucher', { ...GOOD, stock_code: 'gift_0001_20' }, 'not_a_product'],
  ['an adjustment', { ...GOOD, stock_code: 'ADJUST2' }, 'not_a_product'],
  ['bad debt', { ...GOOD, invoice_no: 'A563186', stock_code: 'B' }, 'not_a_product'],
  ['a code with a space', { ...GOOD, stock_code: '85123 A' }, 'malformed_code'],
  ['a code of 65 characters', { ...GOOD, stock_code: 'A'.repeat(65) }, 'malformed_code'],
  ['half a unit', { ...GOOD, quantity: '2.5' }, 'malformed_quantity'],
  ['a quantity in words', { ...GOOD, quantity: 'six' }, 'malformed_quantity'],
  ['a quantity like 1e3', { ...GOOD, quantity: '1e3' }, 'malformed_quantity'],
  ['a quantity beyond the API', { ...GOOD, quantity: '1000000001' }, 'absurd_quantity'],
  ['an absurd return', { ...CANCELLED, quantity: '-1000000001' }, 'absurd_quantity'],
  ['a sale of nothing', { ...GOOD, quantity: '0' }, 'nothing_sold'],
  ['a negative sale', { ...GOOD, quantity: '-10', unit_price_gbp: '0' }, 'nothing_sold'],
  ['a cancellation that takes', { ...CANCELLED, quantity: '6' }, 'nothing_returned'],
  ['a price in words', { ...GOOD, unit_price_gbp: 'free' }, 'malformed_price'],
  ['a price of zero', { ...GOOD, unit_price_gbp: '0' }, 'no_price'],
  ['a negative price', { ...GOOD, unit_price_gbp: '-2.5' }, 'no_price'],
];

describe('judging a row', () => {
  it.each(BAD)('leaves out %s', (_name, row, reason) => {
    expect(judgeRow(row)).toMatchObject({ reason });
  });

  it('takes a sale as it is', () => {
    expect(judgeRow(GOOD)).toEqual({
      line: { invoiceNo: '536365', sku: '85123A', description: 'WHITE LANTERN', quantity: 6 },
    });
  });

  it('takes a cancellation as units that come back', () => {
    expect(judgeRow(CANCELLED)).toMatchObject({ line: { invoiceNo: 'C536379', quantity: 6 } });
  });

  it.each(['85123a', ' 85123A ', '85123A'])('reads the code "%s" as one product', (code) => {
    expect(judgeRow({ ...GOOD, stock_code: code })).toMatchObject({ line: { sku: '85123A' } });
  });

  it('needs neither a description nor a country', () => {
    const { description: _, country: __, ...bare } = GOOD;
    expect(judgeRow(bare)).toMatchObject({ line: { description: '' } });
  });

  it('takes a product whose code is a word', () => {
    expect(judgeRow({ ...GOOD, stock_code: 'PADS' })).toMatchObject({ line: { sku: 'PADS' } });
  });
});

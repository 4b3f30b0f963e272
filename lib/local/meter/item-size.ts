import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item in the database's own JSON: `{pk: {S: 'a'}, count: {N: '1'}}`; binary values are base64. */
export type Item = Readonly<Record<string, AttributeValue>>;

// The rules of "DynamoDB item sizes and formats" in the developer guide.
const COLLECTION_BYTES = 3;
const ELEMENT_BYTES = 1;
const BOOLEAN_OR_NULL_BYTES = 1;

function textBytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/**
 * A byte for every two digits, one more, and one for a minus sign. The pairs start at the decimal point, so 1.5 has
 * two (1 and 50) and 1500 one (15): the guide says "about" here, and DynamoDB Local counts so.
 */
function numberBytes(text: string): number {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e', 2);
  const [whole = '', fraction = ''] = mantissa.replace(/[-+]/g, '').split('.', 2);
  const shift = Number(exponent);
  const before = (whole.length + shift) % 2 === 0 ? '' : '0';
  const after = (fraction.length - shift) % 2 === 0 ? '' : '0';
  const significant = `${before}${whole}${fraction}${after}`.replace(/^(?:00)+|(?:00)+$/g, '');
  if (significant === '') return 1;
  return significant.length / 2 + 1 + (text.startsWith('-') ? 1 : 0);
}

function binaryBytes(base64: unknown): number {
  return Buffer.byteLength(String(base64), 'base64');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return textBytes(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return binaryBytes(value.B);
  if (value.SS !== undefined) return sum(value.SS.map(textBytes));
  if (value.NS !== undefined) return sum(value.NS.map(numberBytes));
  if (value.BS !== undefined) return sum(value.BS.map(binaryBytes));
  if (value.L !== undefined) {
    return COLLECTION_BYTES + sum(value.L.map((element) => valueBytes(element) + ELEMENT_BYTES));
  }
  if (value.M !== undefined) {
    return COLLECTION_BYTES + itemSize(value.M) + Object.keys(value.M).length * ELEMENT_BYTES;
  }
  return BOOLEAN_OR_NULL_BYTES;
}

/** Bytes of an item as DynamoDB counts them: names and values of its attributes. */
export function itemSize(item: Item): number {
  return sum(Object.entries(item).map(([name, value]) => textBytes(name) + valueBytes(value)));
}

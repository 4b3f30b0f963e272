import type { WireImage } from './stream-record.ts';

type Value = WireImage[string];

function mendValue(value: Value): Value {
  const [[type, inner] = []] = Object.entries(value);
  if (type === undefined) return { M: {} };
  if (type === 'M') return { M: mendImage(inner as WireImage) };
  return type === 'L' ? { L: (inner as readonly Value[]).map(mendValue) } : value;
}

/** DynamoDB Local leaves the type of empty maps out of its streams: `{}` where `{"M": {}}` is meant. */
export function mendImage(image: WireImage): WireImage {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, mendValue(value)]));
}

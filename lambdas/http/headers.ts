import type { APIGatewayProxyEvent } from 'aws-lambda';

type Headers = Pick<APIGatewayProxyEvent, 'headers' | 'multiValueHeaders'>;

/** Every value of a header, one for each time it was sent. Names of headers have no case. */
export function headerValues({ headers, multiValueHeaders }: Headers, name: string): string[] {
  const values: string[] = [];
  for (const [key, sent] of Object.entries(multiValueHeaders ?? {})) {
    if (key.toLowerCase() === name && sent !== undefined) values.push(...sent);
  }
  if (values.length > 0) return values;
  for (const [key, sent] of Object.entries(headers ?? {})) {
    if (key.toLowerCase() === name && sent !== undefined) values.push(sent);
  }
  return values;
}

/** The value of a header that was sent once; `undefined` when it is missing or was sent more often. */
export function singleHeader(event: Headers, name: string): string | undefined {
  const values = headerValues(event, name);
  return values.length === 1 ? values[0] : undefined;
}

/** The values of a header that is a list, joined as HTTP says; `undefined` when it is missing. */
export function listHeader(event: Headers, name: string): string | undefined {
  const values = headerValues(event, name);
  return values.length === 0 ? undefined : values.join(', ');
}

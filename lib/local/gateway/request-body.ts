import type { IncomingMessage } from 'node:http';

/**
 * Reads a request's body.
 *
 * @returns `undefined` as soon as it is larger than the limit; the rest is still to come then.
 * @throws when the client ends the connection before its request is complete.
 */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) return undefined;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else resolve(undefined);
    });
    incoming.once('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    incoming.once('error', reject);
    incoming.once('close', () => {
      // Every request closes; an error with its trace costs more than the rest of this.
      if (!incoming.complete) reject(new Error('The client ended the connection.'));
    });
  });
}

import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { resolvePublic } from '../../../../lib/adapters/webhooks/checked-lookup.ts';

const HEADER_BYTES = 12;
/** Name, type and class of a question end so. */
const TYPE_AND_CLASS_BYTES = 4;
const TYPES = { A: 1, AAAA: 28 } as const;

let server: Socket | undefined;

afterEach(async () => {
  const open = server;
  server = undefined;
  if (open !== undefined) await new Promise<void>((resolve) => open.close(resolve));
});

/** An answer (RFC 1035) with these addresses, as bytes, to one question. */
function answerTo(question: Buffer, addresses: readonly (readonly number[])[]): Buffer {
  const nameEnd = question.indexOf(0, HEADER_BYTES) + 1;
  const asked = question.subarray(HEADER_BYTES, nameEnd + TYPE_AND_CLASS_BYTES);
  const head = Buffer.from([
    question[0] ?? 0,
    question[1] ?? 0,
    0x81,
    0x80,
    0,
    1,
    0,
    addresses.length,
    0,
    0,
    0,
    0,
  ]);
  // Each answer points to the name of the question, and lives for a minute.
  const typeAndClass = question.subarray(nameEnd, nameEnd + TYPE_AND_CLASS_BYTES);
  const records = addresses.map((bytes) =>
    Buffer.from([0xc0, HEADER_BYTES, ...typeAndClass, 0, 0, 0, 60, 0, bytes.length, ...bytes]),
  );
  return Buffer.concat([head, asked, ...records]);
}

/** A name server that knows one name. */
async function nameServer(known: Partial<Record<keyof typeof TYPES, readonly (readonly number[])[]>>) {
  const socket = createSocket('udp4');
  server = socket;
  socket.on('message', (question, { port }) => {
    const type = question[question.indexOf(0, HEADER_BYTES) + 2];
    const addresses = type === TYPES.A ? known.A : known.AAAA;
    socket.send(answerTo(question, addresses ?? []), port, '127.0.0.1');
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return [`127.0.0.1:${socket.address().port}`];
}

const V6 = [0x26, 0x06, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x11, 0x11];

describe('the addresses of a public name', () => {
  it('are all that the name server knows, of both families', async () => {
    const servers = await nameServer({
      A: [
        [8, 8, 8, 8],
        [127, 0, 0, 1],
      ],
      AAAA: [V6],
    });
    expect(await resolvePublic('receiver.example', servers)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  it('may be of one family only', async () => {
    expect(await resolvePublic('receiver.example', await nameServer({ AAAA: [V6] }))).toEqual([
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  it('may be none', async () => {
    await expect(resolvePublic('receiver.example', await nameServer({}))).rejects.toMatchObject({
      code: 'ENODATA',
    });
  });
});

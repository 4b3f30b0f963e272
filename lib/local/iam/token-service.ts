import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../gateway/request-body.ts';
import { LoopbackServer } from '../loopback-server.ts';
import type { Faults } from '../proxy/faults.ts';
import { signedBy, signedRegion } from '../proxy/signed-region.ts';
import { AccessError, type Principals, type Session } from './principals.ts';

/** A policy of 2048 characters, escaped, and what stands around it. */
const MAX_REQUEST_BYTES = 32_768;

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const inXml = (text: string): string => text.replaceAll(/[&<>]/g, (character) => ESCAPED[character] ?? '');

const problem = (status: number, code: string, message: string) => ({
  status,
  text: `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${inXml(message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
});

const sessionText = ({ accessKeyId, assumedRole, endsAtMs }: Session): string =>
  `<AssumeRoleResponse xmlns="${NAMESPACE}"><AssumeRoleResult><Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>local</SecretAccessKey><SessionToken>local</SessionToken><Expiration>${new Date(endsAtMs).toISOString()}</Expiration></Credentials><AssumedRoleUser><Arn>${inXml(assumedRole)}</Arn><AssumedRoleId>${accessKeyId}:local</AssumedRoleId></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>`;

/** STS, as far as functions use it: `AssumeRole`, for the roles of the templates. */
export class TokenService {
  readonly #principals: Principals;
  readonly #faults: Faults;
  readonly #server: LoopbackServer;
  /** Sessions that were given. */
  given = 0;

  constructor(principals: Principals, faults: Faults) {
    this.#principals = principals;
    this.#faults = faults;
    this.#server = new LoopbackServer({ port: 0, flag: '--port', listener: this.#handle });
  }

  get url(): string {
    return this.#server.url;
  }

  open(): Promise<void> {
    return this.#server.open();
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  readonly #handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    this.#serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  };

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readBody(incoming, MAX_REQUEST_BYTES);
    const fields = new URLSearchParams(body?.toString('utf8'));
    const operation = fields.get('Action') ?? '';
    const fault = this.#faults.pick(operation, signedRegion(incoming) ?? '');
    if (fault === 'timeout_before' || fault === 'timeout_after') throw new Error('Lost, as asked for.');
    const answer =
      fault === undefined
        ? this.#answer(operation, fields, signedBy(incoming) ?? '')
        : problem(
            fault === 'throttle' ? 400 : 500,
            fault === 'throttle' ? 'Throttling' : 'InternalFailure',
            fault,
          );
    const headers = { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(answer.text) };
    outgoing.writeHead(answer.status, headers).end(answer.text);
  }

  #answer(operation: string, fields: URLSearchParams, accessKeyId: string) {
    if (operation !== 'AssumeRole')
      return problem(400, 'InvalidAction', `${operation} does not run locally.`);
    try {
      const session = this.#principals.assume(accessKeyId, {
        roleArn: fields.get('RoleArn') ?? '',
        sessionName: fields.get('RoleSessionName') ?? '',
        durationSeconds: Number(fields.get('DurationSeconds') ?? 3600),
        policy: fields.get('Policy') ?? undefined,
      });
      this.given += 1;
      return { status: 200, text: sessionText(session) };
    } catch (error) {
      if (!(error instanceof AccessError)) throw error;
      return problem(error.name === 'MalformedPolicy' ? 400 : 403, error.name, error.message);
    }
  }
}

/** Who signs calls, and what they may do. */
import { randomBytes } from 'node:crypto';
import type { StackClock } from '../clock.ts';
import { KEY_DIGITS, keyOfRole, LOCAL_CREDENTIALS } from '../credentials.ts';
import type { RoleDefinition } from '../template/roles.ts';
import { type AccessRequest, isAllowed } from './evaluate.ts';
import { parsePolicy, type Statement } from './policy.ts';

/** AWS begins the keys of sessions so. */
const OF_SESSION = 'ASIA';

/** STS takes no longer policy. */
const POLICY_MAX = 2048;

interface Principal {
  readonly name: string;
  /** All of them must allow what is asked for. */
  readonly policies: readonly (readonly Statement[])[];
  /** @default never */
  readonly endsAtMs?: number;
}

/** What STS gives. */
export interface Session {
  readonly accessKeyId: string;
  readonly assumedRole: string;
  readonly endsAtMs: number;
}

export interface AssumedRole {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  /** JSON text. @default none: the session may do what the role may */
  readonly policy?: string | undefined;
}

/** Somebody may not do what they asked for, or nobody knows them; the name is the one that AWS gives the error. */
export class AccessError extends Error {
  override readonly name: 'AccessDenied' | 'ExpiredToken' | 'UnrecognizedClient' | 'MalformedPolicy';

  constructor(name: AccessError['name'], message: string) {
    super(message);
    this.name = name;
  }
}

/** Roles of the templates and the sessions that were made of them, by the key that signs. */
export class Principals {
  readonly #clock: StackClock;
  readonly #roles: ReadonlyMap<string, RoleDefinition>;
  readonly #known = new Map<string, Principal>();

  constructor(roles: ReadonlyMap<string, RoleDefinition>, clock: StackClock) {
    this.#clock = clock;
    this.#roles = roles;
    // Whoever runs the stack may do everything, as an account's root may; functions never sign with this.
    this.#known.set(LOCAL_CREDENTIALS.accessKeyId, { name: 'root', policies: [] });
    for (const { arn, statements } of roles.values()) {
      this.#known.set(keyOfRole(arn), { name: arn, policies: [statements] });
    }
  }

  /** @throws AccessError when the key is nobody's, has ended, or may not do one of the things. */
  check(accessKeyId: string, requests: readonly AccessRequest[]): void {
    const { name, policies } = this.#principal(accessKeyId);
    for (const request of requests) {
      if (isAllowed(policies, request)) continue;
      const what = `${request.action} on resource: ${request.resource}`;
      throw new AccessError('AccessDenied', `User: ${name} is not authorized to perform: ${what}`);
    }
  }

  /** @throws AccessError when the caller may not assume the role, or the role does not trust it. */
  assume(accessKeyId: string, asked: AssumedRole): Session {
    const { roleArn, sessionName, policy, durationSeconds } = asked;
    this.check(accessKeyId, [{ action: 'sts:AssumeRole', resource: roleArn, context: {} }]);
    const role = this.#roles.get(roleArn);
    const { name } = this.#principal(accessKeyId);
    if (role === undefined || !role.trusts.has(name)) {
      throw new AccessError('AccessDenied', `User: ${name} is not trusted by ${roleArn}`);
    }
    const own = policy === undefined ? [] : [this.#sessionPolicy(policy)];
    const assumedRole = `${roleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${sessionName}`;
    const endsAtMs = this.#clock.nowMs() + durationSeconds * 1000;
    this.#forgetEnded();
    const session =
      OF_SESSION +
      randomBytes(KEY_DIGITS / 2)
        .toString('hex')
        .toUpperCase();
    this.#known.set(session, { name: assumedRole, policies: [role.statements, ...own], endsAtMs });
    return { accessKeyId: session, assumedRole, endsAtMs };
  }

  #principal(accessKeyId: string): Principal {
    const principal = this.#known.get(accessKeyId);
    if (principal === undefined) {
      throw new AccessError('UnrecognizedClient', 'The security token included in the request is invalid.');
    }
    if (principal.endsAtMs !== undefined && principal.endsAtMs <= this.#clock.nowMs()) {
      throw new AccessError('ExpiredToken', 'The security token included in the request is expired');
    }
    return principal;
  }

  #sessionPolicy(text: string): readonly Statement[] {
    if (text.length > POLICY_MAX) throw new AccessError('MalformedPolicy', 'The policy is too long.');
    try {
      return parsePolicy(JSON.parse(text));
    } catch (cause) {
      throw new AccessError('MalformedPolicy', `The policy cannot be read: ${(cause as Error).message}`);
    }
  }

  #forgetEnded(): void {
    const nowMs = this.#clock.nowMs();
    for (const [key, { endsAtMs }] of this.#known) {
      if (endsAtMs !== undefined && endsAtMs <= nowMs) this.#known.delete(key);
    }
  }
}

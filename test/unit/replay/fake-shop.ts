import {
  type HttpAnswer,
  type HttpRequest,
  NoAnswerError,
  type Transport,
} from '../../../lib/replay/http/transport.ts';

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

interface Balance {
  onHand: number;
  available: number;
  held: number;
  committed: number;
}

interface Kept {
  readonly lines: readonly Line[];
  status: 'held' | 'confirmed' | 'shipped' | 'released';
}

/** What goes wrong with one attempt of a request: cut off before or after its effect, or refused for now. */
export type Trouble = 'cutBefore' | 'cutAfter' | 'badGateway' | 'busy';

export interface FakeShopSettings {
  /** Awaited before each request takes effect, and again before it is answered. @default no wait */
  readonly delay?: () => Promise<void>;
  readonly trouble?: (request: HttpRequest) => Trouble | undefined;
  /** Spoils the books after a request has taken effect. */
  readonly sabotage?: (request: HttpRequest, balanceOf: (sku: string) => Balance) => void;
}

const answer = (status: number, body: unknown = {}): HttpAnswer => ({
  status,
  body,
  retryAfterSeconds: undefined,
});

const NOWHERE = { onHand: 0, available: 0, held: 0, committed: 0 };

/** The few calls that a replay makes, in memory: exact, idempotent, and as unreliable as a test wants it. */
export class FakeShop implements Transport {
  readonly balances = new Map<string, Balance>();
  readonly requests: HttpRequest[] = [];
  readonly #kept = new Map<string, Kept>();
  readonly #remembered = new Map<string, HttpAnswer>();
  readonly #settings: FakeShopSettings;
  inFlight = 0;
  inFlightMax = 0;
  closed = false;

  constructor(settings: FakeShopSettings = {}) {
    this.#settings = settings;
  }

  async send(request: HttpRequest): Promise<HttpAnswer> {
    const { delay, trouble } = this.#settings;
    this.requests.push(request);
    this.inFlight += 1;
    this.inFlightMax = Math.max(this.inFlightMax, this.inFlight);
    try {
      await delay?.();
      const wrong = trouble?.(request);
      if (wrong === 'cutBefore') throw new NoAnswerError('cut before');
      if (wrong === 'busy') return { status: 503, body: {}, retryAfterSeconds: 0 };
      const given = this.#once(request);
      await delay?.();
      if (wrong === 'cutAfter') throw new NoAnswerError('cut after');
      return wrong === 'badGateway' ? answer(502, '<html>') : given;
    } finally {
      this.inFlight -= 1;
    }
  }

  close(): void {
    this.closed = true;
  }

  balanceOf(sku: string): Balance {
    const balance = this.balances.get(sku) ?? { ...NOWHERE };
    this.balances.set(sku, balance);
    return balance;
  }

  #once(request: HttpRequest): HttpAnswer {
    const identity = JSON.stringify([request.path, request.idempotencyKey]);
    const remembered = request.method === 'POST' ? this.#remembered.get(identity) : undefined;
    const given = remembered ?? this.#serve(request);
    // Only effects are remembered, as the API has it.
    if (remembered === undefined && given.status < 400) {
      this.#remembered.set(identity, given);
      this.#settings.sabotage?.(request, (sku) => this.balanceOf(sku));
    }
    return given;
  }

  #serve({ method, path, body }: HttpRequest): HttpAnswer {
    if (path === '/health') return answer(200, { region: 'us-east-1' });
    if (method === 'PUT') return answer(201);
    if (path === '/movements') return this.#move(body as Line);
    if (path === '/reservations') return this.#hold((body as { lines: Line[] }).lines);
    if (path.startsWith('/audit?sku=')) return this.#audit(decodeURIComponent(path.slice(11)));
    return this.#change(path);
  }

  #move({ sku, quantity }: Line): HttpAnswer {
    const balance = this.balanceOf(sku);
    balance.onHand += quantity;
    balance.available += quantity;
    return answer(201);
  }

  #hold(lines: readonly Line[]): HttpAnswer {
    const short = lines.filter(({ sku, quantity }) => this.balanceOf(sku).available < quantity);
    if (short.length > 0) return answer(409, { code: 'insufficient_stock', lines: short });
    for (const { sku, quantity } of lines) this.#shift(sku, { available: -quantity, held: quantity });
    const reservationId = `r${this.#kept.size + 1}`;
    this.#kept.set(reservationId, { lines, status: 'held' });
    return answer(201, { reservationId });
  }

  #change(path: string): HttpAnswer {
    const [, , reservationId = '', action = ''] = path.split('/');
    const kept = this.#kept.get(reservationId);
    if (kept === undefined) return answer(404, { code: 'not_found' });
    const expected = action === 'ship' ? 'confirmed' : 'held';
    if (kept.status !== expected) return answer(409, { code: 'invalid_transition' });
    for (const { sku, quantity } of kept.lines) {
      if (action === 'confirm') this.#shift(sku, { held: -quantity, committed: quantity });
      if (action === 'release') this.#shift(sku, { held: -quantity, available: quantity });
      if (action === 'ship') this.#shift(sku, { committed: -quantity, onHand: -quantity });
    }
    kept.status = action === 'confirm' ? 'confirmed' : action === 'ship' ? 'shipped' : 'released';
    return answer(200, { status: kept.status });
  }

  #shift(sku: string, by: Partial<Balance>): void {
    const balance = this.balanceOf(sku);
    for (const [field, units] of Object.entries(by)) balance[field as keyof Balance] += units;
  }

  #audit(sku: string): HttpAnswer {
    const { onHand, held, committed } = this.balanceOf(sku);
    // It only sees what it has: a shop that lost a unit everywhere at once finds itself in order.
    const seen = { onHand, held, committed, unbookedShipments: 0 };
    return answer(200, { ok: true, stable: true, violations: [], ...seen });
  }
}

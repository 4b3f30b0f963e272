import type { Nemesis } from '../nemesis.ts';
import { Process } from '../process.ts';
import { type Environment, type EnvironmentParts, openEnvironment, type Role } from './environment.ts';

/** Environments by name: one that has crashed is replaced by a cold one when it is next needed. */
export class EnvironmentPool {
  readonly #parts: EnvironmentParts;
  readonly #environments = new Map<string, Environment>();
  #started = 0;
  #nemesis: Pick<Nemesis, 'drawSkewMs'> | undefined;

  constructor(parts: EnvironmentParts) {
    this.#parts = parts;
  }

  /** From now on, the clocks of new processes are as wrong as the nemesis has them. */
  skewClocks(nemesis: Pick<Nemesis, 'drawSkewMs'> | undefined): void {
    this.#nemesis = nemesis;
  }

  /** @param instance tells those of one role apart. */
  get(role: Role, region: string, instance = ''): Environment {
    const name = `${region} ${role}${instance}`;
    const running = this.#environments.get(name);
    if (running?.process.isAlive === true) return running;
    this.#started += 1;
    const skewMs = this.#nemesis?.drawSkewMs() ?? 0;
    const process = new Process(this.#parts.world.time, { name: `${name}#${this.#started}`, region, skewMs });
    const fresh = openEnvironment(this.#parts, process, role);
    this.#environments.set(name, fresh);
    return fresh;
  }

  *processes(): Iterable<Process> {
    for (const { process } of this.#environments.values()) if (process.isAlive) yield process;
  }
}

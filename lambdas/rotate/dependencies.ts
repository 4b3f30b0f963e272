import { createTurningSecret, type Turn } from '../../lib/adapters/secrets-manager/turning-secret.ts';
import { readEnvironment } from '../../lib/config/environment.ts';
import { createDependencies } from '../runtime/dependencies.ts';

export const dependencies = createDependencies();

const { region } = readEnvironment();

export const openSecret = (turn: Turn) => createTurningSecret({ region }, turn);

import { httpHandler } from '../http/http-handler.ts';
import { http, system } from './dependencies.ts';
import { systemOperations } from './operations.ts';

/**
 * Answers about the service itself, and whatever no route matches: the gateway sends unknown paths and wrong
 * methods here, and the chain answers them before it asks for a key.
 */
export const handler = httpHandler(http, systemOperations(system));

import { createDependencies, createHttpDependencies } from '../runtime/dependencies.ts';

export const dependencies = createDependencies();
export const http = createHttpDependencies('movements', dependencies);

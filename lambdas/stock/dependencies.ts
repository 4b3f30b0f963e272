import { createDependencies, createHttpDependencies, openReadModel } from '../runtime/dependencies.ts';

export const dependencies = createDependencies(openReadModel());
export const http = createHttpDependencies('stock', dependencies);

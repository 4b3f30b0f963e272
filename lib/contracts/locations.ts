import * as z from 'zod';
import { locationId, region } from './identifiers.ts';
import { PRIORITY_DEFAULT, PRIORITY_MAX } from './limits.ts';
import { pageOf, pageQuery } from './lists.ts';
import { decimal, integer, version } from './numbers.ts';
import type { OperationContract } from './operation-contract.ts';
import { name, word } from './text.ts';
import { timestamp } from './times.ts';

const homeRegion = region.meta({
  description: 'The home region: it keeps the ledger of the location. Fixed once the location is created.',
});
const type = word.meta({ description: 'What kind of place it is.', example: 'warehouse' });
const priority = integer(0, PRIORITY_MAX).meta({
  description: 'Where holds look first: lower numbers come before higher ones.',
  example: PRIORITY_DEFAULT,
});
const latitude = decimal(-90, 90).meta({ description: 'Degrees north.', example: 52.52 });
const longitude = decimal(-180, 180).meta({ description: 'Degrees east.', example: 13.405 });

const locationBody = z
  .strictObject({
    name,
    region: homeRegion,
    type: type.default('warehouse'),
    priority: priority.default(PRIORITY_DEFAULT),
    latitude: latitude.optional(),
    longitude: longitude.optional(),
  })
  .meta({
    id: 'LocationInput',
    description: 'A location as it shall be; what is left out gets its default.',
  });

const location = z
  .strictObject({
    locationId,
    name,
    region: homeRegion,
    type,
    priority,
    latitude: latitude.optional(),
    longitude: longitude.optional(),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Location', description: 'A place that keeps stock.' });

const params = z.strictObject({ locationId });

export const putLocationContract = {
  operationId: 'putLocation',
  summary: 'Create or replace a location',
  tag: 'Catalogue',
  caller: 'tenant',
  versioned: true,
  params,
  body: locationBody,
  answers: { 200: location, 201: location },
  problems: ['version_mismatch', 'location_region_fixed', 'contended'],
} as const satisfies OperationContract;

export const getLocationContract = {
  operationId: 'getLocation',
  summary: 'Read a location',
  tag: 'Catalogue',
  caller: 'tenant',
  versioned: true,
  params,
  answers: { 200: location, 304: null },
  problems: ['not_found', 'version_mismatch'],
} as const satisfies OperationContract;

export const listLocationsContract = {
  operationId: 'listLocations',
  summary: 'List locations',
  tag: 'Catalogue',
  caller: 'tenant',
  query: z.strictObject(pageQuery),
  answers: { 200: pageOf('LocationPage', location) },
  problems: ['invalid_cursor'],
} as const satisfies OperationContract;

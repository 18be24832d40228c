// What an operator's program does for a test: destinations of its own, made and taken away by the administrators' API.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DestinationInput } from '@ringtag/server/protocol';
import { emailOf } from '../../src/destinations.ts';
import type { World } from '../../src/world.ts';
import { expect } from '../fixtures.ts';

async function ask(world: World, method: string, path: string, body?: unknown): Promise<Response> {
  const { adminToken } = JSON.parse(await readFile(join(world.dataDir, 'secrets.json'), 'utf8')) as {
    adminToken: string;
  };
  const hub = new URL(world.hubOrigin);
  return fetch(`http://127.0.0.1:${hub.port}/api/admin/${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** A destination that the shop's pages may carry; rings Alice alone where nothing else is said. */
export async function createDestination(
  world: World,
  id: string,
  rest: Partial<DestinationInput>,
): Promise<{ remove(): Promise<void> }> {
  const destination: DestinationInput = {
    id,
    name: id,
    texts: { en: { label: `Call ${id}` } },
    ring: { people: [emailOf('alice')] },
    origins: [world.sites.public.origin],
    ...rest,
  };
  const made = await ask(world, 'PUT', `destinations/${id}`, destination);
  expect(made.ok, await made.clone().text()).toBe(true);
  return { remove: async () => void (await ask(world, 'DELETE', `destinations/${id}`)) };
}

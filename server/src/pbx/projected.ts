// From what is stored to what the PBX is told. Pure.
import type { PersonRecord } from '../people/person.ts';
import type { PbxAuth, PbxEndpointRecord } from './account.ts';
import type { PbxEndpoint, PbxRoute } from './port.ts';

export function toPbxEndpoint(record: PbxEndpointRecord, person: PersonRecord): PbxEndpoint {
  const { endpoint, kind, auths } = record;
  return { endpoint, kind, callerName: person.name, callerNumber: person.extension ?? '', auths };
}

/** The person's extension rings everything of theirs; `desk-<extension>` the desk phone alone. */
export function toRoutes(person: PersonRecord, devices: readonly string[], hasDesks: boolean): PbxRoute[] {
  if (person.extension === undefined) return [];
  const desk = hasDesks && person.deskPhone !== undefined ? [person.deskPhone] : [];
  const { extension, id: personId, doNotDisturb } = person;
  const busy = doNotDisturb ? { busyUntilMs: doNotDisturb.untilMs ?? Number.POSITIVE_INFINITY } : {};
  const own: PbxRoute = { extension, personId, endpoints: [...devices, ...desk], ...busy };
  return desk.length === 0 ? [own] : [own, { ...own, extension: `desk-${extension}`, endpoints: desk }];
}

export function validAuths(record: PbxEndpointRecord, nowMs: number): PbxAuth[] {
  return record.auths.filter((auth) => auth.validUntilMs === undefined || auth.validUntilMs > nowMs);
}

/** Device endpoints by person. */
export function groupDevices(records: readonly PbxEndpointRecord[]): Map<string, string[]> {
  const devices = new Map<string, string[]>();
  for (const { kind, personId, endpoint } of records) {
    if (kind === 'device') devices.set(personId, [...(devices.get(personId) ?? []), endpoint]);
  }
  return devices;
}

// Session descriptions of the test phone (RFC 8866): one audio stream, PCMU and telephone-event.
import { EVENT_TYPE, type RemoteMedia } from './media.ts';

export interface LocalDescription {
  readonly host: string;
  readonly port: number;
  /** Rises with each change (RFC 3264 §8). */
  readonly version: number;
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
}

export function writeSdp({ host, port, version, direction }: LocalDescription): string {
  return [
    'v=0',
    `o=- 1 ${version} IN IP4 ${host}`,
    's=-',
    `c=IN IP4 ${host}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 0 ${EVENT_TYPE}`,
    'a=rtpmap:0 PCMU/8000',
    `a=rtpmap:${EVENT_TYPE} telephone-event/8000`,
    `a=fmtp:${EVENT_TYPE} 0-16`,
    'a=ptime:20',
    `a=${direction}`,
    '',
  ].join('\r\n');
}

export interface RemoteDescription extends RemoteMedia {
  readonly direction: LocalDescription['direction'];
}

/** Undefined where there is no audio we can speak. */
export function readSdp(sdp: string): RemoteDescription | undefined {
  const audio = /^m=audio (\d+) (\S+) (.*)$/m.exec(sdp);
  if (!audio?.[3]?.split(/\s+/).includes('0')) return undefined;
  const media = sdp.slice(audio.index);
  const host = /^c=IN IP4 (\S+)/m.exec(media)?.[1] ?? /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
  if (host === undefined) return undefined;
  const eventType = /^a=rtpmap:(\d+) telephone-event\/8000/m.exec(media)?.[1];
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(media)?.[1] ?? 'sendrecv';
  return {
    host,
    port: Number(audio[1]),
    direction: direction as LocalDescription['direction'],
    ...(eventType === undefined ? {} : { eventType: Number(eventType) }),
  };
}

/** What we may do when the other side says what it does (RFC 3264 §6.1). */
export function answerDirection(offered: LocalDescription['direction']): LocalDescription['direction'] {
  if (offered === 'sendonly') return 'recvonly';
  if (offered === 'recvonly') return 'sendonly';
  return offered;
}

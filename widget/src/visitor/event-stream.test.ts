import { describe, expect, it } from 'vitest';
import { createManualClock, settle } from '../testing/manual-clock.ts';
import { eventParser, followEvents } from './event-stream.ts';

function parsed(...pieces: string[]): string[] {
  const heard: string[] = [];
  const parse = eventParser((data) => heard.push(data));
  for (const piece of pieces) parse(piece);
  return heard;
}

describe('the parser of events', () => {
  it('hands on the data of whole events, however the stream is cut', () => {
    const stream = 'data: {"a":1}\n\n: ping\n\nevent: x\nid: 7\ndata:{"b":2}\n\n';
    expect(parsed(stream)).toEqual(['{"a":1}', '{"b":2}']);
    expect(parsed(...stream)).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('joins lines of one event, and takes any line end', () => {
    expect(parsed('data: a\r\ndata: b\r\n\r\ndata: c\r\rdata: d\n\n')).toEqual(['a\nb', 'c', 'd']);
    expect(parsed('data: a\r', '\n\r', '\n')).toEqual(['a']);
  });

  it('keeps back an event that has not ended', () => {
    expect(parsed('data: a\n')).toEqual([]);
  });
});

/** A hub whose answers are taken in turn; a number is a status, a text is all that it says. */
function follow(...answers: (number | string | null)[]) {
  const clock = createManualClock();
  const stop = new AbortController();
  const seen: string[] = [];
  let opened = 0;
  followEvents({
    open: async () => {
      const answer = answers[opened++] ?? null;
      if (answer === null) return new Promise<Response>(() => {});
      return typeof answer === 'number' ? new Response(null, { status: answer }) : new Response(answer);
    },
    heard: (data) => seen.push(data),
    online: (online) => seen.push(online ? 'online' : 'offline'),
    gone: () => seen.push('gone'),
    clock,
    signal: stop.signal,
  });
  return { clock, seen, stop, opened: () => opened };
}

describe('following a visit', () => {
  it('opens a lost stream again, later and later, until the hub answers', async () => {
    const { clock, seen, opened } = follow(503, 503, 'data: snapshot\n\n', null);
    await settle();
    expect(seen).toEqual(['offline']);
    await clock.advance(600);
    await settle();
    await clock.advance(1_100);
    await settle();
    expect(seen).toEqual(['offline', 'offline', 'online', 'snapshot', 'offline']);
    await clock.advance(600);
    await settle();
    expect(opened()).toBe(4);
  });

  it.each([401, 403, 404, 410])('P4 says that the visit is gone at %i, and asks no more', async (status) => {
    const { clock, seen, opened } = follow(status);
    await settle();
    expect(seen).toEqual(['gone']);
    await clock.advance(60_000);
    await settle();
    expect(opened()).toBe(1);
  });

  it('asks no more once it is stopped', async () => {
    const { clock, stop, opened } = follow(503);
    await settle();
    stop.abort();
    await clock.advance(60_000);
    await settle();
    expect(opened()).toBe(1);
  });
});

// What strangers may send, at its edges: one character more is refused, with the path to it.
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import * as limits from './limits.ts';
import {
  LeaveRequest,
  Proof,
  RatingRequest,
  TicketRequest,
  VisitEndRequest,
  VisitMessageRequest,
  VisitRequest,
} from './public.ts';

const chars = (count: number) => 'x'.repeat(count);
const wish = (context: object) => ({ to: 'sales', intent: 'chat', context });
const data = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, '']));
const left = (over: object) => ({ kind: 'callback', reach: '+351 210 000 000', ...over });

test.each<[string, z.ZodType, (count: number) => object, number, string]>([
  ['an address', TicketRequest, (n) => wish({ url: chars(n) }), 4_000, 'context.url'],
  ['a title', TicketRequest, (n) => wish({ title: chars(n) }), 1_000, 'context.title'],
  ['a referrer', TicketRequest, (n) => wish({ referrer: chars(n) }), 4_000, 'context.referrer'],
  ['a language', TicketRequest, (n) => wish({ language: chars(n) }), 35, 'context.language'],
  ['marks', TicketRequest, (n) => wish({ data: data(n) }), limits.CONTEXT_KEYS, 'context.data'],
  ['a mark', TicketRequest, (n) => wish({ data: { a: chars(n) } }), 1_000, 'context.data.a'],
  ['a visitor', TicketRequest, (n) => ({ ...wish({}), visitor: chars(n) }), 256, 'visitor'],
  ['answers', Proof, (n) => ({ token: chars(16), answers: Array(n).fill(1) }), 64, 'answers'],
  ['a ticket', VisitRequest, (n) => ({ ticket: chars(n) }), 256, 'ticket'],
  [
    'a message',
    VisitMessageRequest,
    (n) => ({ id: 'm', text: chars(n) }),
    limits.VISIT_MESSAGE_CHARS,
    'text',
  ],
  ['a message\u2019s name', VisitMessageRequest, (n) => ({ id: chars(n), text: 'x' }), 64, 'id'],
  ['what is left', LeaveRequest, (n) => left({ text: chars(n) }), limits.LEFT_TEXT_CHARS, 'text'],
  ['who left it', LeaveRequest, (n) => left({ name: chars(n) }), 100, 'name'],
  ['where they are reached', LeaveRequest, (n) => left({ reach: chars(n) }), 254, 'reach'],
  ['words of a rating', RatingRequest, (n) => ({ stars: 5, text: chars(n) }), 500, 'text'],
])('%s is as long as it may be, and no longer', (_, schema, make, most, path) => {
  expect(schema.safeParse(make(most)).success).toBe(true);
  expect(schema.safeParse(make(most + 1)).error?.issues[0]?.path.join('.')).toBe(path);
});

describe('what is no text, no number, or nobody asked for', () => {
  test.each<[string, z.ZodType, object]>([
    ['a list for a message', VisitMessageRequest, { id: 'm', text: ['x'] }],
    ['an operator for a name', LeaveRequest, left({ name: { $ne: '' } })],
    ['half a star', RatingRequest, { stars: 4.5 }],
    ['a reason of its own', VisitEndRequest, { reason: 'bored' }],
    ['a sender', VisitMessageRequest, { id: 'm', text: 'x', from: 'agent' }],
    ['a time', LeaveRequest, left({ atMs: 0 })],
    ['a prototype', VisitMessageRequest, JSON.parse('{"id":"m","text":"x","constructor":{"x":1}}')],
  ])('%s is refused', (_, schema, sent) => {
    expect(schema.safeParse(sent).success).toBe(false);
  });

  test('the insides of objects are nobody\u2019s to set', () => {
    const sent = JSON.parse('{"id":"m","text":"x","__proto__":{"text":"y"}}');
    const read = VisitMessageRequest.safeParse(sent);
    expect(read.success && Object.getPrototypeOf(read.data)).not.toMatchObject({ text: 'y' });
    expect(({} as Record<string, unknown>).text).toBeUndefined();
  });
});

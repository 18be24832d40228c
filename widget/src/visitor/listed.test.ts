import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Answer, refusal } from './answer.ts';
import { askAgain } from './listed.ts';

const card = { ok: true, value: { id: 'sales' } } as unknown as Answer<never>;
const unreachable = refusal('HUB_UNREACHABLE');

/** A hub of which the files are there, or not. */
function setUp(answers: Answer<never>[], files: 'there' | 'away') {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.stubGlobal('location', { origin: 'https://shop.example' });
  const fetcher = vi.fn(async () => {
    if (files === 'away') throw new TypeError('Failed to fetch');
    return new Response();
  });
  const api = { card: async () => answers.shift() as Answer<never> };
  const asked = () =>
    askAgain(api, 'https://calls.example', { to: 'sales', language: 'en' }, fetcher as typeof fetch);
  return { asked, warned };
}

describe('the card of a destination', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('P1 is refused to a page that is not listed, and the integrator reads which one to list where', async () => {
    const { asked, warned } = setUp([unreachable], 'there');
    expect(await asked()).toEqual(refusal('ORIGIN_NOT_ALLOWED'));
    expect(warned.mock.calls.flat().join()).toMatch(/https:\/\/shop\.example.*"origins".*"sales"/);
  });

  it('is unreachable where nothing of the hub is there', async () => {
    const { asked, warned } = setUp([], 'away');
    expect(await asked()).toEqual(unreachable);
    expect(warned).not.toHaveBeenCalled();
  });

  it('is had from a hub that was away only for a moment', async () => {
    const { asked, warned } = setUp([card], 'there');
    expect(await asked()).toBe(card);
    expect(warned).not.toHaveBeenCalled();
  });

  it('is refused as a hub says that answers now', async () => {
    const { asked, warned } = setUp([refusal('NOT_FOUND')], 'there');
    expect(await asked()).toEqual(refusal('NOT_FOUND'));
    expect(warned).not.toHaveBeenCalled();
  });
});

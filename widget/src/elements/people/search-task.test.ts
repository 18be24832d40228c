import type { Person } from '@ringtag/server/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SearchTask } from './search-task.ts';

const bruno: Person = { id: 'bruno', name: 'Bruno Barros', numbers: [], online: true };
const elsa: Person = { ...bruno, id: 'elsa', name: 'Elsa Esteves' };

describe('the search as you type', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks once for letters typed without a pause', async () => {
    const asked: string[] = [];
    const task = new SearchTask(() => {});
    for (const query of ['b', 'br', 'bru']) {
      task.search(query, async (text) => {
        asked.push(text);
        return [bruno];
      });
      vi.advanceTimersByTime(50);
    }
    await vi.runAllTimersAsync();
    expect(asked).toEqual(['bru']);
    expect(task.result).toEqual({ state: 'found', query: 'bru', people: [bruno] });
  });

  it('drops an answer that comes after the next question was asked', async () => {
    let answerFirst: (people: readonly Person[]) => void = () => {};
    const task = new SearchTask(() => {});
    task.search('b', () => new Promise((resolve) => (answerFirst = resolve)));
    await vi.advanceTimersByTimeAsync(200);
    task.search('e', async () => [elsa]);
    await vi.advanceTimersByTimeAsync(200);
    answerFirst([bruno]);
    await vi.runAllTimersAsync();
    expect(task.result).toEqual({ state: 'found', query: 'e', people: [elsa] });
  });

  it('asks at once when nothing is typed, and keeps what is shown until the answer is there', async () => {
    const task = new SearchTask(() => {});
    task.search('b', async () => [bruno], 0);
    await vi.advanceTimersByTimeAsync(0);
    task.search(' ', async (query) => {
      expect(query).toBe('');
      return [elsa];
    });
    expect(task.result).toMatchObject({ query: 'b' });
    await vi.advanceTimersByTimeAsync(0);
    expect(task.result).toEqual({ state: 'found', query: '', people: [elsa] });
  });

  it('tells the hub’s client that an older question is no longer of interest', async () => {
    const signals: AbortSignal[] = [];
    const task = new SearchTask(() => {});
    const never = (_query: string, signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<readonly Person[]>(() => {});
    };
    task.search('b', never);
    await vi.advanceTimersByTimeAsync(200);
    task.search('', never);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(task.result).toEqual({ state: 'loading' });
  });

  it('says that it failed, and can be asked again', async () => {
    const task = new SearchTask(() => {});
    task.search('b', () => Promise.reject(new Error('offline')));
    await vi.runAllTimersAsync();
    expect(task.result).toEqual({ state: 'failed', query: 'b' });
    const refusal = Object.assign(new Error('refused'), { code: 'HUB_UNREACHABLE' });
    task.search('b', () => Promise.reject(refusal), 0);
    await vi.runAllTimersAsync();
    expect(task.result).toEqual({ state: 'failed', query: 'b', code: 'HUB_UNREACHABLE' });
    task.search('b', async () => [bruno], 0);
    await vi.runAllTimersAsync();
    expect(task.result.state).toBe('found');
  });

  it('lets Enter wait for the answer to the last letter', async () => {
    const task = new SearchTask(() => {});
    task.search('b', async () => [bruno]);
    task.search('el', async () => [elsa]);
    const settled = task.settled();
    await vi.runAllTimersAsync();
    expect(await settled).toEqual({ state: 'found', query: 'el', people: [elsa] });
  });
});

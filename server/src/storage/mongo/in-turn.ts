// Changes of one document go one after another within this process. MongoDB and DocumentDB make each conditional update
// atomic anyway, also between processes; FerretDB 1.x reads, compares and writes in separate steps, so that only this
// keeps two changes from both winning there. Hence one hub process at most on FerretDB 1.x.

export type InTurn = <T>(key: string, task: () => Promise<T>) => Promise<T>;

export function createInTurn(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return async (key, task) => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(task, task);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}

// The device's key and session id in the host origin's IndexedDB: all that Ringtag keeps in a browser
// (architecture, decision 8). The key is not extractable; no bearer, name or number is ever stored.

/** What makes this browser a signed-in device of one hub. */
export interface DeviceRecord {
  readonly sessionId: string;
  /** Private half, ECDSA P-256, not extractable. */
  readonly key: CryptoKey;
}

/** A sign-in that left this tab for the identity provider and will come back with a fragment. */
export interface PendingReturn {
  readonly nonce: string;
  readonly verifier: string;
  /** The page's own fragment, given back to it after the return. */
  readonly hash: string;
}

export interface DeviceStore {
  load(): Promise<DeviceRecord | undefined>;
  save(record: DeviceRecord): Promise<void>;
  remove(): Promise<void>;
  /** In one step: the record makes nobody signed in any more, and waits for the hub to end its session. */
  retire(record: DeviceRecord): Promise<void>;
  /** Records whose sessions the hub has not ended yet. */
  retired(): Promise<readonly DeviceRecord[]>;
  forgetRetired(sessionId: string): Promise<void>;
  savePending(pending: PendingReturn): Promise<void>;
  /** The pending return, once: reading takes it out. */
  takePending(): Promise<PendingReturn | undefined>;
}

const STORE = 'devices';

/** A store of the records of one hub; hubs on one page do not see each other's. */
export function createDeviceStore(hubUrl: string, factory: IDBFactory = indexedDB): DeviceStore {
  const hub = new URL(hubUrl).origin;
  const device = `${hub} device`;
  const pending = `${hub} return`;
  const retired = `${hub} retired `;
  return {
    load: () => inStore(factory, 'readonly', (store) => store.get(device)),
    save: (record) => inStore(factory, 'readwrite', (store) => store.put(record, device)),
    remove: () => inStore(factory, 'readwrite', (store) => store.delete(device)),
    retire: (record) =>
      inStore(factory, 'readwrite', (store) => {
        store.put(record, retired + record.sessionId);
        return store.delete(device);
      }),
    retired: () =>
      inStore(factory, 'readonly', (store) => store.getAll(IDBKeyRange.bound(retired, `${retired}\uffff`))),
    forgetRetired: (sessionId) => inStore(factory, 'readwrite', (store) => store.delete(retired + sessionId)),
    savePending: (record) => inStore(factory, 'readwrite', (store) => store.put(record, pending)),
    takePending: () =>
      inStore<PendingReturn | undefined>(factory, 'readwrite', (store) => {
        const found = store.get(pending);
        store.delete(pending);
        return found;
      }),
  };
}

/** Runs one request in a transaction of its own; settles when the transaction is on disk. */
async function inStore<T>(
  factory: IDBFactory,
  mode: IDBTransactionMode,
  run: (store: IDBObjectStore) => IDBRequest,
): Promise<T> {
  const db = await open(factory);
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = db.transaction(STORE, mode);
      const request = run(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result as T);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    // Left open, it would block a later version's upgrade and keep the page out of the back/forward cache.
    db.close();
  }
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open('ringtag', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

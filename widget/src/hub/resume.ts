// Whether this page has something to go on with: asked by the loader, so it must stay tiny and load nothing else.

/** Fragment with which the hub sends a tab back after "Continue in this tab". */
export const RETURN_FRAGMENT = /^#ringtag-code=([\w-]+)&ringtag-nonce=([\w-]+)$/;

/**
 * True when a session is stored for this hub, be it to go on with or to be ended there, or the page is the return
 * from a sign-in in this tab.
 */
export async function hasSession(hubUrl: string, factory: IDBFactory = indexedDB): Promise<boolean> {
  if (RETURN_FRAGMENT.test(location.hash)) return true;
  return hasRecords(factory, IDBKeyRange.bound(`${hubUrl} device`, `${hubUrl} retired \uffff`)).catch(
    () => false,
  );
}

/** Whether `device-key.ts` has kept such records in this origin; it alone makes the place for them. */
function hasRecords(factory: IDBFactory, names: IDBKeyRange): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const opening = factory.open('ringtag', 1);
    opening.onupgradeneeded = () => opening.transaction?.abort();
    // Nothing was ever kept here, or storage is forbidden for this page: nobody can be signed in.
    opening.onerror = reject;
    opening.onsuccess = () => {
      const { result: db } = opening;
      const asked = db.transaction('devices').objectStore('devices').count(names);
      asked.onsuccess = () => resolve(asked.result > 0);
      // Takes effect once that is answered; left open, it would block a later version's upgrade.
      db.close();
    };
  });
}

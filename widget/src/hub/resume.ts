// Whether this page has something to go on with: asked by the loader, so it must stay tiny and load nothing else.
import { createDeviceStore } from './device-key.ts';

/** Fragment with which the hub sends a tab back after "Continue in this tab". */
export const RETURN_FRAGMENT = /^#ringtag-code=([\w-]+)&ringtag-nonce=([\w-]+)$/;

/**
 * True when a session is stored for this hub, be it to go on with or to be ended there, or the page is the return
 * from a sign-in in this tab.
 */
export async function hasSession(hubUrl: string): Promise<boolean> {
  if (RETURN_FRAGMENT.test(location.hash)) return true;
  try {
    const store = createDeviceStore(hubUrl);
    return (await store.load()) !== undefined || (await store.retired()).length > 0;
  } catch {
    // Storage forbidden for this page (private mode, sandbox): nobody can be signed in here.
    return false;
  }
}

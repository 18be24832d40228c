// Why the hub cannot be reached: browsers ask before a page of the internet may use the network around the person
// (Local Network Access), and to the page a refusal looks like any other failure.

/** The permission under its newest names and its first; browsers refuse to query names they do not know. */
const NAMES = ['loopback-network', 'local-network', 'local-network-access'];
/** Names and addresses that only the network around the person, or this very computer, knows. */
const NEARBY =
  /^(localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|\[(::1\]|f[cde]))|\.(localhost|local|internal|home\.arpa)$|^[^.:]+$/;

export interface Reach {
  readonly permissions?: Pick<Permissions, 'query'> | undefined;
  /** Host names. */
  readonly page: string;
  readonly hub: string;
}

/** What to tell after a failure: a denial, or a question about a hub nearby that nobody said yes to. */
export async function whyUnreachable({
  permissions,
  page,
  hub,
}: Reach): Promise<'LOCAL_NETWORK_BLOCKED' | 'HUB_UNREACHABLE'> {
  const states = await Promise.all(
    NAMES.map(async (name) => {
      try {
        return (await permissions?.query({ name: name as PermissionName }))?.state;
      } catch {
        return undefined;
      }
    }),
  );
  const asked = NEARBY.test(hub) && !NEARBY.test(page);
  const blocked = states.includes('denied') || (asked && states.includes('prompt'));
  return blocked ? 'LOCAL_NETWORK_BLOCKED' : 'HUB_UNREACHABLE';
}

/** Of this page. */
export function whyNoHub(hubUrl: string | URL): ReturnType<typeof whyUnreachable> {
  return whyUnreachable({
    permissions: globalThis.navigator?.permissions,
    page: globalThis.location?.hostname ?? '',
    hub: new URL(hubUrl).hostname,
  });
}

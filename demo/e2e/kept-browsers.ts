// Browsers in which somebody is signed in, lent from one test to the next: starting one and signing in costs more than
// most of what a test then does. A page that it opens is signed in as on any other morning, by the session it kept.
import type { SiteName } from '../src/sites/site.ts';
import { launchBrowser, type OwnBrowser } from './browser.ts';
import { PEOPLE, Person, type PersonId } from './person.ts';

/** Beyond these, one that is given back ends. */
const MOST_KEPT = 5;

type World = Person['world'];

interface Kept {
  readonly who: string;
  readonly browser: OwnBrowser;
}

export class KeptBrowsers {
  readonly #world: World;
  readonly #free: Kept[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** That person, signed in at that site; `browser.close` gives the browser back. */
  async lend(id: PersonId, site: SiteName = 'webmail'): Promise<Person> {
    const { origin } = this.#world.sites[site];
    const who = `${id} ${origin}`;
    const index = this.#free.findIndex((kept) => kept.who === who);
    const [kept] = index < 0 ? [] : this.#free.splice(index, 1);
    const browser = kept?.browser ?? (await launchBrowser({ toneHz: PEOPLE[id].toneHz }));
    const lent = { ...browser, close: () => this.#takeBack({ who, browser }, origin) };
    const page = browser.context.pages()[0] ?? (await browser.context.newPage());
    // There to hear of the account for which a page that is signed in asks at once.
    const person = new Person({ id, browser: lent, world: this.#world, page });
    await page.goto(origin);
    if (!kept || !(await isStillSignedIn(person))) await person.signIn();
    return person;
  }

  async #takeBack(kept: Kept, origin: string): Promise<void> {
    const isClean = await tidy(kept.browser, origin).catch(() => false);
    if (isClean && this.#free.length < MOST_KEPT) this.#free.push(kept);
    else await kept.browser.close();
  }

  async close(): Promise<void> {
    await Promise.all(this.#free.splice(0).map(({ browser }) => browser.close()));
  }
}

async function isStillSignedIn(person: Person): Promise<boolean> {
  await person.openPane();
  await person.search.or(person.button('Sign in')).first().waitFor();
  if (!(await person.search.isVisible())) return false;
  await person.expectReady();
  return true;
}

/** No page of it is left, and of what it remembers only the sign-in. */
async function tidy({ context }: OwnBrowser, origin: string): Promise<true> {
  const blank = await context.newPage();
  await Promise.all(context.pages().map((page) => (page === blank ? undefined : page.close())));
  await Promise.all([context.unrouteAll({ behavior: 'ignoreErrors' }), context.clearPermissions()]);
  await context.setOffline(false);
  const session = await context.newCDPSession(blank);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'local_storage' });
  await session.detach();
  return true;
}

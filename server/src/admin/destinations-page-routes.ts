// GET /admin/destinations, …/edit, …/test; POST …/save, …/remove, …/opening.
import { type AnyErrorCode, OpeningChange, type Refusal } from '@ringtag/server/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { renderedPage } from '../platform/own-page.ts';
import type { DestinationRegister } from '../public-calls/destinations.ts';
import { nameOf } from '../public-calls/visit-view.ts';
import { emptyValues, readDestination, valuesOf } from './destination-form.ts';
import { type DestinationFormShown, destinationFormPage, lateFormPage } from './destination-form-page.ts';
import { destinationsPage, testCallPage } from './destinations-page.ts';
import type { Look, PageDesk, Sent } from './page-desk.ts';
import { PAGE_LANGUAGES } from './page-texts.ts';
import type { AdministeredVisits } from './visit-routes.ts';

export interface DestinationsPageOptions {
  readonly destinations: DestinationRegister;
  readonly visits: AdministeredVisits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ownOrigin: string;
  /** Where a visitor's browser opens SIP's WebSocket; absent without a telephone exchange. */
  readonly gateUrl: string | undefined;
}

export function addDestinations(desk: PageDesk, options: DestinationsPageOptions): void {
  const { destinations, visits, clock, logger, ownOrigin, gateUrl } = options;
  const here = '/admin/destinations';
  const connects = [
    ...new Set([
      ownOrigin.replace(/^http/, 'ws'),
      ...(gateUrl === undefined ? [] : [new URL(gateUrl).origin]),
    ]),
  ];

  async function list(look: Look) {
    const live = visits.live();
    const ratings = await visits.ratings();
    const shown = destinations.managed().map(async (managed) => {
      const { destination } = managed;
      const there = live.filter(({ destinationId }) => destinationId === destination.id);
      const count = (state: string) => there.filter(({ stage }) => stage.state === state).length;
      const now = destinations.opening(destination, clock.now());
      const rating = ratings.find(({ destinationId }) => destinationId === destination.id);
      const known = await visits.known(destination.id);
      const counts = { waiting: count('waiting'), talking: count('talking') };
      return { ...managed, ...now, ...counts, rating, ...known };
    });
    return destinationsPage(look, { all: await Promise.all(shown), ownOrigin });
  }

  function form(look: Look, shown: Omit<DestinationFormShown, 'others'>) {
    const others = destinations
      .all()
      .filter(({ id }) => id !== shown.changes)
      .map((each) => ({ id: each.id, name: nameOf(each, each.id) }));
    return destinationFormPage(look, { ...shown, others });
  }

  /** Of the form that was sent: a destination that is changed keeps its id. */
  const changedBy = ({ changes = '' }: Sent): string | undefined => (changes === '' ? undefined : changes);

  desk.page(here, list);

  desk.page(`${here}/edit`, (look) => {
    const { texts, sent } = look;
    const languages = [...new Set([texts.lang, ...PAGE_LANGUAGES])];
    const { id } = sent;
    if (id === undefined) {
      return form(look, { values: emptyValues(languages, ownTimeZone()), isZoneUnsaid: true });
    }
    const found = destinations.managed().find(({ destination }) => destination.id === id);
    if (found?.from !== 'api') return list(look);
    const { destination } = found;
    const values = valuesOf(destination, { languages, dayNames: texts.dayNames });
    if (destination.hours) return form(look, { values, changes: id });
    return form(look, {
      values: { ...values, timeZone: ownTimeZone() },
      changes: id,
      isZoneUnsaid: true,
    });
  });

  desk.page(`${here}/test`, (look) => {
    const found = destinations.byId(look.sent.id ?? '');
    if (!found) return list(look);
    return testCallPage(look, { id: found.id, name: nameOf(found, found.id), connects });
  });

  desk.form(
    `${here}/save`,
    async (look, c) => {
      const { sent: values } = look;
      const changes = changedBy(values);
      const again = (problems: DestinationFormShown['problems'] = []) => {
        c.set('refusal', 'INVALID_INPUT');
        return renderedPage(c, form(look, { values, problems, changes }), 400);
      };
      const read = readDestination(values, new Set(destinations.all().map(({ id }) => id)));
      const id = values.id?.trim() ?? '';
      const isTaken = changes === undefined ? destinations.byId(id) !== undefined : id !== changes;
      const problems = [...(isTaken ? [taken] : []), ...(read.ok ? [] : read.problems)];
      if (!read.ok || isTaken) return again(problems);
      const { destination } = read;
      const put = await destinations.put(destination);
      if (!put.ok) {
        return again([put.code === 'CONFLICT' ? taken : { field: put.field ?? 'id' }]);
      }
      logger.info({ destinationId: destination.id }, 'a destination was changed');
      return desk.go(look, c, here, { done: 'saved' });
    },
    {
      over: lateFormPage,
      again: (look) =>
        form(look, {
          values: look.sent,
          changes: changedBy(look.sent),
          notice: look.texts.lateAgain,
        }),
    },
  );

  desk.form(`${here}/remove`, async (look, c) => {
    const id = look.sent.id ?? '';
    const removed = await destinations.remove(id);
    if (removed.ok) logger.info({ destinationId: id, isRemoved: true }, 'a destination was changed');
    return desk.go(look, c, here, { done: removed.ok ? 'removed' : refusedAs(removed) });
  });

  desk.form(`${here}/opening`, async (look, c) => {
    const { id = '', opening } = look.sent;
    const change = OpeningChange.safeParse({ opening });
    const set = change.success ? await destinations.setOpening(id, change.data.opening) : undefined;
    if (set?.ok) logger.info({ destinationId: id, opening }, 'a destination was changed');
    return desk.go(look, c, here, { done: set?.ok ? 'opening' : 'gone' });
  });
}

/** Key of the sentence that says why it stays. */
function refusedAs({ code, state }: Refusal<AnyErrorCode>): string {
  return code === 'CONFLICT' ? (state ?? 'file') : 'gone';
}

const taken = { field: 'id', why: 'taken' } as const;

const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

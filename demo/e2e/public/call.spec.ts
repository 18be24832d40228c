// A stranger presses a button and the right desk answers: everything real, tones measured at both ends.
import type { TicketRequest } from '@ringtag/server/protocol';
import type { SoftphoneCall } from '../../src/softphone/index.ts';
import { exchangeOf, expectPhoneHears, openDeskPhone, PHONE_HZ } from '../survival/exchange.ts';
import { answerVisitor, expectAbout, ringingFor } from './agent.ts';
import { expect, PEOPLE, test } from './fixtures.ts';
import { recordOfVisit } from './record.ts';
import { VISITOR_HZ, type Visitor } from './visitor.ts';
import { listenToWire, ownMarks } from './wire.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is Asterisk that must not read this as its own
const DIALPLAN = '${SHELL(id)}';
const TITLE = '<img src=x onerror=alert(1)> X-Evil: 2';
const PLACE = { latitude: 38.7223, longitude: -9.1393, accuracy: 25 };

test('D1 P5: a visitor presses, a desk answers, both hear each other and learn no address, and it is rated', async ({
  visit,
  visitor,
  world,
}) => {
  const alice = await visit('alice');
  const hers = listenToWire(alice.page);
  await alice.signIn();
  const stranger = await visitor({ path: '/?article=barometer', place: PLACE });
  const theirs = listenToWire(stranger.page);
  await stranger.open();
  await stranger.page.getByRole('checkbox', { name: 'Also send where I am' }).check();
  await stranger.press('Call now');
  await expectAbout(alice, ['Aneroid barometer', '£ 215', '38.7223, -9.1393']);
  await expect(ringingFor(alice).getByRole('link', { name: /^Tidewell – instruments/ })).toHaveAttribute(
    'href',
    `${world.sites.public.origin}/?article=barometer`,
  );
  await expect(ringingFor(alice).getByRole('link', { name: /map/ })).toHaveAttribute('href', /38\.7223/);
  await answerVisitor(alice);
  await stranger.expectText(`You are talking to ${PEOPLE.alice.name}`);
  await Promise.all([stranger.expectToHear(PEOPLE.alice.toneHz), alice.expectToHear(VISITOR_HZ)]);
  const [herMarks, theirMarks] = [ownMarks(hers), ownMarks(theirs)];
  expect(herMarks.length).toBeGreaterThan(2);
  expect(theirMarks.length).toBeGreaterThan(2);
  expect(herMarks.filter((mark) => theirs.told.some((frame) => frame.includes(mark)))).toEqual([]);
  expect(theirMarks.filter((mark) => hers.told.some((frame) => frame.includes(mark)))).toEqual([]);
  await stranger.press('Hang up');
  await alice.expectNoCall();
  await stranger.expectText('The call has ended');
  await stranger.page.getByRole('radio', { name: '4 of 5' }).check();
  await stranger.press('Send');
  await stranger.expectText('Thank you.');
});

test('D1: a visitor with Firefox looks at another instrument in the call, which goes on', async ({
  signedIn,
  visitor,
}) => {
  const alice = await signedIn('alice');
  const stranger = await visitor({ engine: 'firefox' });
  await stranger.adds('size', '<b onclick=alert(1)>5</b>');
  await stranger.call();
  await expectAbout(alice, ['Tide clock, large', '<b onclick=alert(1)>5</b>', 'English']);
  await answerVisitor(alice);
  await Promise.all([stranger.expectToHear(PEOPLE.alice.toneHz), alice.expectToHear(VISITOR_HZ)]);
  await stranger.page.getByRole('link', { name: /^Hygrometer/ }).click();
  await expect(stranger.page.getByRole('heading', { name: 'Hygrometer' })).toBeVisible();
  await Promise.all([stranger.expectToHear(PEOPLE.alice.toneHz), alice.expectToHear(VISITOR_HZ)]);
  await alice.hangUp();
  await stranger.expectText('The call has ended');
});

/** What a page may add to the rest: names of data, and more data. */
const HOSTILE_DATA = { 'size\r\nX-Evil: 4': '<i onmouseover=alert(1)>' };
const HOSTILE_REST = {
  referrer: 'https://evil.example/<b>hi</b>\r\nX-Evil: 5',
  language: 'en"><b>\r\nX-Evil: 6',
};

/** Its context as a forged page would write it; what the real one wrote stays beside. */
async function forgeContext({ page }: Visitor): Promise<void> {
  await page.route('**/api/public/tickets', async (route) => {
    const body = route.request().postDataJSON() as TicketRequest;
    const context = { ...body.context, ...HOSTILE_REST, data: { ...body.context?.data, ...HOSTILE_DATA } };
    await route.continue({ postData: JSON.stringify({ ...body, context }) });
  });
}

test('D2 P6: hostile words in every field are text at the browser that rings, no header on the wire to a phone, and kept so', async ({
  world,
  signedIn,
  visitor,
}) => {
  const alice = await signedIn('alice');
  const stranger = await visitor({
    path: '/?article=hygrometer&card=4111&utm_source=%22%3Cb%3Ehi%3C%2Fb%3E%0d%0aX-Evil:%201#top',
    place: PLACE,
  });
  const exchange = exchangeOf(world);
  if (!exchange) throw new Error('no exchange');
  const phone = await openDeskPhone(world, exchange);
  await stranger.page.evaluate(() => {
    document.title = '<img src=x onerror=alert(1)>\r\nX-Evil: 2';
  });
  await stranger.adds('size', `5"; \r\nX-Evil: 3\r\n\r\n${DIALPLAN}`);
  await forgeContext(stranger);
  await stranger.open();
  await stranger.page.getByRole('checkbox', { name: 'Also send where I am' }).check();
  await stranger.press('Call now');
  const call = await phone.nextCall(15_000);
  expectContext(call, world.sites.public.origin);
  await expectAbout(alice, [
    ...[TITLE, `5"; X-Evil: 3 ${DIALPLAN}`, '"<b>hi</b> X-Evil: 1'],
    ...['Size X Evil 4', '<i onmouseover=alert(1)>', '38.7223, -9.1393'],
  ]);
  await expect(ringingFor(alice).locator('[onerror], [onmouseover], img[src=x]')).toHaveCount(0);
  call.answer();
  await stranger.expectText(`You are talking to ${PEOPLE.bruno.name}`);
  await Promise.all([stranger.expectToHear(PHONE_HZ), expectPhoneHears(call, VISITOR_HZ)]);
  call.hangUp();
  await stranger.expectText('The call has ended');
  const record = await recordOfVisit(world, stranger.visitId);
  expect(record).toMatchObject({
    ...{ via: 'pbx', result: 'answered', destination: 'sales' },
    caller: { name: 'Sales', address: '127.0.0.1', port: expect.any(Number) },
    callee: { name: PEOPLE.bruno.name },
    context: {
      place: 'geo:38.7223,-9.1393;u=25',
      title: TITLE,
      'data.product': 'Hygrometer',
      'data.size': `5"; X-Evil: 3 ${DIALPLAN}`,
      'data.size-X-Evil-4': '<i onmouseover=alert(1)>',
    },
  });
  expect(Object.keys(record.context ?? {})).not.toContain('language');
  expect(Object.keys(record.context ?? {})).not.toContain('referrer');
  await phone.close();
});

/** What the phone got on the wire; nothing that the visitor's page wrote became a header of its own. */
function expectContext(call: SoftphoneCall, origin: string): void {
  const headers = new Map(call.headers.map(([name, value]) => [name.toLowerCase(), value]));
  expect([...headers.keys()]).not.toContain('x-evil');
  expect(headers.get('geolocation')).toBe('<geo:38.7223,-9.1393;u=25>');
  const url = headers.get('x-ringtag-url') ?? '';
  expect(url).toContain(`${origin}/?article=hygrometer`);
  expect(url).not.toContain('4111');
  const context = headers.get('x-ringtag-context') ?? '';
  expect(context).toContain('; product=Hygrometer; ');
  expect(context).toContain('size-X-Evil-4=<i onmouseover%3Dalert(1)>');
  expect(context).toContain('title=<img src%3Dx onerror%3Dalert(1)> X-Evil: 2');
  expect(context).toContain(DIALPLAN);
}

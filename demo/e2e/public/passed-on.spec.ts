// A visitor whom one colleague passes on to another: the second one sees whom, talks to them, and has the chat.
import { exchangeOf, expectRegistered } from '../survival/exchange.ts';
import { answerVisitor, expectAbout, openVisitors, ringingFor, write } from './agent.ts';
import { expect, PEOPLE, type Person, test } from './fixtures.ts';
import { VISITOR_HZ, type Visitor } from './visitor.ts';

test.beforeEach(() => test.setTimeout(150_000));

const PRODUCT = ['Aneroid barometer', '£ 215'];
const PATH = '/?article=barometer';
/** Of the two soft beeps that a held telephone hears, every five seconds. */
const HOLD_HZ = 520;

async function tonesBothWays(stranger: Visitor, person: Person): Promise<void> {
  await Promise.all([stranger.expectToHear(PEOPLE[person.id].toneHz), person.expectToHear(VISITOR_HZ)]);
}

test('P5: a visitor who is held reads so and hears beeps instead of silence, until the talk goes on', async ({
  signedIn,
  visitor,
}) => {
  const alice = await signedIn('alice');
  const stranger = await visitor({ path: PATH });
  await stranger.call();
  await answerVisitor(alice);
  await tonesBothWays(stranger, alice);
  await alice.button('Hold').first().click();
  await stranger.expectText('One moment, please: you are on hold');
  await stranger.expectToHear(HOLD_HZ);
  await alice.button('Resume').first().click();
  await stranger.expectText(`You are talking to ${PEOPLE.alice.name}`);
  await tonesBothWays(stranger, alice);
  await stranger.press('Hang up');
  await alice.expectNoCall();
});

test('P9: passed on at once, a visitor talks and writes to the colleague, who saw page and article as it rang', async ({
  world,
  signedIn,
  visitor,
}) => {
  const [alice, bruno] = [await signedIn('alice'), await signedIn('bruno')];
  const stranger = await visitor({ path: PATH });
  await stranger.call();
  await expect(ringingFor(bruno)).toBeVisible({ timeout: 20_000 });
  await answerVisitor(alice);
  await tonesBothWays(stranger, alice);
  await expect(ringingFor(bruno)).toBeHidden();

  await alice.passOn('bruno', 'Transfer now');
  await expectAbout(bruno, PRODUCT);
  await expect(ringingFor(bruno).getByRole('link', { name: /^Tidewell – instruments/ })).toHaveAttribute(
    'href',
    `${world.sites.public.origin}${PATH}`,
  );
  await answerVisitor(bruno);
  await tonesBothWays(stranger, bruno);
  await alice.expectNoCall();
  await stranger.expectText(`You are talking to ${PEOPLE.bruno.name}`);
  await write(bruno, 'I have it in front of me');
  await stranger.expectText('I have it in front of me');
  await openVisitors(alice);
  await expect(alice.pane.getByText(`With ${PEOPLE.bruno.name}`).first()).toBeVisible();
  await stranger.press('Hang up');
  await bruno.expectNoCall();
});

test('P9: asked first, a colleague who answers no visitors of that desk has this one', async ({
  world,
  signedIn,
  visitor,
}) => {
  const [alice, carla] = [await signedIn('alice'), await signedIn('carla')];
  const exchange = exchangeOf(world);
  if (!exchange) throw new Error('no exchange');
  await expectRegistered(exchange, carla);
  const stranger = await visitor({ path: PATH });
  await stranger.call();
  await answerVisitor(alice);
  await tonesBothWays(stranger, alice);

  await alice.passOn('carla', 'Ask first');
  await expectAbout(carla, PRODUCT);
  await answerVisitor(carla);
  await alice.button('Complete').click();
  await tonesBothWays(stranger, carla);
  await alice.expectNoCall();
  await stranger.expectText(`You are talking to ${PEOPLE.carla.name}`);
  await write(carla, 'Sales sent you to me');
  await stranger.expectText('Sales sent you to me');
  await carla.hangUp();
  await stranger.expectText('The call has ended');
});

// Accounts, registrations and calls through a real Asterisk, with phones that measure what they hear.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Softphone, SoftphoneCall } from '../../demo/src/softphone/index.ts';
import { digestHa1 } from '../../server/src/pbx/credentials.ts';
import type { Pbx } from '../../server/src/pbx/port.ts';
import type { RunningAsterisk } from '../index.mjs';
import { getAsteriskForTests } from '../testing.mjs';
import { grantPhone, openPbx, openPhone, REALM, until } from './scene.ts';

// A deadline against hanging, not a measure: machines that run tests are busy.
vi.setConfig({ testTimeout: 40_000 });

const { asterisk: found, skip } = await getAsteriskForTests();
const asterisk = found as RunningAsterisk;

describe.skipIf(skip)(`calls through Asterisk${skip ? ` (${skip})` : ''}`, () => {
  let pbx: Pbx;
  const phones: Softphone[] = [];

  const phone = async (...args: Parameters<typeof openPhone> extends [unknown, ...infer R] ? R : never) => {
    const opened = await openPhone(asterisk, ...args);
    phones.push(opened);
    return opened;
  };

  /** A granted, registered phone. */
  const registered = async (endpoint: string, extension: string, toneHz = 440): Promise<Softphone> => {
    await grantPhone(pbx, { endpoint, extension });
    const opened = await phone(endpoint, { toneHz });
    expect(await opened.register()).toBe(200);
    await until(pbx, () => pbx.isRegistered(endpoint));
    return opened;
  };

  beforeAll(async () => {
    pbx = openPbx(asterisk);
    await until(pbx, () => pbx.available);
  });

  afterEach(async () => {
    await Promise.all(phones.splice(0).map((opened) => opened.close()));
  });

  afterAll(async () => {
    await pbx?.close();
    await asterisk?.stop();
  });

  it('an account works the moment it is granted, and is refused the moment it is revoked', async () => {
    const alice = await phone('p-alice');
    expect(await alice.register()).toBe(401);
    await grantPhone(pbx, { endpoint: 'p-alice', extension: '1001' });
    expect(await alice.register()).toBe(200);
    await until(pbx, () => pbx.isRegistered('p-alice'));
    await pbx.revoke('p-alice', []);
    expect(pbx.isRegistered('p-alice')).toBe(false);
    expect(await alice.register()).toBe(401);
    const call = await alice.call('600');
    expect((await call.ended).status).toBe(401);
  });

  it('a rotation keeps the previous password valid until it is dropped', async () => {
    const auth = (n: number) => ({
      id: `d-rotated-${n}`,
      ha1: digestHa1({ user: 'd-rotated', realm: REALM, password: `secret ${n}` }),
    });
    const grant = (...auths: ReturnType<typeof auth>[]) =>
      pbx.grant({ endpoint: 'd-rotated', kind: 'device', callerName: '', callerNumber: '', auths }, []);
    const [first, second] = [
      await phone('d-rotated', { password: 'secret 1' }),
      await phone('d-rotated', { password: 'secret 2' }),
    ];
    await grant(auth(1));
    expect([await first.register(), await second.register()]).toEqual([200, 401]);
    await grant(auth(1), auth(2));
    expect([await first.register(), await second.register()]).toEqual([200, 200]);
    await grant(auth(2));
    expect([await first.register(), await second.register()]).toEqual([401, 200]);
  });

  it('the echo test gives back the tone that was sent', async () => {
    const alice = await registered('p-alice', '1001', 700);
    const call = await alice.call('600');
    expect(await call.answered).toBe(true);
    await heardTone(call, 700);
    expect(pbx.isInCall('p-alice')).toBe(true);
    call.hangUp();
    await until(pbx, () => !pbx.isInCall('p-alice'));
  });

  it('601 plays a steady tone of 1004 Hz', async () => {
    const alice = await registered('p-alice', '1001');
    const call = await alice.call('601');
    expect(await call.answered).toBe(true);
    await heardTone(call, 1004);
  });

  it('two people hear each other, see who calls, and the digits of one arrive at the other', async () => {
    const alice = await registered('p-alice', '1001', 500);
    const bruno = await registered('p-bruno', '1002', 900);
    const outgoing = await alice.call('1002');
    const incoming = await bruno.nextCall();
    expect(incoming.peer).toContain('"p-alice" <sip:1001@');
    incoming.answer();
    expect(await outgoing.answered).toBe(true);
    await Promise.all([heardTone(outgoing, 900), heardTone(incoming, 500)]);
    await outgoing.sendDigits('42#');
    await eventually(() => incoming.digits === '42#');
    incoming.hangUp();
    expect(await outgoing.ended).toMatchObject({ by: 'remote' });
  });

  it('who is held hears two soft beeps in quiet, and not the other; resume brings the tone back', async () => {
    const alice = await registered('p-alice', '1001', 500);
    const bruno = await registered('p-bruno', '1002', 900);
    const outgoing = await alice.call('1002');
    (await bruno.nextCall()).answer();
    await outgoing.answered;
    await heardTone(bruno.calls[0] as SoftphoneCall, 500);
    expect(await outgoing.setHeld(true)).toBe(200);
    const held = bruno.calls[0] as SoftphoneCall;
    const beeps = () => {
      const { hz, levelDb } = held.heard(100);
      return Math.abs(hz - 520) <= 10 && levelDb < -15;
    };
    const quiet = () => held.heard(100).hz === 0;
    for (const next of [beeps, quiet, beeps, quiet, beeps]) await eventually(next);
    expect(await outgoing.setHeld(false)).toBe(200);
    await heardTone(bruno.calls[0] as SoftphoneCall, 500);
  });

  it('an extension rings all its endpoints; one answers, the others hear that it was answered elsewhere', async () => {
    const alice = await registered('p-alice', '1001');
    const [first, second] = [await registered('p-one', '1003'), await registered('p-two', '1003')];
    await grantPhone(pbx, { endpoint: 'p-one', extension: '1003' }, [
      { extension: '1003', personId: 'u-c', endpoints: ['p-one', 'p-absent', 'p-two'] },
    ]);
    const outgoing = await alice.call('1003');
    const [loser, winner] = [await first.nextCall(), await second.nextCall()];
    winner.answer();
    expect(await outgoing.answered).toBe(true);
    const end = await loser.ended;
    expect(end).toMatchObject({ by: 'remote', status: 487 });
    expect(end.reason).toContain('cause=200;text="Call completed elsewhere"');
  });

  it('a decline on one device stops the others, and the caller hears it at once', async () => {
    const alice = await registered('p-alice', '1001');
    const [one, two] = [await registered('p-one', '1003'), await registered('p-two', '1003')];
    await grantPhone(pbx, { endpoint: 'p-one', extension: '1003' }, [
      { extension: '1003', personId: 'u-c', endpoints: ['p-one', 'p-two'] },
    ]);
    const outgoing = await alice.call('1003');
    const [first, second] = [await one.nextCall(), await two.nextCall()];
    first.decline(603);
    expect(await outgoing.ended).toMatchObject({ by: 'remote', status: 403 });
    const end = await second.ended;
    expect(end).toMatchObject({ by: 'remote', status: 487 });
    expect(end.reason ?? '').not.toContain('elsewhere');
  });

  it('one device that is busy leaves the others ringing', async () => {
    const alice = await registered('p-alice', '1001');
    const [one, two] = [await registered('p-one', '1003'), await registered('p-two', '1003')];
    await grantPhone(pbx, { endpoint: 'p-one', extension: '1003' }, [
      { extension: '1003', personId: 'u-c', endpoints: ['p-one', 'p-two'] },
    ]);
    const outgoing = await alice.call('1003');
    const [first, second] = [await one.nextCall(), await two.nextCall()];
    first.decline(486);
    await first.ended;
    second.answer();
    expect(await outgoing.answered).toBe(true);
    await heardTone(outgoing, 440);
  });

  it('the caller who gives up cancels, and nobody is told that somebody answered', async () => {
    const alice = await registered('p-alice', '1001');
    const bruno = await registered('p-bruno', '1002');
    const outgoing = await alice.call('1002');
    const incoming = await bruno.nextCall();
    outgoing.hangUp();
    expect(await outgoing.ended).toMatchObject({ by: 'local', status: 487 });
    expect((await incoming.ended).reason ?? '').not.toContain('elsewhere');
  });

  it('desk-<extension> rings the desk phone alone', async () => {
    const alice = await registered('p-alice', '1001');
    const desk = await registered('p-desk', '1004');
    const other = await registered('p-other', '1004');
    await grantPhone(pbx, { endpoint: 'p-desk', extension: '1004' }, [
      { extension: '1004', personId: 'u-d', endpoints: ['p-desk', 'p-other'] },
      { extension: 'desk-1004', personId: 'u-d', endpoints: ['p-desk'] },
    ]);
    const outgoing = await alice.call('desk-1004');
    (await desk.nextCall()).answer();
    expect(await outgoing.answered).toBe(true);
    expect(other.calls).toHaveLength(0);
  });

  it.each([
    ['nobody has that extension', '1999', 404, 'cause=1'],
    ['nobody of it is registered', '1005', 480, 'cause=20'],
    ['it has nothing to ring', '1006', 480, 'cause=20'],
  ])('when %s the caller is told so', async (_, dialled, status, cause) => {
    const alice = await registered('p-alice', '1001');
    await grantPhone(pbx, { endpoint: 'p-absent', extension: '1005' });
    await pbx.grant({ endpoint: 'p-absent', kind: 'phone', callerName: '', callerNumber: '', auths: [] }, [
      { extension: '1006', personId: 'u-f', endpoints: [] },
    ]);
    const end = await (await alice.call(dialled)).ended;
    expect(end).toMatchObject({ by: 'remote', status });
    expect(end.reason).toContain(cause);
  });

  it('D1 who dials a person that wants no calls hears busy, until the time is over', async () => {
    const alice = await registered('p-alice', '1001');
    const bruno = await registered('p-bruno', '1002');
    const own = { extension: '1002', personId: 'u-1002', endpoints: ['p-bruno'] };
    const setBusy = (busyUntilMs: number) =>
      pbx.route([
        { ...own, busyUntilMs },
        { ...own, extension: 'desk-1002', busyUntilMs },
      ]);
    for (const untilMs of [Number.POSITIVE_INFINITY, Date.now() + 60_000]) {
      await setBusy(untilMs);
      for (const dialled of ['1002', 'desk-1002']) {
        const end = await (await alice.call(dialled)).ended;
        expect(end, dialled).toMatchObject({ by: 'remote', status: 486 });
        expect(end.reason).toContain('cause=17');
      }
    }
    expect(bruno.calls).toHaveLength(0);
    await setBusy(Date.now() - 1_000);
    await alice.call('1002');
    expect(await bruno.nextCall()).toBeDefined();
  });

  it.each([
    ['busy', 486, 486],
    ['declined', 603, 403],
  ])('the caller of one who is %s hears it', async (_, answer, status) => {
    const alice = await registered('p-alice', '1001');
    const bruno = await registered('p-bruno', '1002');
    const outgoing = await alice.call('1002');
    (await bruno.nextCall()).decline(answer);
    expect(await outgoing.ended).toMatchObject({ status });
  });

  it('revoking ends the calls that are up', async () => {
    const alice = await registered('p-alice', '1001');
    const call = await alice.call('601');
    await call.answered;
    await heardTone(call, 1004);
    await pbx.revoke('p-alice', []);
    expect(await call.ended).toMatchObject({ by: 'remote' });
  });

  it.each([
    '1',
    's',
    'h',
    'i',
    't',
    'T',
    'e',
    'ring',
    'p-bruno',
    'PJSIP/p-bruno',
    '1002%40evil.example',
    'desk-',
    'desk-abc',
    '1002%26SIP',
    '00351210000000',
    '+351210000000',
    '9'.repeat(9),
    '*1',
    '#',
    '%0a1002',
    '1002%2C1',
    '%24%7bEXTEN%7d',
    '_XXXX',
    'visit',
    '911911911911',
    '1002/n',
    '1002&1003',
    'd-rotated',
  ])('refuses the foreign dial string %s', async (dialled) => {
    const alice = await registered('p-alice', '1001');
    const end = await (await alice.call(dialled)).ended;
    expect(end.status).toBe(404);
  });
});

/** Waits for the tone at the far end: within 2 Hz, and louder than a whisper. */
async function heardTone(call: SoftphoneCall, hz: number): Promise<void> {
  // One look for both: a second one may fall into a moment in which this process was not let run.
  await eventually(() => {
    const heard = call.heard(300);
    return Math.abs(heard.hz - hz) <= 2 && heard.levelDb > -30;
  });
}

async function eventually(check: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(check()).toBe(true), { timeout: 15_000, interval: 25 });
}

// The four words of a direct call, and somebody who sits in between: who changes what the hub is told and what it says
// hears both, and both hear each other as if nothing were, but the words differ.

import type { Page, WebSocketRoute } from '@playwright/test';
import type { Signal, SignalEnvelope } from '@ringtag/server/protocol';
import { launchBrowser } from '../browser.ts';
import { expect, type Person, test } from '../fixtures.ts';

interface Relay {
  /** The caller's offer; settles with the one that the callee is given instead. */
  offer(sdp: string): Promise<string>;
  /** The callee's answer; settles with the one that the caller is given instead. */
  answer(sdp: string): Promise<string>;
  candidate(of: 'caller' | 'callee', candidate: RTCIceCandidateInit): Promise<void>;
}

declare global {
  interface Window {
    ringtagRelay?: Relay;
  }
}

/** Runs in the page of the one in between: two connections, and the sound of each sent on into the other. */
function installRelay(): void {
  const [caller, callee] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const settle = async (connection: RTCPeerConnection) => {
    await connection.setLocalDescription();
    while (connection.iceGatheringState !== 'complete') await new Promise((go) => setTimeout(go, 20));
    return connection.localDescription?.sdp ?? '';
  };
  /** Sound that nobody plays is not decoded, and cannot be sent on. */
  const heardBy = (connection: RTCPeerConnection) => {
    const [receiver] = connection.getReceivers();
    if (!receiver) return null;
    const player = new Audio();
    player.muted = true;
    player.srcObject = new MediaStream([receiver.track]);
    void player.play();
    return receiver.track;
  };
  window.ringtagRelay = {
    async offer(sdp) {
      await caller.setRemoteDescription({ type: 'offer', sdp });
      await callee.addTransceiver('audio').sender.replaceTrack(heardBy(caller));
      return settle(callee);
    },
    async answer(sdp) {
      await callee.setRemoteDescription({ type: 'answer', sdp });
      for (const transceiver of caller.getTransceivers()) {
        transceiver.direction = 'sendrecv';
        await transceiver.sender.replaceTrack(heardBy(callee));
      }
      return settle(caller);
    },
    candidate: (of, candidate) => (of === 'caller' ? caller : callee).addIceCandidate(candidate),
  };
}

type Work = (envelope: SignalEnvelope) => Promise<SignalEnvelope>;

/** Whatever of `room:signal` goes by is changed by `work`, everything else as it is, in order (Socket.IO 5). */
function rewriting(send: (text: string) => void, work: Work): (message: string | Buffer) => void {
  let before: Promise<unknown> = Promise.resolve();
  return (message) => {
    const passOn = async () => {
      const text = String(message);
      const [, head, body] = /^(42\d*)(\["room:signal",.*)$/s.exec(text) ?? [];
      if (!head || !body) return send(text);
      const [name, event] = JSON.parse(body) as [string, { envelopes: SignalEnvelope[] }];
      const envelopes: SignalEnvelope[] = [];
      for (const envelope of event.envelopes) envelopes.push(await work(envelope));
      send(`${head}${JSON.stringify([name, { ...event, envelopes }])}`);
    };
    // Once the one in between is gone, what still comes is lost.
    before = before.then(passOn).catch(() => {});
  };
}

/** Between this person, who will call, and the hub. */
async function sitBetween(person: Person, relay: Page): Promise<void> {
  const nothing: Signal = { kind: 'media', held: false, muted: false, video: false };
  // Signals are sent at least once (R2): what comes again is answered as before.
  const given = new Map<string, Promise<string>>();
  const change =
    (of: 'caller' | 'callee'): Work =>
    async ({ seq, signal }) => {
      if (signal.kind === 'media') return { seq, signal };
      if (signal.kind === 'description') {
        const key = `${of} ${seq}`;
        const inItsPlace =
          given.get(key) ??
          relay.evaluate(
            ([side, sdp]) =>
              window.ringtagRelay?.[side === 'caller' ? 'offer' : 'answer'](sdp as string) ?? '',
            [of, signal.sdp],
          );
        given.set(key, inItsPlace);
        return { seq, signal: { ...signal, sdp: await inItsPlace } };
      }
      const { kind: _, ...candidate } = signal;
      await relay.evaluate(([side, given]) => window.ringtagRelay?.candidate(side, given).catch(() => {}), [
        of,
        candidate,
      ] as const);
      return { seq, signal: nothing };
    };
  await person.page.routeWebSocket(/socket\.io/, (page: WebSocketRoute) => {
    const hub = page.connectToServer();
    page.onMessage(rewriting((text) => hub.send(text), change('caller')));
    hub.onMessage(rewriting((text) => page.send(text), change('callee')));
  });
}

test('A9 both read the same four words on a direct call', async ({ signedIn }) => {
  const alice = await signedIn('alice');
  const bruno = await signedIn('bruno', 'intranet');
  await alice.call('bruno');
  await bruno.answer('alice');
  await bruno.expectToHearPerson('alice');
  const words = await alice.readWords();
  expect(new Set(words).size).toBeGreaterThan(1);
  expect(await bruno.readWords()).toEqual(words);
});

test('A9 somebody in between passes their voices on unnoticed, but not their words', async ({
  visit,
  signedIn,
}) => {
  test.setTimeout(120_000);
  const bruno = await signedIn('bruno', 'intranet');
  const between = await launchBrowser({
    toneHz: 100,
    flags: ['--disable-features=WebRtcHideLocalIpsWithMdns'],
  });
  try {
    const relay = await between.context.newPage();
    await relay.evaluate(installRelay);
    const alice = await visit('alice');
    await sitBetween(alice, relay);
    await alice.page.reload();
    await alice.signIn();
    await alice.call('bruno');
    await bruno.answer('alice');
    await Promise.all([alice.expectToHearPerson('bruno'), bruno.expectToHearPerson('alice')]);
    const [hers, his] = [await alice.readWords(), await bruno.readWords()];
    expect(hers).not.toEqual(his);
    await alice.hangUp();
    await bruno.expectNoCall();
  } finally {
    await between.close();
  }
});

// A visitor's telephone line: one call by SIP over WebSocket through the gate, without registering, with plain RTP in
// place of WebRTC, which Node has not. Hears whether somebody is there, and hangs up.
import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { answerChallenge } from '../src/softphone/digest.ts';
import { type Media, openMedia } from '../src/softphone/media.ts';
import {
  header,
  parseMessage,
  type SipMessage,
  tagOf,
  uriOf,
  writeMessage,
} from '../src/softphone/message.ts';
import { readSdp, writeSdp } from '../src/softphone/sdp.ts';

export interface LineAccount {
  readonly endpoint: string;
  readonly realm: string;
  readonly ha1: string;
  readonly gateUrl: string;
  readonly dial: string;
}

export interface LineOptions {
  readonly account: LineAccount;
  readonly origin: string;
  readonly address: string;
  /** What the desk plays. */
  readonly toneHz: number;
  readonly onHeard: () => void;
}

const HEARD_WITHIN_MS = 20_000;
const LOOK_MS = 50;

/** Settles after the desk's tone was heard and the call hung up; rejects with what happened instead. */
export async function callAndHear({ account, origin, address, toneHz, onHeard }: LineOptions): Promise<void> {
  const url = new URL(account.gateUrl);
  // Names below `localhost` are known to browsers alone.
  if (url.hostname.endsWith('localhost')) url.hostname = '127.0.0.1';
  const socket = new WebSocket(url, 'sip', { origin, localAddress: address, perMessageDeflate: false });
  const media = await openMedia({ host: '127.0.0.1', toneHz: 440, onDigit: () => {} });
  try {
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const dialog = await invite(socket, account, media);
    const deadline = performance.now() + HEARD_WITHIN_MS;
    while (!isTone(media, toneHz)) {
      if (performance.now() > deadline) throw new Error('nothing was heard');
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    onHeard();
    await dialog.hangUp();
  } finally {
    media.close();
    socket.terminate();
  }
}

function isTone(media: Media, hz: number): boolean {
  const heard = media.heard(200);
  return Math.abs(heard.hz - hz) <= 5 && heard.levelDb > -35;
}

interface Dialog {
  hangUp(): Promise<void>;
}

/** INVITE, once more with credentials, until it is answered; anything else rejects. */
function invite(socket: WebSocket, account: LineAccount, media: Media): Promise<Dialog> {
  const { endpoint, realm, ha1, dial } = account;
  const uri = `sip:${dial}@${realm}`;
  const callId = randomBytes(8).toString('hex');
  const from = `<sip:${endpoint}@${realm}>;tag=${randomBytes(4).toString('hex')}`;
  const host = '127.0.0.1';
  const body = writeSdp({ host, port: media.port, version: 1, direction: 'sendrecv' });
  const branch = () => `z9hG4bK${randomBytes(8).toString('hex')}`;

  interface Written {
    readonly method: string;
    readonly to: string;
    readonly cseq: number;
    readonly via: string;
    readonly target?: string;
    readonly headers?: SipMessage['headers'];
    readonly body?: string;
  }
  const send = ({ method, to, cseq, via, target = uri, headers = [], body = '' }: Written): void => {
    const written = writeMessage({
      start: { kind: 'request', method, uri: target },
      headers: [
        ['Via', `SIP/2.0/WS visitor.invalid;branch=${via}`],
        ['Max-Forwards', '70'],
        ['From', from],
        ['To', to],
        ['Call-ID', callId],
        ['CSeq', `${cseq} ${method}`],
        ['Contact', `<sip:${endpoint}@visitor.invalid;transport=ws>`],
        ...headers,
        ...(body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
      ],
      body,
    });
    if (socket.readyState === WebSocket.OPEN) socket.send(written);
  };

  return new Promise((resolve, reject) => {
    let cseq = 1;
    let via = branch();
    let hungUp = () => {};
    const timer = setTimeout(() => reject(new Error('the call was not answered')), HEARD_WITHIN_MS);
    const ask = (headers: SipMessage['headers']) =>
      send({ method: 'INVITE', to: `<${uri}>`, cseq, via, headers, body });
    socket.on('close', () => reject(new Error('the gate closed')));
    socket.on('message', (data) => {
      const message = parseMessage(String(data));
      if (!message || header(message, 'Call-ID') !== callId) return;
      const { start } = message;
      if (start.kind === 'request') return answerRequest(socket, message);
      const isInvite = /INVITE/.test(header(message, 'CSeq') ?? '');
      if (!isInvite) return hungUp();
      if (start.status < 200) return;
      const to = header(message, 'To') ?? '';
      const target = uriOf(header(message, 'Contact')) ?? uri;
      if (start.status >= 300) {
        send({ method: 'ACK', to, cseq, via });
        const challenge = header(message, 'WWW-Authenticate');
        if (start.status === 401 && cseq === 1 && challenge !== undefined) {
          cseq += 1;
          via = branch();
          const answer = answerChallenge(challenge, { user: endpoint, ha1, method: 'INVITE', uri });
          return ask([['Authorization', answer]]);
        }
        clearTimeout(timer);
        return reject(new Error(`the call was answered ${start.status}`));
      }
      clearTimeout(timer);
      send({ method: 'ACK', to, cseq, via: branch(), target });
      const remote = readSdp(message.body);
      if (!remote || tagOf(to) === undefined) return reject(new Error('there is no sound to be had'));
      media.start(remote);
      return resolve({
        hangUp: () =>
          new Promise((done) => {
            hungUp = done;
            setTimeout(done, 1_000).unref();
            send({ method: 'BYE', to, cseq: cseq + 1, via: branch(), target });
          }),
      });
    });
    ask([]);
  });
}

function answerRequest(socket: WebSocket, request: SipMessage): void {
  if (request.start.kind !== 'request' || request.start.method === 'ACK') return;
  const kept = request.headers.filter(([name]) => /^(via|from|to|call-id|cseq)$/i.test(name));
  socket.send(
    writeMessage({ start: { kind: 'response', status: 200, reason: 'OK' }, headers: kept, body: '' }),
  );
}

// One SIP REGISTER over the gate's WebSocket (RFC 7118), as a stolen set of credentials would be tried.
import { createHash, randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';

export interface StolenAccount {
  readonly endpoint: string;
  readonly realm: string;
  readonly ha1: string;
  readonly gateUrl: string;
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const token = () => randomBytes(6).toString('hex');

interface Attempt {
  readonly account: StolenAccount;
  readonly callId: string;
  readonly tag: string;
  readonly cseq: number;
  readonly authorization?: string;
}

function request({ account, callId, tag, cseq, authorization }: Attempt): string {
  const uri = `<sip:${account.endpoint}@${account.realm}>`;
  const lines = [
    `REGISTER sip:${account.realm} SIP/2.0`,
    `Via: SIP/2.0/WS stolen.invalid;branch=z9hG4bK${token()}`,
    'Max-Forwards: 70',
    `From: ${uri};tag=${tag}`,
    `To: ${uri}`,
    `Call-ID: ${callId}`,
    `CSeq: ${cseq} REGISTER`,
    `Contact: <sip:${account.endpoint}@stolen.invalid;transport=ws>;expires=60`,
    ...(authorization ? [`Authorization: ${authorization}`] : []),
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** RFC 2617 §3.2.2 with the stored HA1 in the place of the password. */
function answer(account: StolenAccount, challenge: string): string {
  const value = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const uri = `sip:${account.realm}`;
  const cnonce = token();
  const ha2 = md5(`REGISTER:${uri}`);
  const response = md5(`${account.ha1}:${value('nonce')}:00000001:${cnonce}:auth:${ha2}`);
  const opaque = value('opaque');
  return `Digest username="${account.endpoint}", realm="${value('realm')}", nonce="${value('nonce')}", uri="${uri}", response="${response}", algorithm=MD5, cnonce="${cnonce}", qop=auth, nc=00000001${opaque ? `, opaque="${opaque}"` : ''}`;
}

/** Final status of the registration; 0 when the gate did not even open or closed the connection. */
export function tryToRegister(account: StolenAccount, origin: string): Promise<number> {
  return new Promise((resolve) => {
    // The name is for browsers; Node's own look-up does not know `*.localhost`.
    const url = account.gateUrl.replace('hub.localhost', '127.0.0.1');
    const socket = new WebSocket(url, 'sip', { origin });
    const identity = { account, callId: token(), tag: token() };
    const finish = (status: number) => {
      socket.terminate();
      resolve(status);
    };
    let challenged = false;
    socket.on('open', () => socket.send(request({ ...identity, cseq: 1 })));
    socket.on('error', () => finish(0));
    socket.on('close', () => finish(0));
    socket.on('message', (data) => {
      const text = String(data);
      const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0);
      const challenge = /^WWW-Authenticate: (.*)$/im.exec(text)?.[1];
      if (status === 401 && challenge && !challenged) {
        challenged = true;
        socket.send(request({ ...identity, cseq: 2, authorization: answer(account, challenge) }));
      } else if (status >= 200) finish(status);
    });
    setTimeout(() => finish(0), 10_000).unref();
  });
}

// SIP transactions over UDP (RFC 3261 §17), as a test phone needs them: requests are repeated until answered,
// answers are repeated when the request is, and each final answer is reported once.
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { branchOf, headersNamed, methodOf, parseMessage, type SipMessage, writeMessage } from './message.ts';

/** RFC 3261 §17.1.1.1. */
const T1_MS = 500;
const T2_MS = 4_000;
const GIVE_UP_MS = 64 * T1_MS;

export interface Transport {
  readonly host: string;
  readonly port: number;
  /** Sends a request (a Via is put on top); calls back for every provisional answer and once with a final one. */
  request(
    message: SipMessage,
    onResponse: (response: SipMessage | 'timeout') => void,
  ): { readonly branch: string };
  /** Sends without a transaction: an ACK, which nobody answers. `branch` repeats an earlier one (RFC 3261 §17.1.1.3). */
  send(message: SipMessage, branch?: string): void;
  /** Answers a request, and again whenever the request comes again. */
  respond(request: SipMessage, response: SipMessage): void;
  close(): void;
}

export interface TransportOptions {
  readonly host: string;
  readonly server: { readonly host: string; readonly port: number };
  /** Requests that are new; repeated ones are answered from memory. */
  readonly onRequest: (request: SipMessage) => void;
  /** 200 to an INVITE comes until it is acknowledged: repetitions arrive here. */
  readonly onRepeatedSuccess: (response: SipMessage) => void;
}

interface Pending {
  readonly onResponse: (response: SipMessage | 'timeout') => void;
  readonly stop: () => void;
}

export async function openTransport(options: TransportOptions): Promise<Transport> {
  const { server } = options;
  const socket = await bind(options.host);
  const { port } = socket.address();
  const pending = new Map<string, Pending>();
  const answered = new Map<string, string | undefined>();

  const transmit = (text: string): void => socket.send(text, server.port, server.host);

  function withVia(message: SipMessage, branch: string): SipMessage {
    const via = ['Via', `SIP/2.0/UDP ${options.host}:${port};branch=${branch};rport`] as const;
    return { ...message, headers: [via, ...message.headers] };
  }

  socket.on('message', (data) => {
    const message = parseMessage(String(data));
    if (!message) return;
    if (message.start.kind === 'request') hearRequest(message);
    else hearResponse(message, message.start.status);
  });

  function hearRequest(request: SipMessage): void {
    const key = transactionKey(request);
    if (methodOf(request) === 'ACK') {
      options.onRequest(request);
      return;
    }
    if (answered.has(key)) {
      const text = answered.get(key);
      if (text !== undefined) transmit(text);
      return;
    }
    answered.set(key, undefined);
    options.onRequest(request);
  }

  function hearResponse(response: SipMessage, status: number): void {
    const key = `${branchOf(response)} ${methodOf(response)}`;
    const transaction = pending.get(key);
    if (!transaction) {
      if (methodOf(response) === 'INVITE' && status >= 200 && status < 300)
        options.onRepeatedSuccess(response);
      return;
    }
    if (status >= 200) pending.delete(key);
    transaction.stop();
    transaction.onResponse(response);
  }

  return {
    host: options.host,
    port,
    request(message, onResponse) {
      const branch = newBranch();
      const key = `${branch} ${methodOf(message)}`;
      const text = writeMessage(withVia(message, branch));
      const stop = repeat(
        () => transmit(text),
        () => {
          if (pending.delete(key)) onResponse('timeout');
        },
      );
      pending.set(key, { onResponse, stop });
      return { branch };
    },
    send: (message, branch) => transmit(writeMessage(withVia(message, branch ?? newBranch()))),
    respond(request, response) {
      const text = writeMessage({
        ...response,
        headers: [...headersNamed(request, 'Via'), ...response.headers],
      });
      answered.set(transactionKey(request), text);
      transmit(text);
    },
    close() {
      for (const { stop } of pending.values()) stop();
      pending.clear();
      socket.close();
    },
  };
}

const newBranch = (): string => `z9hG4bK${randomBytes(9).toString('hex')}`;

/** CANCEL has the branch of what it cancels, so the method belongs to the key (RFC 3261 §17.2.3). */
function transactionKey(request: SipMessage): string {
  return `${branchOf(request)} ${methodOf(request)}`;
}

/** Timers A/E and B/F: at once, then after T1, doubling up to T2. */
function repeat(task: () => void, giveUp: () => void): () => void {
  task();
  let delayMs = T1_MS;
  let timer: NodeJS.Timeout;
  const again = (): void => {
    task();
    delayMs = Math.min(T2_MS, delayMs * 2);
    timer = setTimeout(again, delayMs);
  };
  timer = setTimeout(again, delayMs);
  const deadline = setTimeout(() => {
    clearTimeout(timer);
    giveUp();
  }, GIVE_UP_MS);
  return () => {
    clearTimeout(timer);
    clearTimeout(deadline);
  };
}

function bind(host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, host, () => resolve(socket));
  });
}

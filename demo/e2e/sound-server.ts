// A sound server of a test's own, with microphones that hear steady tones and speakers that can be listened to. Its
// devices are real to a browser: they are plugged in and pulled out while it runs.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { measureTone, type Tone } from '../src/softphone/index.ts';
import { beepsWav } from './tone.ts';

const execute = promisify(execFile);
const READY_MS = 10_000;
const RATE = 8_000;

export interface SoundServer {
  /** `PULSE_SERVER` of the programs that use it. */
  readonly address: string;
  /** The first one becomes the default. Names have no spaces. */
  plugMicrophone(name: string, hz: number): Promise<void>;
  plugSpeaker(name: string): Promise<void>;
  unplug(name: string): Promise<void>;
  /** What that speaker plays for so long. */
  hear(speaker: string, ms?: number): Promise<Tone>;
  close(): Promise<void>;
}

/** One device: what it is made of, and what plays the tone that a microphone hears. */
interface Plugged {
  readonly modules: readonly string[];
  readonly player?: ChildProcess;
}

/** `undefined` where there is no PulseAudio on this machine. It has no device at first. */
export async function startSoundServer(): Promise<SoundServer | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'ringtag-sound-'));
  const socket = join(folder, 'native');
  const address = `unix:${socket}`;
  const env = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, PULSE_SERVER: address };
  const server = spawn(
    'pulseaudio',
    [
      ...['-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no', '--log-level=error'],
      ...['-L', `module-native-protocol-unix auth-anonymous=1 socket=${socket}`],
      // What plays through a speaker that goes is moved to another one, as on every desktop.
      ...['-L', 'module-rescue-streams'],
    ],
    { env: { ...env, PULSE_SERVER: '' }, stdio: 'ignore' },
  );
  const gone = once(server, 'exit');
  const close = async () => {
    if (server.pid !== undefined) {
      server.kill('SIGKILL');
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const missing = await Promise.race([
    once(server, 'error').then(() => true),
    once(server, 'spawn').then(() => false),
  ]);
  if (missing) {
    await close();
    return undefined;
  }
  for (const deadline = Date.now() + READY_MS; !existsSync(socket); ) {
    if (Date.now() > deadline || server.exitCode !== null) {
      await close();
      throw new Error('PulseAudio did not start');
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const pactl = async (...args: readonly string[]) => (await execute('pactl', args, { env })).stdout.trim();
  const plugged = new Map<string, Plugged>();
  let hasDefault = false;
  return {
    address,
    async plugMicrophone(name, hz) {
      const file = join(folder, `${name}.wav`);
      await writeFile(file, beepsWav(hz));
      const jack = await pactl('load-module', 'module-null-sink', `sink_name=${name}-jack`);
      const player = spawn('paplay', [`--device=${name}-jack`, file], { env, stdio: 'ignore' });
      const source = await pactl(
        ...['load-module', 'module-remap-source', `master=${name}-jack.monitor`, `source_name=${name}`],
        `source_properties=device.description=${name}`,
      );
      plugged.set(name, { modules: [source, jack], player });
      player.unref();
      if (!hasDefault) await pactl('set-default-source', name);
      hasDefault = true;
    },
    async plugSpeaker(name) {
      const shown = `sink_properties=device.description=${name}`;
      const module = await pactl('load-module', 'module-null-sink', `sink_name=${name}`, shown);
      if (plugged.size === 0) await pactl('set-default-sink', name);
      plugged.set(name, { modules: [module] });
    },
    async unplug(name) {
      const { modules = [], player } = plugged.get(name) ?? {};
      // Else what the microphone hears would be moved to a speaker, too, and be louder there than the call.
      if (player?.kill()) await once(player, 'exit');
      for (const module of modules) await pactl('unload-module', module);
      plugged.delete(name);
    },
    hear: (speaker, ms = 600) => record(`${speaker}.monitor`, ms, env),
    close,
  };
}

async function record(source: string, ms: number, env: NodeJS.ProcessEnv): Promise<Tone> {
  const recorder = spawn(
    'parec',
    [`--device=${source}`, `--rate=${RATE}`, '--format=s16le', '--channels=1', '--latency-msec=20'],
    { env, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const wanted = (RATE * 2 * ms) / 1_000;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of recorder.stdout as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= wanted) break;
  }
  recorder.kill();
  const sound = Buffer.concat(parts);
  const samples = new Int16Array(Math.floor(sound.length / 2));
  for (let i = 0; i < samples.length; i += 1) samples[i] = sound.readInt16LE(i * 2);
  return measureTone(samples);
}

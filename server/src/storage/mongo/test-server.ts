// A server for the tests of the MongoDB adapter: the one of MONGODB_URL, else a `mongod` on PATH, else FerretDB built by
// the `go` on PATH, else none and the reason. What it starts listens on loopback alone, keeps its data in a temporary
// folder, and goes when the tests do.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';

export type MongoTestServer =
  | {
      readonly kind: 'mongodb' | 'ferretdb';
      /** Without a database name. */
      readonly url: string;
      stop(): Promise<void>;
    }
  | { readonly kind: 'none'; readonly reason: string };

const FERRETDB_VERSION = 'v1.24.2';
const BUILD_MS = 540_000;
const START_MS = 30_000;

export async function startMongoTestServer(): Promise<MongoTestServer> {
  const given = process.env.MONGODB_URL;
  if (given) return { kind: await kindOf(given), url: given, stop: async () => {} };
  const mongod = await onPath('mongod');
  if (mongod) return startMongod(mongod);
  const go = await onPath('go');
  if (!go) return { kind: 'none', reason: 'no MONGODB_URL, no mongod and no go on PATH' };
  let program: string;
  try {
    program = await buildFerretDb(go);
  } catch (error) {
    const lines = error instanceof Error ? error.message.trim().split('\n') : [];
    return { kind: 'none', reason: `FerretDB could not be built: ${lines.at(-1) ?? String(error)}` };
  }
  return startFerretDb(program);
}

/** FerretDB says in its build information that it is one. */
async function kindOf(url: string): Promise<'mongodb' | 'ferretdb'> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: START_MS });
  try {
    const info = await client.db('admin').command({ buildInfo: 1 });
    return Object.keys(info).some((key) => key.startsWith('ferretdb')) ? 'ferretdb' : 'mongodb';
  } finally {
    await client.close();
  }
}

async function onPath(name: string): Promise<string | undefined> {
  for (const dir of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(dir, name);
    const isThere =
      dir !== '' &&
      (await access(path).then(
        () => true,
        () => false,
      ));
    if (isThere) return path;
  }
  return undefined;
}

async function startMongod(program: string): Promise<MongoTestServer> {
  const dir = await mkdtemp(join(tmpdir(), 'ringtag-mongod-'));
  const port = await freePort();
  const options = ['--dbpath', dir, '--bind_ip', '127.0.0.1', '--port', String(port), '--nounixsocket'];
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'ignore'] });
  await lineOf(child, (line) => (line.includes('Waiting for connections') ? line : undefined));
  return { kind: 'mongodb', url: `mongodb://127.0.0.1:${port}/`, stop: () => stop(child, dir) };
}

async function startFerretDb(program: string): Promise<MongoTestServer> {
  const dir = await mkdtemp(join(tmpdir(), 'ringtag-ferretdb-'));
  const child = spawn(program, [dir], { stdio: ['pipe', 'pipe', 'ignore'] });
  const url = await lineOf(child, (line) => (line.startsWith('mongodb://') ? line : undefined));
  return { kind: 'ferretdb', url, stop: () => stop(child, dir) };
}

/** The first line on the child's output that `pick` takes; what follows is read and dropped, so that no pipe fills. */
async function lineOf(child: ChildProcess, pick: (line: string) => string | undefined): Promise<string> {
  // Tests that are cut short leave nothing running.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  if (!child.stdout) throw new Error('the database server has no output');
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the database server did not start in time')), START_MS);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the database server ended with ${code}`)));
    lines.on('line', (line) => {
      const picked = pick(line);
      if (picked === undefined) return;
      clearTimeout(timer);
      resolve(picked);
    });
  });
}

async function stop(child: ChildProcess, dir: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await exited;
    clearTimeout(late);
  }
  await rm(dir, { recursive: true, force: true });
}

/** mongod cannot choose a port by itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/**
 * Builds the embeddable FerretDB once, into the cache. `go install` of its own command does not serve: that program
 * wants a generated version file which its module lacks, and panics without it. Embedded, it reports nothing home.
 */
async function buildFerretDb(go: string): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ringtag', 'ferretdb');
  const program = join(cache, `ferretdb-${FERRETDB_VERSION}`);
  if (
    await access(program).then(
      () => true,
      () => false,
    )
  )
    return program;
  await mkdir(cache, { recursive: true });
  const dir = await mkdtemp(join(cache, 'build-'));
  try {
    await writeFile(join(dir, 'go.mod'), GO_MOD);
    await writeFile(join(dir, 'main.go'), MAIN_GO);
    const built = join(dir, 'ferretdb');
    await promisify(execFile)(go, ['build', '-mod=mod', '-o', built, '.'], { cwd: dir, timeout: BUILD_MS });
    // In one step, so that two test runs at once do not meet half a program.
    await rename(built, program);
    return program;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const GO_MOD = `module ringtag.test/ferretdb

go 1.24

require github.com/FerretDB/FerretDB ${FERRETDB_VERSION}
`;

/** Serves the folder in its first argument until its input closes, so that it cannot outlive the tests. */
const MAIN_GO = `package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	db, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Handler:   "sqlite",
		SQLiteURL: "file:" + os.Args[1] + "/",
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	go func() {
		io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	go func() { fmt.Println(db.MongoDBURI()) }()
	db.Run(ctx)
}
`;

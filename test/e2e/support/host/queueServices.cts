import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
	chownSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import pWaitFor from 'p-wait-for';

import { freePort } from '../../../../scripts/n8n/ports.cts';

const POSTGRES_HOME = '/usr/lib/postgresql';
const READY_WITHIN_MILLISECONDS = 60_000;

/** What n8n's queue mode needs on this machine. */
export interface QueuePrograms {
	redis: string;
	postgres: string;
	initdb: string;
}

export type ServiceName = 'redis' | 'postgres';

/** Redis and PostgreSQL, running on 127.0.0.1 with a fresh database. */
export interface QueueServices {
	/** Environment variables that put an n8n into queue mode on them. */
	env: Record<string, string>;
	/** Ends one of them at once, with `kill -9`. */
	kill: (name: ServiceName) => Promise<void>;
	/** Starts one that was killed, at the same port and with the data it has left. */
	start: (name: ServiceName) => Promise<void>;
	/** Process ids of one of them: PostgreSQL has a process per connection. */
	pids: (name: ServiceName) => number[];
	/** The files all their output goes to. */
	logFiles: Record<ServiceName, string>;
	stop: () => Promise<void>;
}

/** Debian keeps PostgreSQL's programs out of PATH, one folder per version. */
function find(program: string): string | undefined {
	const versions = existsSync(POSTGRES_HOME)
		? readdirSync(POSTGRES_HOME).sort((a, b) => Number(b) - Number(a))
		: [];
	const folders = [
		...(process.env.PATH ?? '').split(delimiter),
		...versions.map((version) => join(POSTGRES_HOME, version, 'bin')),
	];
	return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}

/** The programs, or what to install to have them. */
export function findQueuePrograms(): { programs: QueuePrograms } | { missing: string } {
	const [redis, postgres, initdb] = ['redis-server', 'postgres', 'initdb'].map(find);
	if (redis && postgres && initdb) return { programs: { redis, postgres, initdb } };
	const packages = [
		...(redis ? [] : ['redis-server']),
		...(postgres && initdb ? [] : ['postgresql']),
	];
	return { missing: `not installed on this machine: apt-get install -y ${packages.join(' ')}` };
}

/** PostgreSQL refuses to run as root; Debian's package makes a user for it. */
export function postgresUser(): { uid: number; gid: number } | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
	return { uid: id('-u'), gid: id('-g') };
}

/** Runs a program that ends with this process, in whatever way that ends: its shell waits for the end of our pipe. */
function startWithUs(
	program: string,
	args: string[],
	folder: string,
	user?: { uid: number; gid: number },
): ChildProcess {
	const script =
		'"$@" >>server.log 2>&1 & server=$!; echo $server >server.pid; cat >/dev/null; kill -INT $server; wait $server';
	return spawn('sh', ['-c', script, 'sh', program, ...args], {
		cwd: folder,
		stdio: ['pipe', 'ignore', 'ignore'],
		...user,
	});
}

/** The process that `startWithUs` started in this folder, and those it has started itself. */
function familyOf(folder: string): number[] {
	const server = readFileSync(join(folder, 'server.pid'), 'utf8').trim();
	return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
		.split('\n')
		.map((line) => line.trim().split(/\s+/))
		.filter(([pid, parent]) => pid === server || parent === server)
		.map(([pid]) => Number(pid));
}

/** Ends what `startWithUs` started in this folder at once, with the processes it has started itself: PostgreSQL has one per connection. */
async function killNow(wrapper: ChildProcess, folder: string): Promise<void> {
	for (const pid of familyOf(folder)) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			// it has ended already
		}
	}
	await ended(wrapper);
}

async function ended(wrapper: ChildProcess): Promise<void> {
	if (wrapper.exitCode !== null || wrapper.signalCode !== null) return;
	const exit = new Promise((resolve) => wrapper.once('exit', resolve));
	wrapper.stdin?.end();
	await exit;
}

async function untilOpen(port: number): Promise<void> {
	const isOpen = async () =>
		await new Promise<boolean>((resolve) => {
			const socket = connect(port, '127.0.0.1', () => resolve(true));
			socket.on('error', () => resolve(false));
			socket.on('close', () => resolve(false));
			socket.on('connect', () => socket.destroy());
		});
	const message = `Nothing listens on port ${port} after ${READY_WITHIN_MILLISECONDS / 1000} s.`;
	await pWaitFor(isOpen, {
		interval: 100,
		timeout: { milliseconds: READY_WITHIN_MILLISECONDS, message },
	});
}

/** Starts Redis and PostgreSQL for one n8n. `keepQueue`: Redis writes down what it holds, so that a kill loses nothing. */
export async function startQueueServices(
	{ redis, postgres, initdb }: QueuePrograms,
	{ keepQueue = false } = {},
): Promise<QueueServices> {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-nodes-hiapi-queue-'));
	const user = postgresUser();
	const databaseFolder = join(folder, 'postgres');
	const redisFolder = join(folder, 'redis');
	for (const own of [databaseFolder, redisFolder]) mkdirSync(own, { mode: 0o700 });
	if (user) for (const own of [folder, databaseFolder]) chownSync(own, user.uid, user.gid);

	const data = join(databaseFolder, 'data');
	execFileSync(initdb, ['-D', data, '-U', 'n8n', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
		cwd: databaseFolder,
		stdio: 'pipe',
		...user,
	});
	const redisPort = await freePort();
	const databasePort = await freePort([redisPort]);
	const network = [
		'-p',
		String(databasePort),
		'-c',
		'listen_addresses=127.0.0.1',
		'-c',
		'unix_socket_directories=',
		'-c',
		'fsync=off',
	];
	const redisArgs = ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', ''];
	if (keepQueue) redisArgs.push('--appendonly', 'yes');
	const services = {
		redis: {
			folder: redisFolder,
			port: redisPort,
			run: () => startWithUs(redis, redisArgs, redisFolder),
		},
		postgres: {
			folder: databaseFolder,
			port: databasePort,
			run: () => startWithUs(postgres, ['-D', data, ...network], databaseFolder, user),
		},
	};
	const running = new Map<ServiceName, ChildProcess>();
	const start = async (name: ServiceName) => {
		const { folder: own, port, run } = services[name];
		const earlier = running.get(name);
		// one that did not come up has left its shell
		if (earlier) await killNow(earlier, own);
		running.set(name, run());
		await untilOpen(port);
	};
	const stop = async () => {
		await Promise.all([...running.values()].map(ended));
		rmSync(folder, { recursive: true, force: true });
	};
	try {
		await Promise.all([start('redis'), start('postgres')]);
	} catch (error) {
		await stop();
		throw error;
	}
	const env = {
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redisPort),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(databasePort),
		DB_POSTGRESDB_DATABASE: 'postgres',
		DB_POSTGRESDB_USER: 'n8n',
		DB_POSTGRESDB_PASSWORD: 'unused',
	};
	return {
		env,
		start,
		kill: async (name) => await killNow(running.get(name)!, services[name].folder),
		stop,
		pids: (name) => familyOf(services[name].folder),
		logFiles: {
			redis: join(redisFolder, 'server.log'),
			postgres: join(databaseFolder, 'server.log'),
		},
	};
}

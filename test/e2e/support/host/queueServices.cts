import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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

/** Redis and PostgreSQL, running on 127.0.0.1 with a fresh database. */
export interface QueueServices {
	/** Environment variables that put an n8n into queue mode on them. */
	env: Record<string, string>;
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
function postgresUser(): { uid: number; gid: number } | undefined {
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
		'"$@" >server.log 2>&1 & server=$!; cat >/dev/null; kill -INT $server; wait $server';
	return spawn('sh', ['-c', script, 'sh', program, ...args], {
		cwd: folder,
		stdio: ['pipe', 'ignore', 'ignore'],
		...user,
	});
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

/** Starts Redis and PostgreSQL for one n8n. */
export async function startQueueServices({
	redis,
	postgres,
	initdb,
}: QueuePrograms): Promise<QueueServices> {
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
	const children = [
		startWithUs(
			redis,
			['--port', String(redisPort), '--bind', '127.0.0.1', '--save', ''],
			redisFolder,
		),
		startWithUs(postgres, ['-D', data, ...network], databaseFolder, user),
	];
	const stop = async () => {
		await Promise.all(
			children.map(async (child) => {
				const ended = new Promise((resolve) => child.once('exit', resolve));
				if (child.exitCode !== null) return;
				child.stdin?.end();
				await ended;
			}),
		);
		rmSync(folder, { recursive: true, force: true });
	};
	try {
		await Promise.all([untilOpen(redisPort), untilOpen(databasePort)]);
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
	return { env, stop };
}

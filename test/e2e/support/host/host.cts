import { join } from 'node:path';

import { N8nClient, type Session } from '../../../../scripts/n8n/client.cts';
import { startServer, type N8nServer } from '../../../../scripts/n8n/server.cts';
import { createUserFolderWithPackage } from '../../../../scripts/n8n/serverWithPackage.cts';
import { copyUserFolder, type UserFolder } from '../../../../scripts/n8n/userFolder.cts';
import { buildOf, PROJECT } from './build.cts';
import { startQueueServices, type QueuePrograms, type QueueServices } from './queueServices.cts';

type Environment = Record<string, string>;

/** The standard of n8n 2; n8n 1 keeps files in memory unless told otherwise. Queue mode has a standard of its own. */
const FILES_ON_DISK: Environment = { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' };
const PRELOAD = [join(__dirname, 'eagerWaitTracker.cjs')];

/** Where nodes of this n8n may read and write files. */
export const filesFolder = (userFolder: string): string => join(userFolder, 'files');

/** What a test file knows of an n8n. */
export interface HostedServer {
	/** What the host knows it by, over restarts. */
	id: string;
	/** `http://127.0.0.1:<port>`, without a trailing slash. */
	address: string;
	/** The file all of n8n's output goes to, over restarts. */
	logFile: string;
	userFolder: string;
	session: Session;
}

interface Entry {
	id: string;
	folder: UserFolder;
	env: Environment;
	server: N8nServer;
	session: Session;
	/** The package it runs, see build.cts. */
	build: string;
}

/**
 * Starts and ends every n8n, Redis and PostgreSQL of a test run, in the process that outlives all test files: whatever becomes of that
 * process, they end with it. The package is packed, installed and registered once; each n8n begins with a copy of that user folder.
 */
export class Host {
	private count = 0;
	private template?: Promise<{ userFolder: UserFolder; build: string }>;
	private readonly entries = new Map<string, Entry>();
	private readonly beside = new Map<string, N8nServer>();
	private readonly shared = new Map<string, { entry: Entry; lent: boolean }>();
	private readonly services = new Map<string, QueueServices>();

	/** The n8n that the files of one worker share, ready to be used by the next of them. */
	async borrow(worker: string): Promise<HostedServer> {
		const { build: latest } = await this.currentTemplate();
		let shared = this.shared.get(worker);
		// a file that did not give it back may have left anything behind
		if (shared && (shared.lent || shared.entry.build !== latest)) {
			this.shared.delete(worker);
			await this.remove(shared.entry.id);
			shared = undefined;
		}
		if (shared === undefined) {
			shared = { entry: await this.open({}), lent: true };
			this.shared.set(worker, shared);
		} else if (!shared.entry.server.isRunning() || Object.keys(shared.entry.env).length > 0) {
			await this.restart(shared.entry.id, {});
		}
		shared.lent = true;
		return hosted(shared.entry);
	}

	/** What was borrowed, with nothing left in it that could reach the next file. */
	giveBack(worker: string): void {
		const shared = this.shared.get(worker);
		if (shared) shared.lent = false;
	}

	/** An n8n for one file alone, with settings of its own. */
	async start(env: Environment): Promise<HostedServer> {
		return hosted(await this.open(env));
	}

	/** A worker or a webhook processor for an n8n in queue mode. */
	async startBeside(
		id: string,
		command: 'worker' | 'webhook',
		env: Environment,
	): Promise<{ id: string; address: string; logFile: string }> {
		const { folder } = this.entry(id);
		const server = await startServer({ ...settings(folder, env), command });
		const besideId = this.nextId();
		this.beside.set(besideId, server);
		return { id: besideId, address: server.address, logFile: server.logFile };
	}

	/** Ends an n8n at once, as a crash of the machine would; its folder stays. */
	async kill(id: string): Promise<void> {
		await (this.beside.get(id) ?? this.entry(id).server).kill();
		this.beside.delete(id);
	}

	/** Starts n8n again on its database and its port, with these settings and not those of before. */
	async restart(id: string, env: Environment): Promise<void> {
		const entry = this.entry(id);
		if (entry.server.isRunning()) await entry.server.stop(5_000);
		entry.env = env;
		entry.server = await startServer({ ...settings(entry.folder, env), port: entry.server.port });
	}

	/** Ends an n8n and deletes its folder. */
	async remove(id: string): Promise<void> {
		const entry = this.entry(id);
		this.entries.delete(id);
		await entry.server.stop(5_000);
		entry.folder.remove();
	}

	/** Redis and PostgreSQL; returns the settings that put an n8n into queue mode on them. */
	async startServices(programs: QueuePrograms): Promise<{ id: string; env: Environment }> {
		const services = await startQueueServices(programs);
		const id = this.nextId();
		this.services.set(id, services);
		return { id, env: services.env };
	}

	async stopServices(id: string): Promise<void> {
		await this.services.get(id)?.stop();
		this.services.delete(id);
	}

	/** Ends everything. */
	async close(): Promise<void> {
		await Promise.all([...this.beside.values()].map(async (server) => await server.kill()));
		await Promise.all([...this.entries.keys()].map(async (id) => await this.remove(id)));
		await Promise.all([...this.services.keys()].map(async (id) => await this.stopServices(id)));
		await (await this.template?.catch(() => undefined))?.userFolder.remove();
	}

	private async open(env: Environment): Promise<Entry> {
		const { userFolder: original, build } = await this.currentTemplate();
		const folder = copyUserFolder(original.folder);
		try {
			const server = await startServer(settings(folder, env));
			const { cookie, browserId } = await new N8nClient(server.address).logIn();
			const session = { cookie, browserId };
			const entry: Entry = { id: this.nextId(), folder, env, server, session, build };
			this.entries.set(entry.id, entry);
			return entry;
		} catch (error) {
			// kept when n8n did not come up: the message names the log in it
			if (!/\nLog: /.test((error as Error).message)) folder.remove();
			throw error;
		}
	}

	/** Made once, and again when the package has been built anew. */
	private async currentTemplate(): Promise<{ userFolder: UserFolder; build: string }> {
		const latest = buildOf();
		const before = this.template;
		if (before !== undefined) {
			const made = await before.catch(() => undefined);
			if (made?.build === latest) return made;
			if (this.template !== before) return await this.currentTemplate();
			made?.userFolder.remove();
		}
		this.template = createUserFolderWithPackage(PROJECT).then(({ userFolder }) => ({
			userFolder,
			build: latest,
		}));
		return await this.template;
	}

	private entry(id: string): Entry {
		const entry = this.entries.get(id);
		if (entry === undefined) throw new Error(`There is no n8n "${id}" any more.`);
		return entry;
	}

	private nextId(): string {
		this.count += 1;
		return String(this.count);
	}
}

function settings({ folder, encryptionKey }: UserFolder, env: Environment) {
	const files = {
		N8N_RESTRICT_FILE_ACCESS_TO: filesFolder(folder),
		...(env.EXECUTIONS_MODE !== 'queue' && FILES_ON_DISK),
	};
	return { userFolder: folder, encryptionKey, env: { ...files, ...env }, preload: PRELOAD };
}

function hosted({ id, server, folder, session }: Entry): HostedServer {
	const { address, logFile } = server;
	return { id, address, logFile, userFolder: folder.folder, session };
}

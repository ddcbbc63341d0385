import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { ensureN8n } from '../../scripts/n8n/runtime.cts';

/** What is used of the package `pg`, which is n8n's own. */
interface Client {
	connect: () => Promise<void>;
	query: (sql: string) => Promise<{ rows: Array<Record<string, unknown>> }>;
	end: () => Promise<void>;
	on: (event: 'error', listener: () => void) => void;
}
type ClientClass = new (options: Record<string, unknown>) => Client;

const PATIENCE_MILLISECONDS = 60_000;

/** An execution as a row of n8n's database. */
export interface StoredExecution {
	id: string;
	workflowId: string;
	status: string;
	retryOf: string | null;
	/** "Flatted" JSON, see readRunData(); null when n8n has stored none. */
	data: string | null;
}

/** n8n's database, past n8n: it answers while no n8n runs, and knows all executions. */
export class Database {
	constructor(private readonly env: Record<string, string>) {}

	async executions(): Promise<StoredExecution[]> {
		const rows = await this.query(
			`SELECT e.id, e."workflowId", e.status, e."retryOf", d.data FROM execution_entity e
			LEFT JOIN execution_data d ON d."executionId" = e.id ORDER BY e.id`,
		);
		return rows.map((row) => ({ ...row, id: String(row.id) }) as StoredExecution);
	}

	/** Puts the files of executions on another disk. */
	async moveFilesTo(folder: string): Promise<void> {
		await this.query(`CREATE TABLESPACE small_disk LOCATION '${folder}'`);
		await this.query('ALTER TABLE binary_data SET TABLESPACE small_disk');
	}

	/** The rows of a query; tried again for a minute while PostgreSQL cannot be reached. */
	async query(sql: string): Promise<Array<Record<string, unknown>>> {
		for (const deadline = Date.now() + PATIENCE_MILLISECONDS; ; await sleep(500)) {
			const client = await this.client();
			try {
				await client.connect();
				return (await client.query(sql)).rows;
			} catch (error) {
				// while PostgreSQL repairs its files after a kill, or is not up
				const passing = /ECONNREFUSED|ECONNRESET|starting up|recovery|terminated/i;
				if (!passing.test((error as Error).message) || Date.now() > deadline) throw error;
			} finally {
				await client.end().catch(() => undefined);
			}
		}
	}

	private async client(): Promise<Client> {
		const { modules } = await ensureN8n();
		const { Client } = createRequire(join(modules, 'n8n', 'package.json'))('pg') as {
			Client: ClientClass;
		};
		const client = new Client({
			host: this.env.DB_POSTGRESDB_HOST,
			port: Number(this.env.DB_POSTGRESDB_PORT),
			database: this.env.DB_POSTGRESDB_DATABASE,
			user: this.env.DB_POSTGRESDB_USER,
		});
		client.on('error', () => undefined);
		return client;
	}
}

import { setTimeout as sleep } from 'node:timers/promises';

import type { Database } from './database.cts';

const LOOKS_EVERY_MILLISECONDS = 2000;

/**
 * Remembers what each execution was called with: n8n replaces that when it gives an execution up, for example as "failed to be
 * processed too many times".
 */
export class ExecutionWatcher {
	/** What was stored with an execution when it was first seen, by its id. */
	readonly begun = new Map<string, string>();
	private readonly closing = new AbortController();
	private readonly work: Promise<void>;

	constructor(private readonly database: Database) {
		this.work = this.watch();
	}

	async close(): Promise<void> {
		this.closing.abort();
		await this.work;
	}

	private async watch(): Promise<void> {
		const { signal } = this.closing;
		while (!signal.aborted) {
			// PostgreSQL is down now and then
			const executions = await this.database.executions().catch(() => []);
			for (const { id, data } of executions)
				if (!this.begun.has(id) && data !== null) this.begun.set(id, data);
			await sleep(LOOKS_EVERY_MILLISECONDS, undefined, { signal }).catch(() => undefined);
		}
	}
}

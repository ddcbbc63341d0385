import { setTimeout as sleep } from 'node:timers/promises';

import type { Account } from './account.cts';

interface ListedTask {
	taskId: string;
	model: string;
	status: string;
}

/** How often the account's list is read, in milliseconds: rarely on the real HiAPI, where it counts against the rate limit. */
const INTERVAL = { real: 5_000, simulated: 400 };

/**
 * Prints every change of status of the tasks that appear in the account from now on, until the returned function is called.
 * Only shows; a reading that fails is skipped.
 */
export async function watchTasks(account: Account): Promise<() => Promise<void>> {
	const known = new Set((await readTasks(account)).map(({ taskId }) => taskId));
	const shown = new Map<string, string>();
	const started = Date.now();
	const show = async () => {
		for (const { taskId, model, status } of (await readTasks(account)).reverse()) {
			if (known.has(taskId) || shown.get(taskId) === status) continue;
			const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
			console.log(`  ${seconds} s  task ${taskId}  ${shown.has(taskId) ? '' : `(${model})  `}${status}`);
			shown.set(taskId, status);
		}
	};
	const ending = new AbortController();
	const watching = (async () => {
		while (!ending.signal.aborted) {
			await show();
			await sleep(account.isReal ? INTERVAL.real : INTERVAL.simulated, undefined, { signal: ending.signal }).catch(() => {});
		}
	})();
	return async () => {
		ending.abort();
		await watching;
		await show();
	};
}

async function readTasks({ credential }: Account): Promise<ListedTask[]> {
	try {
		const reply = await fetch(`${credential.baseUrl}/tasks?page=1&size=20`, {
			headers: { authorization: `Bearer ${credential.apiKey}` },
			signal: AbortSignal.timeout(10_000),
			redirect: 'error',
		});
		const body = (await reply.json()) as { data?: { tasks?: ListedTask[] } };
		return body.data?.tasks ?? [];
	} catch {
		return [];
	}
}

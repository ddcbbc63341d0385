import { setTimeout as sleep } from 'node:timers/promises';

import type { Account } from './account.cts';
import { StatusBoard, type ShownTask } from './statusBoard.cts';

interface ListedTask {
	taskId: string;
	model: string;
	status: string;
}

/** How often the account's list is read, in milliseconds: rarely on the real HiAPI, where it counts against the rate limit. */
const INTERVAL = { real: 5_000, simulated: 400 };

/**
 * Shows the tasks that appear in the account from now on and how their status changes, until the returned function is
 * called. Only shows; a reading that fails is skipped.
 */
export async function watchTasks(account: Account): Promise<() => Promise<void>> {
	const known = new Set((await readTasks(account)).map(({ taskId }) => taskId));
	const shown = new Map<string, ShownTask & { firstSeen: number }>();
	const board = new StatusBoard(process.stdout);
	const show = async () => {
		const now = Date.now();
		for (const { taskId, model, status } of (await readTasks(account)).reverse()) {
			if (known.has(taskId)) continue;
			const before = shown.get(taskId);
			const firstSeen = before?.firstSeen ?? now;
			const hasEnded = before !== undefined && ['success', 'fail'].includes(before.status);
			shown.set(taskId, {
				taskId,
				model,
				status,
				firstSeen,
				seconds: hasEnded ? before.seconds : (now - firstSeen) / 1000,
			});
		}
		board.show([...shown.values()]);
	};
	const ending = new AbortController();
	const watching = (async () => {
		while (!ending.signal.aborted) {
			await show();
			await sleep(account.isReal ? INTERVAL.real : INTERVAL.simulated, undefined, {
				signal: ending.signal,
			}).catch(() => {});
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

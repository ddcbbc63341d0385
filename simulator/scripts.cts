import { requestMatches } from './faults.cts';
import type { Reply } from './reply.cts';
import type { LoggedRequest } from './requestLog.cts';

/** May answer a request instead of the simulator; undefined = go on as usual. */
export type ScriptHandler = (
	request: LoggedRequest,
) => Reply | undefined | Promise<Reply | undefined>;

/** Scripted answers, asked in the order they were added, before faults and before the default behaviour. */
export class Scripts {
	private handlers: ScriptHandler[] = [];

	add(handler: ScriptHandler): void {
		this.handlers.push(handler);
	}

	/** Answers used one after another for the requests that match; the last one repeats. */
	addList(replies: Reply[], match: { method?: string; path?: string | RegExp } = {}): void {
		let next = 0;
		this.add((request) => {
			if (replies.length === 0 || !requestMatches(request, match)) return undefined;
			const reply = replies[Math.min(next, replies.length - 1)];
			next += 1;
			return reply;
		});
	}

	async answer(request: LoggedRequest): Promise<Reply | undefined> {
		for (const handler of this.handlers) {
			const reply = await handler(request);
			if (reply) return reply;
		}
		return undefined;
	}

	clear(): void {
		this.handlers = [];
	}
}

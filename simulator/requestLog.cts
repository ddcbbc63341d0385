import type { IncomingHttpHeaders } from 'node:http';

/** One request as it came in, with its bytes; `status` is set once it was answered (0 = connection dropped or left open). */
export class LoggedRequest {
	/** Real time of arrival, Unix milliseconds. */
	readonly at = Date.now();
	readonly pathname: string;
	/** Status of the answer; undefined while there is none yet. */
	status?: number;
	/** The task created or read by this request. */
	taskId?: string;
	/** The task was created by this very request (not a replay). */
	bought = false;

	constructor(
		readonly method: string,
		/** As sent, with the query. */
		readonly path: string,
		readonly headers: IncomingHttpHeaders,
		readonly rawBody: Buffer,
	) {
		const end = path.indexOf('?');
		this.pathname = end < 0 ? path : path.slice(0, end);
	}

	/** The query's parameters; the last one of a name counts. */
	get query(): Record<string, string> {
		const end = this.path.indexOf('?');
		return end < 0 ? {} : Object.fromEntries(new URLSearchParams(this.path.slice(end)));
	}

	/** The body as JSON; undefined when it is none. */
	get json(): unknown {
		try {
			return JSON.parse(this.rawBody.toString('utf8'));
		} catch {
			return undefined;
		}
	}
}

/** All requests in order of arrival, the oldest dropped beyond a limit. */
export class RequestLog {
	readonly requests: LoggedRequest[] = [];
	/** How many were dropped from the front. */
	dropped = 0;

	add(request: LoggedRequest, limit: number): void {
		this.requests.push(request);
		// A tenth at a time, so that a long benchmark does not move the whole array for each request.
		if (this.requests.length > limit * 1.1) {
			const excess = this.requests.length - limit;
			this.requests.splice(0, excess);
			this.dropped += excess;
		}
	}

	clear(): void {
		this.requests.length = 0;
		this.dropped = 0;
	}
}

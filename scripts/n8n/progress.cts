const TICK_MILLISECONDS = 1_000;
const PLAIN_LINE_EVERY_SECONDS = 15;

/** Shows that a long step is alive: elapsed seconds and what is going on. */
export interface Progress {
	/** Replaces the text shown after the elapsed seconds. */
	update: (detail: string) => void;
	/** Ends the step with a closing line. */
	done: (text: string) => void;
	/** Ends the step without a closing line of its own (an error message follows). */
	stop: () => void;
}

/**
 * Starts showing a step on standard error: one line that is rewritten every second on a terminal,
 * a new line every 15 seconds elsewhere (a CI log).
 */
export function startProgress(title: string): Progress {
	const out = process.stderr;
	const started = Date.now();
	let detail = '';
	let lastPlain = 0;
	const seconds = () => Math.round((Date.now() - started) / 1000);
	const line = () => `${title} · ${seconds()} s${detail ? ` · ${detail}` : ''}`;
	const show = () => {
		if (out.isTTY) {
			out.write(`\r\u001b[2K${line().slice(0, (out.columns ?? 80) - 1)}`);
		} else if (seconds() - lastPlain >= PLAIN_LINE_EVERY_SECONDS) {
			lastPlain = seconds();
			out.write(`${line()}\n`);
		}
	};
	if (!out.isTTY) out.write(`${title} …\n`);
	const timer = setInterval(show, TICK_MILLISECONDS);
	const clear = () => {
		clearInterval(timer);
		if (out.isTTY) out.write('\r\u001b[2K');
	};
	return {
		update: (text) => {
			detail = text;
		},
		done: (text) => {
			clear();
			out.write(`${title}: ${text} (${seconds()} s)\n`);
		},
		stop: clear,
	};
}

/** Says on standard error that another process does the same work and is being waited for. */
export function tellWaiting(what: string): (heldBy: string, waitedSeconds: number) => void {
	return (heldBy, waitedSeconds) => {
		process.stderr.write(`${what}: ${heldBy} is already at it, waiting (${waitedSeconds} s)\n`);
	};
}

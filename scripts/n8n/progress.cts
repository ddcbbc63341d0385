import ora from 'ora';

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
 * Starts showing a step on standard error: a spinner with the elapsed seconds on a terminal, a new line every 15 seconds
 * elsewhere (a CI log).
 */
export function startProgress(title: string): Progress {
	const started = Date.now();
	let detail = '';
	const text = () => {
		const seconds = Math.round((Date.now() - started) / 1000);
		return [title, `${seconds} s`, ...(detail ? [detail] : [])].join(' · ');
	};
	const spinner = ora({ text: title, stream: process.stderr }).start();
	const refresh = spinner.isEnabled
		? setInterval(() => (spinner.text = text()), 1_000)
		: setInterval(() => process.stderr.write(`${text()}\n`), PLAIN_LINE_EVERY_SECONDS * 1_000);
	return {
		update: (newDetail) => {
			detail = newDetail;
		},
		done: (ending) => {
			clearInterval(refresh);
			spinner.succeed(`${title}: ${ending} (${Math.round((Date.now() - started) / 1000)} s)`);
		},
		stop: () => {
			clearInterval(refresh);
			spinner.stop();
		},
	};
}

/** Says on standard error that another process does the same work and is being waited for. */
export function tellWaiting(what: string): (waitedSeconds: number) => void {
	return (waitedSeconds) => {
		process.stderr.write(`${what}: another process is at it, waiting (${waitedSeconds} s)\n`);
	};
}

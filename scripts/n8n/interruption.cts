/** As shells report a process that Ctrl-C ended. */
export const INTERRUPTED = 130;

/** One Ctrl-C may come twice: from the terminal, and from npm, which passes it on. */
const SAME_INTERRUPTION_MILLISECONDS = 500;

/**
 * Calls `end` on the first Ctrl-C, SIGTERM or SIGHUP, to clean up. A second one ends the process at once.
 *
 * The listeners stay: proper-lockfile and execa watch signals too, by way of signal-exit, which sends the signal to the process
 * again, now for good, once no other listener is left. With `process.once` that ended it in the middle of cleaning up.
 */
export function onInterruption(end: (signal: NodeJS.Signals) => void): void {
	let first: number | undefined;
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.on(signal, () => {
			if (first === undefined) {
				first = performance.now();
				end(signal);
			} else if (performance.now() - first > SAME_INTERRUPTION_MILLISECONDS)
				process.exit(INTERRUPTED);
		});
}

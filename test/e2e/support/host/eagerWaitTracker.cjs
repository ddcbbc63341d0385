/*
 * Loaded into n8n before its own code. n8n looks once a minute for suspended executions whose time has come and has no setting for
 * it (n8n 2.41, dist/wait-tracker.js); a test would wait for nothing but that minute. Every other timer stays as it is.
 */
const LOOKS_EVERY_MILLISECONDS = 60_000;
const EAGER_MILLISECONDS = 1_000;

const { setInterval: original } = globalThis;

globalThis.setInterval = function setInterval(work, milliseconds, ...rest) {
	const isWaitTracker =
		milliseconds === LOOKS_EVERY_MILLISECONDS && /wait-tracker\.js/.test(new Error().stack);
	return original(work, isWaitTracker ? EAGER_MILLISECONDS : milliseconds, ...rest);
};

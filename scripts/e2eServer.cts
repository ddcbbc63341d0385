/**
 * `npm run e2e:server`: keeps the servers of end-to-end tests up, so that `npm run test:e2e -- NAME` in another terminal takes
 * seconds. A new build is noticed; what a test run has left running is used again by the next one. Ends with Ctrl+C.
 */
import { serveHost } from '../test/e2e/support/host/calls.cts';
import { announce, standingHost, withdraw } from '../test/e2e/support/host/standing.cts';
import { onInterruption } from './n8n/interruption.cts';
import { ensureN8n } from './n8n/runtime.cts';

async function main(): Promise<void> {
	if ((await standingHost()) !== undefined)
		throw new Error('A server for end-to-end tests is already up.');
	await ensureN8n();
	const host = await serveHost();
	announce(host.address);
	console.log('Ready for `npm run test:e2e -- NAME`. Ctrl+C ends it.');
	const awake = setInterval(() => undefined, 60_000);
	onInterruption(() => {
		clearInterval(awake);
		withdraw();
		void host.close();
	});
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});

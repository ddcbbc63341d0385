import type { ServedHost } from './calls.cts';

/** Once after all end-to-end tests: ends what globalSetup.cts has started. */
export default async function tearDown(): Promise<void> {
	await (globalThis as { endToEndHost?: ServedHost }).endToEndHost?.close();
}

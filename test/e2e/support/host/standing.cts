import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { PROJECT } from './build.cts';

/** Says where `npm run e2e:server` listens. */
const NOTE = join(PROJECT, 'test-output', 'e2e-server');

/** Lets test runs find a host that stays up. */
export function announce(address: string): void {
	mkdirSync(join(PROJECT, 'test-output'), { recursive: true });
	writeFileSync(NOTE, address);
}

export function withdraw(): void {
	rmSync(NOTE, { force: true });
}

/** The address of the host that `npm run e2e:server` keeps up; undefined when none answers. */
export async function standingHost(): Promise<string | undefined> {
	if (!existsSync(NOTE)) return undefined;
	const address = readFileSync(NOTE, 'utf8');
	return await fetch(address, { method: 'POST', body: '[]' }).then(
		() => address,
		() => undefined,
	);
}

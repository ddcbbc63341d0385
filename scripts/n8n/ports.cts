import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import getPort from 'get-port';

/**
 * Below what Linux (32768), macOS and Windows (49152) hand out by themselves, so that no server or connection of another process
 * gets such a port between choosing and using it, or while its n8n starts again.
 */
const LOWEST_PORT = 15_000;
const HIGHEST_PORT = 32_000;
const CANDIDATES = 50;

const START_ATTEMPTS = 3;
/** How long a port that has to be used again may need to become free. */
const FREE_AGAIN_MILLISECONDS = 2_000;

/** The ports of one n8n. */
export interface Ports {
	port: number;
	/** Of n8n's task-runner broker. */
	brokerPort: number;
}

export interface PortOptions {
	/** Keep to this port; the broker's is a fresh one all the same. */
	port?: number;
	/** Waits this many milliseconds. */
	pause?: (milliseconds: number) => Promise<unknown>;
}

/** A port on 127.0.0.1 that nothing listens on now, and none of those excluded. */
export async function freePort(exclude: number[] = []): Promise<number> {
	const candidates = Array.from({ length: CANDIDATES }, () => randomInt(LOWEST_PORT, HIGHEST_PORT));
	return await getPort({ host: '127.0.0.1', port: candidates, exclude });
}

/** Two free ports; the first one is `port` if given. */
export async function freePorts(port?: number): Promise<Ports> {
	const first = port ?? (await freePort());
	return { port: first, brokerPort: await freePort([first]) };
}

/**
 * Starts something on two free ports, and up to twice more on other ones when another process has taken one of them before it was
 * used. When it is the given port that is taken, it waits a moment before the next attempt. Throws what `start` throws otherwise.
 */
export async function startOnFreePorts<T>(
	start: (ports: Ports) => Promise<T>,
	{ port, pause = sleep }: PortOptions = {},
): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		const ports = await freePorts(port);
		try {
			return await start(ports);
		} catch (error) {
			const { message } = error as Error;
			if (!isPortTaken(message) || attempt === START_ATTEMPTS) throw error;
			if (port !== undefined && isPortTaken(message, port)) await pause(FREE_AGAIN_MILLISECONDS);
		}
	}
}

/** Whether n8n's log says that a port, or this one, is taken: "… port 5678 is already in use", or the system's error. */
function isPortTaken(log: string, port?: number): boolean {
	const number = port ?? '\\d+';
	return new RegExp(`port ${number} is already in use|EADDRINUSE.*\\b${number}\\b`, 'i').test(log);
}

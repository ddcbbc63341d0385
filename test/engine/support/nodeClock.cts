import { join } from 'node:path';

import type { Timing } from '../../../nodes/shared/clock';

/**
 * How many times faster than real time the fault matrix runs: the node's clock, the simulator, and the time-out of creates
 * where some are never answered.
 */
export const TIME_SCALE = 20;

// The clock the built package reads; every test file has an instance of its own.
const { systemClock } = require(join(process.cwd(), 'dist', 'nodes', 'shared', 'clock.js')) as {
	systemClock: Timing;
};
const startMs = Date.now();
const { pause } = systemClock;

/** The node's clock, in milliseconds since 1970. */
export const nodeNow = () => startMs + (Date.now() - startMs) * TIME_SCALE;

/** Makes the node's own clock run `TIME_SCALE` times as fast in this test file. */
export function speedUpNode(): void {
	systemClock.now = nodeNow;
	const { monotonic } = systemClock;
	systemClock.monotonic = () => monotonic() * TIME_SCALE;
	systemClock.pause = async (milliseconds, signal) =>
		await pause(milliseconds / TIME_SCALE, signal);
}

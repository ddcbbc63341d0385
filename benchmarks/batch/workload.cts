/** Shortest and longest task, in simulated seconds. */
const PICTURES_TO_CLIPS: [number, number] = [8, 300];

/** A small deterministic generator (mulberry32): the same numbers from 0 to 1 in every run. */
function generator(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/**
 * How the durations are spread, as a rule over 8 to 300 s. Log-uniform: a task is as likely to be a picture (8–50 s) as a clip
 * (50–300 s). Uniform: mostly clips.
 */
export type Spread = 'log-uniform' | 'uniform';

/** How long each task takes, in simulated seconds. Always the same; fewer tasks are the first ones of more tasks. */
export function durations(
	count: number,
	spread: Spread = 'log-uniform',
	[shortest, longest] = PICTURES_TO_CLIPS,
): number[] {
	const random = generator(20_250_401);
	return Array.from({ length: count }, () =>
		spread === 'uniform'
			? shortest + (longest - shortest) * random()
			: shortest * (longest / shortest) ** random(),
	);
}

/** Durations spread evenly from the shortest to the longest by their logarithms, so that few stand for many. */
export function evenDurations(count: number, shortest: number, longest: number): number[] {
	return Array.from(
		{ length: count },
		(_, index) => shortest * (longest / shortest) ** ((index + 0.5) / count),
	);
}

/** The prompt of a task, by which the simulator knows how long it is to take. */
export function promptOf(index: number): string {
	return `task ${String(index).padStart(5, '0')}`;
}

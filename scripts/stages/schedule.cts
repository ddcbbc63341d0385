import type { Stage } from './stages.cts';

export type StageState = 'waiting' | 'running' | 'passed' | 'failed' | 'not run';

/** More work than there are cores: most stages wait now and then, for a disk, a process or a server. */
const OVERCOMMIT = 1.25;

/**
 * What to do next: stages to start now, in order, and those that never can, as one that they need did not pass.
 *
 * @param cores - Processor cores of the machine. However few there are, one stage always runs.
 */
export function nextStages(
	stages: Stage[],
	states: ReadonlyMap<string, StageState>,
	cores: number,
): { start: Stage[]; skip: Stage[] } {
	const stateOf = (name: string) => states.get(name) ?? 'waiting';
	const waiting = stages.filter(({ name }) => stateOf(name) === 'waiting');
	const skip = waiting.filter(({ after }) =>
		after.some((name) => ['failed', 'not run'].includes(stateOf(name))),
	);
	const running = stages.filter(({ name }) => stateOf(name) === 'running');
	let busy = running.reduce((sum, stage) => sum + stage.cores, 0);
	const start: Stage[] = [];
	for (const stage of waiting) {
		if (!stage.after.every((name) => stateOf(name) === 'passed')) continue;
		const idle = running.length + start.length === 0;
		if (!idle && busy + stage.cores > cores * OVERCOMMIT) continue;
		start.push(stage);
		busy += stage.cores;
	}
	return { start, skip };
}

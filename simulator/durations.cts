import type { TaskOrder } from './tasks.cts';

/**
 * Seconds from create to end as HiAPI's own runs show them (manifests of hiapi-game-asset-studio-skill and
 * hiapi-brand-kit-skill, render-tests.json of awesome-seedance-2-0-live-action-workflows, 2026). A kind nobody recorded has
 * the range of its neighbours.
 */
const SECONDS: Array<[fits: (order: TaskOrder) => boolean, from: number, to: number]> = [
	[({ model }) => model.includes('background-remover'), 5, 20],
	[({ model }) => /tts|dialogue/.test(model), 10, 20],
	[({ category }) => category === 'audio', 70, 153],
	[({ model }) => model.startsWith('happyhorse'), 60, 120],
	[({ category, input }) => category === 'video' && Number(input.duration) > 8, 250, 372],
	[({ category }) => category === 'video', 195, 281],
	[() => true, 43, 73],
];

/** How long a task would really take. `share` from 0 to 1 says where in the range. */
export function realisticSeconds(order: TaskOrder, share: number): number {
	const [, from, to] = SECONDS.find(([fits]) => fits(order))!;
	return from + (to - from) * share;
}

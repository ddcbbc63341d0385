import type { ExpectedDuration } from './pollSchedule';

/*
 * Seconds that HiAPI's own tasks took, from the records it published with its skills and workflows in 2026:
 * hiapi-game-asset-studio-skill and hiapi-brand-kit-skill (`manifest.json`: 18 images of 1K, 2 pieces of music, one of
 * speech), awesome-seedance-2-0-live-action-workflows (`data/render-tests.json`: clips of 8 to 12 s; of seedance-2.0 only
 * the time after which they were found finished).
 */
const IMAGE_1K: ExpectedDuration = { shortest: 43, longest: 73, tasks: 18 };
const RECORDED: Record<string, ExpectedDuration> = {
	'gpt-image-2.5-sunburst/text-to-image': IMAGE_1K,
	'gpt-image-2.5-sunburst/image-to-image': IMAGE_1K,
	'minimax-music-2.6': { shortest: 70, longest: 153, tasks: 2 },
	'qwen-audio-3.0-tts-plus': { shortest: 15, longest: 15, tasks: 1 },
	'seedance-2.0': { shortest: 216, longest: 372, tasks: 4 },
	'seedance-2.0-fast': { shortest: 195, longest: 195, tasks: 1 },
};

/** How long HiAPI's own tasks of a model took; undefined where nothing is recorded. */
export function recordedDuration(model: string): ExpectedDuration | undefined {
	return Object.hasOwn(RECORDED, model) ? RECORDED[model] : undefined;
}

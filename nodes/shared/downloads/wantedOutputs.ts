import { isSecondaryOutput, type TaskOutput } from '../api/task';

/** Stands for every output that is neither a frame nor a thumbnail. */
export const MAIN_OUTPUTS = 'main';
export const ALL_OUTPUTS = 'all';

/** An output that is to be fetched, with its place among all outputs of its task. */
export interface WantedOutput extends TaskOutput {
	/** From 0, as HiAPI lists the outputs. */
	index: number;
}

/**
 * The outputs of the given types, in HiAPI's order: a type of HiAPI such as `video` or `last_frame` (an open list,
 * docs.hiapi.ai/async-api/detail), `main`, or `all`. A task that has only frames and thumbnails has its first one as main.
 */
export function wantedOutputs(outputs: TaskOutput[], types: string[]): WantedOutput[] {
	const hasMain = outputs.some(({ type }) => !isSecondaryOutput(type));
	const isMain = (type: string, index: number) =>
		hasMain ? !isSecondaryOutput(type) : index === 0;
	return outputs
		.map((output, index) => ({ ...output, index }))
		.filter(
			({ type, index }) =>
				types.includes(ALL_OUTPUTS) ||
				types.includes(type) ||
				(types.includes(MAIN_OUTPUTS) && isMain(type, index)),
		);
}

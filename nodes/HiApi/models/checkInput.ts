import type { UnknownRecord } from '../../shared/values';
import type { ModelInput } from './modelCatalog';
import { validateInput } from './validateInput';

export interface InputCheck {
	/** In the API's own wording; empty when nothing is known to be wrong. */
	problems: string[];
	/**
	 * Whether the problems are reason enough not to send the task. True only for a schema HiAPI publishes right now: a
	 * bundled or shortened one may have been overtaken, and HiAPI refuses a bad input free of charge anyway.
	 */
	isCertain: boolean;
}

/** Checks an input before its task is created, against what is known about its model. */
export function checkInput(model: ModelInput, input: UnknownRecord): InputCheck {
	if (!model.schema) return { problems: [], isCertain: false };
	return { problems: validateInput(model.schema, input), isCertain: model.source === 'live' };
}

/** All problems in one text, as the API puts them: `invalid input: prompt: …; duration: …`. */
export function problemText(problems: string[]): string {
	return `invalid input: ${problems.join('; ')}`;
}

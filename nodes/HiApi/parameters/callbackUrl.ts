import type { IExecuteFunctions } from 'n8n-workflow';

import { createClient } from '../../shared/api/client';
import { systemClock } from '../../shared/clock';
import { HiApiError } from '../../shared/errors/apiError';
import { showHint } from '../../shared/n8nCompat';
import { trimmedOrUndefined } from '../../shared/values';
import { withReference } from '../../shared/webhook/callback';
import { describeCallbackUrl } from './callbackUrlAdvice';
import { optionsOf, requiredText } from './readers';

/** What the user entered, in the field of Create or in the option of Run and Wait. An expression that finds nothing is no "none". */
function wantedUrl(context: IExecuteFunctions, itemIndex: number): string | undefined {
	const options = optionsOf(context, itemIndex);
	if (Object.hasOwn(options, 'callbackUrl')) {
		const text = trimmedOrUndefined(options.callbackUrl);
		if (text !== undefined) return text;
		throw new HiApiError(
			"'Callback URL' is empty",
			'Enter the URL HiAPI is to call, or remove the option.',
		);
	}
	if (context.getNodeParameter('callback', itemIndex, 'none') !== 'url') return undefined;
	return requiredText(
		context,
		'callbackUrl',
		'Callback URL',
		itemIndex,
		"Enter the URL HiAPI is to call, or set 'Callback' to 'None'.",
	);
}

/**
 * The URL an item's task is to call when it has ended; undefined when none is wanted. Hints at one that will probably not
 * be reached.
 *
 * @param reference what the URL carries back to a HiAPI Trigger
 * @throws HiApiError (as a rejection) when it is wanted and missing, or cannot be called
 */
export async function readCallbackUrl(
	context: IExecuteFunctions,
	itemIndex: number,
	reference?: string,
): Promise<string | undefined> {
	const text = wantedUrl(context, itemIndex);
	if (text === undefined) return undefined;
	const { severity, problem, description } = describeCallbackUrl(
		text,
		(await createClient(context, systemClock)).isLocal,
	);
	if (severity === 'refuse') throw new HiApiError(problem ?? '', description ?? '');
	if (severity === 'warn') showHint(context, `${problem}. ${description}`, 'warning');
	return reference === undefined ? text : withReference(text, reference);
}

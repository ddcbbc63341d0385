import type { IExecuteFunctions } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../../shared/api/client';
import { HiApiError } from '../../shared/errors/apiError';

/** The credential as n8n resolves it for an item, for comparing. */
async function accountOf(context: IExecuteFunctions, itemIndex: number): Promise<string> {
	return JSON.stringify(await context.getCredentials(CREDENTIAL_TYPE, itemIndex));
}

/**
 * Makes sure that all items of a run use one account: a field of a credential may be an expression on the item, and n8n
 * signs all requests of a run with what it gives for the first one.
 *
 * @throws HiApiError when two items use different accounts, or an error of n8n when a credential cannot be resolved
 */
export async function checkOneAccount(context: IExecuteFunctions): Promise<void> {
	const items = context.getInputData();
	if (items.length < 2) return;
	const first = await accountOf(context, 0);
	for (let itemIndex = 1; itemIndex < items.length; itemIndex++) {
		if ((await accountOf(context, itemIndex)) === first) continue;
		throw new HiApiError(
			`Items 0 and ${itemIndex} use different HiAPI accounts`,
			"A field of the credential is an expression that gives something else for each item, and one run of the node works with one account. Nothing was sent. Let every account's items come in a run of their own: a Loop Over Items node with a batch size of 1 in front, or a sub-workflow that is called once per customer.",
		);
	}
}

/**
 * Whether the credential depends on the item. A callback resumes an execution where there are no items, so n8n cannot
 * resolve such a credential there.
 */
export async function dependsOnItem(context: IExecuteFunctions): Promise<boolean> {
	const first = await accountOf(context, 0);
	try {
		return (await accountOf(context, context.getInputData().length)) !== first;
	} catch {
		// An expression on an item that does not exist.
		return true;
	}
}

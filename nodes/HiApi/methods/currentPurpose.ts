import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { findPurpose, type Purpose } from '../models/purposes';

/** What the operation that is chosen in the open panel is for; undefined for operations that take any model. */
export function currentPurpose(context: ILoadOptionsFunctions): Purpose | undefined {
	return findPurpose(
		context.getCurrentNodeParameter('resource'),
		context.getCurrentNodeParameter('operation'),
	);
}

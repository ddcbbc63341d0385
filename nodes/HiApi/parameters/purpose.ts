import type { IExecuteFunctions } from 'n8n-workflow';

import { findPurpose, type Purpose } from '../models/purposes';

/** What the node's operation is for; undefined for operations that take any model. */
export function purposeOf(context: IExecuteFunctions, itemIndex: number): Purpose | undefined {
	return findPurpose(
		context.getNodeParameter('resource', itemIndex, ''),
		context.getNodeParameter('operation', itemIndex, ''),
	);
}

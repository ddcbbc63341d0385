import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { toErrorItem, toFailure, toNodeError } from '../../shared/errors/nodeError';

/**
 * Works on the items one after another. A failure becomes an error item under Continue On Fail and ends the node
 * otherwise.
 *
 * @throws NodeApiError or NodeOperationError naming the item
 */
export async function forEachItem(
	context: IExecuteFunctions,
	work: (itemIndex: number) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const output: INodeExecutionData[] = [];
	for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
		try {
			output.push(...(await work(itemIndex)));
		} catch (error) {
			if (!context.continueOnFail()) throw toNodeError(context.getNode(), error, itemIndex);
			output.push(toErrorItem(toFailure(error), itemIndex));
		}
	}
	return output;
}

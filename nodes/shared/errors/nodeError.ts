import {
	NodeApiError,
	NodeOperationError,
	type INode,
	type INodeExecutionData,
	type JsonObject,
} from 'n8n-workflow';

import { HiApiError } from './apiError';

/**
 * The failure inside anything thrown while an item was worked on. An expression that cannot be resolved is n8n's own
 * error and keeps its wording.
 */
export function toFailure(error: unknown): HiApiError {
	if (error instanceof HiApiError) return error;
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		return new HiApiError(error.message, error.description ?? '');
	}
	const message = error instanceof Error ? error.message : String(error);
	const description = (error as { description?: unknown } | null | undefined)?.description;
	return new HiApiError(
		message,
		typeof description === 'string' ? description : 'Check the parameters of this node.',
	);
}

/**
 * n8n's error for anything thrown: NodeApiError when HiAPI or the network said no, NodeOperationError for everything
 * found here. The task id and HiAPI's code are in the description and in the error's context. An error of n8n is
 * returned as it is, because wrapping it again would lose the item it names.
 */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) {
		error.context.retryable ??= false;
		return error;
	}
	const { message, description, details, request } = toFailure(error);
	const options = { message, description, itemIndex };
	const nodeError =
		request === undefined
			? new NodeOperationError(node, message, options)
			: new NodeApiError(node, { message, ...details } as JsonObject, {
					...options,
					httpCode: details.httpStatus === undefined ? undefined : String(details.httpStatus),
				});
	// n8n puts sentences of its own in the place of a message that contains ENOTFOUND, ENOENT and the like.
	nodeError.message = message;
	Object.assign(nodeError.context, details);
	return nodeError;
}

/**
 * The item that stands for a failure under Continue On Fail. Only these three keys: with any other, n8n would send the
 * item down the success branch.
 */
export function toErrorItem(failure: HiApiError, itemIndex: number): INodeExecutionData {
	return {
		json: {
			error: failure.message,
			details: { ...failure.details, description: failure.description },
		},
		pairedItem: { item: itemIndex },
	};
}

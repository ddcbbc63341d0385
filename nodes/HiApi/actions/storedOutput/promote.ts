import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { rejectionFailure, wordRejection } from './storageRejection';
import { optionsCollection } from '../../parameters/optionsCollection';
import { optionsOf } from '../../parameters/readers';
import { changeItems } from './changeItems';
import { storedOutputIdField } from './fields';

export const promoteFields: INodeProperties[] = [
	storedOutputIdField,
	{
		displayName:
			'HiAPI charges for a kept file every day until it is deleted. The file gets a new address.',
		name: 'promoteNotice',
		type: 'notice',
		default: '',
	},
	optionsCollection([
		{
			displayName: 'When HiAPI Refuses',
			name: 'onRejection',
			type: 'options',
			default: 'output',
			description: 'What happens to a stored output that cannot be promoted',
			options: [
				{ name: 'Fail', value: 'fail', description: 'The item fails with the reason' },
				{
					name: 'Output the Reason',
					value: 'output',
					description: "The item goes on with 'accepted' set to false, and the reason",
				},
			],
		},
	]),
];

/** Stored Output → Promote: asks HiAPI to keep files until they are deleted; one item per ID with what HiAPI said. */
export async function promote(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await changeItems(context, 'promote', async (id, { accepted, rejected }, itemIndex) => {
		if (accepted.has(id)) return { ok: true, value: { id, accepted: true } };
		const reason = rejected.get(id) ?? 'not_mentioned';
		const { message, description } = wordRejection(id, reason);
		if (optionsOf(context, itemIndex).onRejection === 'fail')
			return { ok: false, failure: rejectionFailure(id, reason) };
		return {
			ok: true,
			value: { id, accepted: false, reason, explanation: `${message}. ${description}` },
		};
	});
}

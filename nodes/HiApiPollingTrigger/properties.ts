import type { INodeProperties } from 'n8n-workflow';

import { simplifyField } from '../shared/simplifyField';
import { filtersField, triggerOnField } from '../shared/triggers/fields';

/** The trigger's parameters besides n8n's own poll times. Names and values are stored in workflows and stay as they are. */
export const pollingTriggerProperties: INodeProperties[] = [
	{
		displayName:
			'Each poll asks HiAPI for the newest tasks of the account and costs no money. Tasks that finished before the workflow was first published do not start it.',
		name: 'pollingNotice',
		type: 'notice',
		default: '',
	},
	triggerOnField,
	simplifyField,
	filtersField('Tasks that do not match start nothing, also when the filters are changed later'),
];

import type { INodeProperties } from 'n8n-workflow';

import { simplifyField } from '../shared/simplifyField';
import { downloadOptions, downloadOutputsField } from '../shared/downloads/triggerDownload';
import { filtersField, triggerOnField } from '../shared/triggerFields';

/** The trigger's parameters. Names and values are stored in workflows and stay as they are. */
export const triggerProperties: INodeProperties[] = [
	{
		displayName:
			"Publish this workflow and paste the <b>production URL</b> above as 'Callback URL' into the HiAPI node that creates the tasks. HiAPI calls it from the internet. On a computer without a public address, use the <b>HiAPI Polling Trigger</b>.",
		name: 'setupNotice',
		type: 'notice',
		default: '',
	},
	triggerOnField,
	{
		displayName: 'Verification',
		name: 'verification',
		type: 'options',
		noDataExpression: true,
		default: 'signature',
		description: 'How to make sure that a request really comes from HiAPI',
		options: [
			{
				name: 'Signature',
				value: 'signature',
				description:
					'Only callbacks signed with the signing key of your HiAPI account are accepted',
			},
			{
				name: 'Read the Task Back From HiAPI',
				value: 'readBack',
				description:
					'For accounts without a signing key: the task is read with the API key before it is believed',
			},
			{
				name: 'None (Dangerous)',
				value: 'none',
				description: 'Anyone who knows the URL can start the workflow with any content',
			},
		],
	},
	{
		displayName:
			"In the HiAPI console set a <b>Webhook signing key</b>, and store the same text as 'Webhook Signing Secret' in the credential. Without it, nothing starts this workflow.",
		name: 'signatureNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { verification: ['signature'] } },
	},
	{
		displayName:
			'HiAPI is asked about every task ID that arrives, even an invented one; a signature is safer. Once HiAPI signs its callbacks, store the signing key in the credential, or they are rejected.',
		name: 'readBackNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { verification: ['readBack'] } },
	},
	{
		displayName:
			'<b>Dangerous:</b> whoever knows or guesses the URL can start this workflow with any content. Use this only for trying things out.',
		name: 'noVerificationNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { verification: ['none'] } },
	},
	{
		displayName:
			'<b>The time window is off:</b> anyone who once recorded a signed callback can send it again at any time.',
		name: 'windowOffNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { '/options.timeWindow': [0] } },
	},
	simplifyField,
	downloadOutputsField,
	filtersField('Tasks that do not match are answered with success and start nothing'),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			...downloadOptions,
			{
				displayName: 'Re-Read the Task',
				name: 'reRead',
				type: 'boolean',
				default: false,
				description:
					'Whether to read the task from HiAPI once more after the callback, because callbacks may leave out fields. When that is not possible, the workflow gets the task as it was in the callback.',
			},
			{
				displayName: 'Time Window (Seconds)',
				name: 'timeWindow',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 300,
				description:
					'How far the time in a signed request may be from the time of this machine. 0 turns the check off, and recorded requests can be sent again.',
			},
		],
	},
];

import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';

import { BASE_URL_END, DEFAULT_BASE_URL, USABLE_BASE_URL } from '../nodes/shared/api/baseUrl';
import { USER_AGENT } from '../nodes/shared/userAgent';

// A credential's test knows expressions only, so the rules of baseUrl.ts are put into one. What the nodes would refuse
// becomes an address no request can be sent to: the test then says "invalid URL", and the key stays here.
const BASE_URL_EXPRESSION = `={{ ((text) => /${USABLE_BASE_URL}/i.test(text) ? text.replace(/${BASE_URL_END}/i, "/v1") : "https://base URL is not usable")(($credentials.baseUrl || "").trim() || "${DEFAULT_BASE_URL}") }}`;

export class HiApiApi implements ICredentialType {
	name = 'hiApiApi';

	displayName = 'HiAPI API';

	icon: Icon = {
		light: 'file:../nodes/HiApi/hiapi.svg',
		dark: 'file:../nodes/HiApi/hiapi.dark.svg',
	};

	documentationUrl = 'https://github.com/hiapi/n8n-nodes-hiapi#credential';

	properties: INodeProperties[] = [
		{
			displayName:
				'Create a key on the page <a href="https://www.hiapi.ai/en/dashboard/api-keys" target="_blank">API keys</a> of the HiAPI console and paste it here. Nothing else is needed to start.',
			name: 'whereToStart',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'From the page <a href="https://www.hiapi.ai/en/dashboard/api-keys" target="_blank">API keys</a> of the HiAPI console',
		},
		{
			displayName: 'Webhook Signing Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Only for callbacks: the same text as the Webhook signing key in the settings of your HiAPI account. It proves that a callback comes from HiAPI.',
		},
		{
			displayName: 'Previous Webhook Signing Secret',
			name: 'previousWebhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			displayOptions: { hide: { webhookSecret: [''] } },
			description:
				'While you change the signing key: the old one, which is accepted until this field is empty',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.hiapi.ai/v1',
			placeholder: 'e.g. https://api.hiapi.ai/v1',
			description:
				'Leave this as it is, unless you use a gateway or a test server. Plain http is accepted only for this machine and private networks.',
		},
		{
			displayName: 'Model Catalogue URL',
			name: 'catalogUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://www.hiapi.ai',
			description:
				'Leave this empty, unless you use a test server. Models and their fields are then read from HiAPI for api.hiapi.ai, and from the bundled list for other hosts. The API key is not sent there.',
		},
	];

	// No expression: in a workflow with JSON and files combined (`binaryMode`) n8n 2.41 cannot resolve those of a credential,
	// because its engine looks at `$item` each time, which throws there (`getValueAtPath` in @n8n/expression-runtime).
	authenticate = async (
		{ apiKey }: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => ({
		...request,
		headers: {
			...request.headers,
			Authorization: `Bearer ${String(apiKey)
				.trim()
				.replace(/^Bearer\s+/i, '')}`,
		},
	});

	// Reads one task of the list: free of charge. A reply without a task list is no HiAPI, whatever its HTTP status. Redirects
	// are not followed, because n8n would send the key on to the other address.
	test: ICredentialTestRequest = {
		request: {
			baseURL: BASE_URL_EXPRESSION,
			url: '/tasks',
			qs: { page: 1, size: 1 },
			headers: { 'User-Agent': USER_AGENT },
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseSuccessBody',
				properties: {
					key: 'data.tasks',
					value: undefined,
					message:
						'The reply holds no list of tasks: the API key was not accepted, or the base URL is not that of HiAPI',
				},
			},
		],
	};
}

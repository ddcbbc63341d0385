import type { INodeProperties } from 'n8n-workflow';

/**
 * A field that a person fills in, and its twin for the tool of an AI agent with a default of its own: n8n has no other
 * way to tell the two apart.
 */
export function withToolDefault(field: INodeProperties, toolDefault: unknown): INodeProperties[] {
	const { show, hide } = field.displayOptions ?? {};
	return [
		{ ...field, displayOptions: { ...(show && { show }), hide: { ...hide, '@tool': [true] } } },
		{
			...field,
			default: toolDefault as INodeProperties['default'],
			displayOptions: { show: { ...show, '@tool': [true] }, ...(hide && { hide }) },
		},
	];
}

/**
 * A text that the agent writes where the node is its tool, by the comment that n8n's editor leaves where a person presses
 * the button "Let the model define this parameter" (2.41).
 *
 * @param told what the agent is told about it; it must not hold a backquote
 */
export function withAgentsOwn(field: INodeProperties, told: string): INodeProperties[] {
	const name = field.displayName.replace(/\W+/g, '_');
	return withToolDefault(
		field,
		`={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${name}', \`${told}\`, 'string') }}`,
	);
}

import type { ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { commonFields } from '../models/commonFields';
import { fieldTitle } from '../models/fieldTitle';
import { takesFiles } from '../models/fileFields';
import { currentModel } from './openPanel';

/** Fills 'Input Field Name or ID' of 'Files as Input': the fields of the chosen model that take the address of a file. */
export async function getFileFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const { fields: known } = await currentModel(this);
	const fields = (known.length > 0 ? known : commonFields()).filter(takesFiles);
	return fields.map(({ name, type, required, linksOnly }) => ({
		name: `${fieldTitle(name)}${required ? ' (Required)' : ''}`,
		value: name,
		description: `${type === 'list' ? 'Takes one or more files' : 'Takes one file'}${linksOnly ? ", with 'Send As' set to 'Link'" : ''}`,
	}));
}

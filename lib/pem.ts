/** Certificates and keys as people paste them. */

/**
 * n8n's fields for secrets have one line, so that a PEM pasted into them loses its line breaks, or has them as "\n".
 * @returns PEM with its lines, each block 64 characters wide (RFC 7468 section 2); '' for an empty text
 */
export function toPem(pasted: string): string {
	const text = pasted.replace(/(?:\\r)?\\n/g, '\n').trim();
	const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)];
	if (blocks.length === 0) return text;
	return blocks.map(([, label = '', inside = '']) => block(label, inside)).join('');
}

function block(label: string, inside: string): string {
	// An encrypted key of the old kind has two headers before its base64 (RFC 1421).
	const [, headers = ''] = /^\s*(Proc-Type:\s*\S+\s+DEK-Info:\s*\S+)/.exec(inside) ?? [];
	const lines =
		inside
			.slice(inside.indexOf(headers) + headers.length)
			.replace(/\s+/g, '')
			.match(/.{1,64}/g) ?? [];
	const head = headers === '' ? '' : `${headers.replace(/\s+(?=DEK-Info)/, '\n')}\n\n`;
	return `-----BEGIN ${label}-----\n${head}${lines.join('\n')}\n-----END ${label}-----\n`;
}

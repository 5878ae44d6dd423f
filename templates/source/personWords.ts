/**
 * What the pages of "one person" say, as expressions. Names and messages hold text out of the HR system: on a page it is text, never markup,
 * and nothing that n8n's forms would evaluate.
 */

/** JavaScript for an expression: `text` makes a value text on a page, `breakable` gives long words places to break at. */
const TEXT =
	"const text = (value) => String(value ?? '').slice(0, 2000).replace(/[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]/g, ' ').replace(/\\S{24}/g, '$&\\u200b').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\"/g, '&quot;').replace(/'/g, '&#39;').replace(/[${}]/g, (sign) => '&#' + sign.charCodeAt(0) + ';'); const list = (lines) => lines.length === 0 ? '' : '<ul>' + lines.map((line) => '<li>' + text(line) + '</li>').join('') + '</ul>'; const lines = (said) => said.map(text).join('<br><br>');";

/** An expression of several statements; `text`, `list` and, for last pages, `lines` are there. Two closing braces in a row would end it. */
export function words(body: string): string {
	if (body.includes('}}')) throw new Error(`Two braces in a row: ${body}`);
	return `={{ (() => { ${TEXT} ${body} })() }}`;
}

const SEARCH = "$('Find the Person in JumpCloud')";
export const WANTED = "String($('Ask Who It Is').first().json.Person ?? '').trim()";

/** Whoever has the identifier, the username or the address is meant, and nobody else; else all who were found. */
export const MATCHES = `={{ (() => { const wanted = ${WANTED}.toLowerCase(); const found = ${SEARCH}.all().map((item) => item.json).filter((person) => person._id); const by = (field) => found.filter((person) => String(person[field] ?? '').toLowerCase() === wanted); return ['employeeIdentifier', 'username', 'email'].map(by).find((people) => people.length > 0) ?? found.toSorted((one, other) => String(one.displayname ?? '').localeCompare(String(other.displayname ?? ''))); })() }}`;

/**
 * The fields of the page with the list of people, as JSON. What somebody chose comes back as the entry's text: the number before it says who.
 * A dollar sign would mean something where n8n puts this text in place.
 */
export const CHOICES = `={{ JSON.stringify([{ fieldLabel: 'Person', fieldType: 'radio', requiredField: true, fieldOptions: { values: $json.people.slice(0, $('Settings').first().json.peopleShown).map((person, index) => ({ option: (index + 1) + ': ' + [person.displayname || [person.firstname, person.lastname].filter(Boolean).join(' '), person.employeeIdentifier || 'no employee identifier', person.username, person.department].filter(Boolean).map((part) => String(part).slice(0, 60).replace(/[\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]/g, ' ').replace(/</g, '‹').replace(/>/g, '›')).join(' · ') } )) } }]).replaceAll('$', '\\\\u0024') }}`;

/** Who has a problem, or is left out, and why: a list of texts. */
export const FOUND = `const shown = (person) => person.displayName || person.key || 'This person'; const found = [...$('Create Plan').all(2).map(({ json }) => (json.displayName ? json.displayName + ': ' : '') + json.message + ' ' + json.whatToDo), ...$('Map to Accounts').all(1).map(({ json }) => shown(json) + ' cannot be mapped: ' + json.problems.map(({ message }) => message).join(' ')), ...$('Map to Accounts').all(2).map(({ json }) => shown(json) + ' is out of scope: ' + json.conditions.join('; '))];`;

/** @param otherwise JavaScript: what is said when nothing else tells why nothing is planned */
export const nothingWords = (otherwise: string): string =>
	words(
		`${FOUND} found.push(...$('Create Plan').first().json.notes); const mapped = $('Map to Accounts').first().json; const name = mapped.displayName ?? ''; const starts = DateTime.fromISO(mapped.startsAt ?? ''); const later = starts > $now; return lines([...found, ...(later ? [(name || 'This person') + ' starts on ' + starts.toFormat('d LLLL yyyy') + ': until then there is no account, or it stays closed.'] : ${otherwise}), 'Nothing was changed.']);`,
	);

/** What coming back gives, in words, before the digest says it exactly. */
export const RESTORED = `const steps = $('Create Plan').first().json.changes.flatMap((change) => change.steps); const name = (dn) => /^[^=]+=((?:\\\\.|[^,\\\\])*)/.exec(String(dn))?.[1].replace(/\\\\(.)/g, '$1') ?? dn; const groups = steps.filter((step) => step.do === 'link').map((step) => name(step.group.dn)); const written = [...new Set(steps.flatMap((step) => step.do === 'set' ? step.writes : step.do === 'enable' ? step.with : []).map((write) => write.attribute))]; const place = steps.find((step) => step.do === 'relocate'); const given = [ ...(place ? ['Organisational unit: ' + place.to.parent.dn] : ['Organisational unit: stays where it is']), groups.length > 0 ? 'Groups: ' + groups.join(', ') : 'Groups: none', written.length > 0 ? 'Attributes: ' + written.join(', ') : 'Attributes: none', steps.some((step) => step.do === 'setPassword') ? 'Password: a new one' : 'Password: stays', 'Account: enabled' ];`;

/** What became of each change: a list of texts. @param apply the step that applied */
export const outcomeWords = (apply: string): string =>
	`const passwords = (json) => json.passwordMessage ? ' Password: ' + json.passwordMessage : ''; const kinds = { joiner: 'account created', mover: 'account updated', leaver: 'account disabled', rehire: 'account enabled again' }; const applied = $('${apply}').all(0).map(({ json }) => json.displayName + ': ' + (kinds[json.lifecycle] ?? 'done') + (json.status === 'already done' ? ' already.' : '.') + passwords(json)); const failed = $('${apply}').all(1).map(({ json }) => json.displayName + ': ' + (json.message ?? json.status) + ' ' + (json.whatToDo ?? ''));`;

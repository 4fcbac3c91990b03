/** What mails, chats and web pages leave in a copied text: white space of all kinds, soft hyphens, zero-width characters and byte order marks. */
const INVISIBLE = /[\s\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+/g;
const QUOTES = /^[<"'`\u00ab\u2018-\u201e]+|[>"'`\u00bb\u2018-\u201e]+$/g;
/** The links of Apple and Android that install an eSIM carry the code in this parameter, percent-encoded. */
const LINK = /^https?:\/\/[^?#]+\?(?:[^#]*&)?carddata=([^&#]+)/i;
const CODE = /^(?:LPA:)?1\$/i;

/** No code is longer than 255 characters; a link with all of them encoded is about three times as long. */
const MAX_LENGTH = 2000;

/**
 * The activation code (SGP.22 4.1) in a pasted text: without white space and invisible characters anywhere in it, without quotes around it,
 * and taken out of an installation link. Undefined: the text is no such thing. What is returned may still be no valid code.
 */
export function activationCodeInText(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const visible = text.replace(INVISIBLE, '').replace(QUOTES, '');
  const code = codeInLink(visible) ?? visible;
  return CODE.test(code) ? code : undefined;
}

function codeInLink(text: string): string | undefined {
  const encoded = LINK.exec(text)?.[1];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded).replace(INVISIBLE, '');
  } catch {
    return undefined;
  }
}

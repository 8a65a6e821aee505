import type { HonoRequest } from 'hono';

/** The body, or what is wrong with the request as a whole. */
export type JsonBody = { readonly data: unknown } | { readonly error: string; readonly status: 400 | 415 };

/** JSON is UTF-8: another charset would be taken in garbled, and nobody would notice. */
export const readJson = async (request: HonoRequest): Promise<JsonBody> => {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(request.header('content-type') ?? '') ?? [];
  if (!['utf-8', 'utf8', 'us-ascii'].includes(charset.toLowerCase()))
    return { error: 'JSON is wanted in UTF-8, not in another charset', status: 415 };
  const text = decode(await request.arrayBuffer());
  if (text === undefined) return { error: 'the body is not UTF-8', status: 400 };
  if (text.trim() === '') return { error: 'there is no body', status: 400 };
  try {
    return { data: JSON.parse(text) as unknown };
  } catch {
    return { error: 'the body is not JSON', status: 400 };
  }
};

const decode = (bytes: ArrayBuffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

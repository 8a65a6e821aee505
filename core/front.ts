/** What a CDN with a web ACL in front of the API sets on every request, whatever the viewer sent under these names. */
export const frontHeaders = {
  /** A secret of ours: the request did not come to the API beside it. */
  key: 'x-baton-front',
  /** Address of the viewer: API Gateway sees that of the CDN. */
  viewer: 'x-baton-viewer',
} as const;

/** `host`: what viewers call. */
export type Front = { readonly host: string; readonly key: string };

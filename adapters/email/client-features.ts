/**
 * Features that an author may write and whose absence is noticed: something is not there, or lands elsewhere. What merely looks
 * plainer (rounded corners, shadows, web fonts) is left out. `slug`: the feature in the data; `allowed`: what works everywhere.
 */
export type ClientFeature = { readonly slug: string; readonly what: string; readonly allowed: string };

const overlap = 'what is put in place by position stands somewhere else';
const sideBySide = 'what stands side by side comes one below the other, or on top of each other';
const noValue = 'a value that is not understood is left out, and the property with it';
const nothingShown = 'readers see nothing in its place';
const noMotion = 'nothing moves';
const columns = 'columns: <mj-column> in <mj-section>';
const plainValue = 'a plain value, in px or %';
const picture = 'a .png, .jpg or .gif';

/** By property; `value`: only with such a value. */
export const declarations: readonly (ClientFeature & { readonly property: RegExp; readonly value?: RegExp })[] = [
  { slug: 'css-display-flex', property: /^display$/, value: /\bflex\b/, what: sideBySide, allowed: columns },
  { slug: 'css-display-grid', property: /^display$/, value: /\bgrid\b/, what: sideBySide, allowed: columns },
  { slug: 'css-float', property: /^float$/, value: /left|right/, what: sideBySide, allowed: columns },
  { slug: 'css-column-count', property: /^column(s|-count)$/, what: 'the text stays in one column', allowed: columns },
  { slug: 'css-position', property: /^position$/, value: /absolute|fixed|sticky|relative/, what: overlap, allowed: columns },
  { slug: 'css-transform', property: /^transform$/, what: overlap, allowed: 'a picture that is turned already' },
  {
    slug: 'css-background-image',
    property: /^background(-image)?$/,
    value: /url\(/,
    what: 'the words stand on no picture: with light words on a dark one, nothing can be read',
    allowed: 'a background colour as well, or <mj-section background-url> which has a way for Outlook',
  },
  {
    slug: 'css-linear-gradient',
    property: /^background(-image)?$/,
    value: /gradient\(/,
    what: 'there is no background where there is no other',
    allowed: 'a background-color as well',
  },
  { slug: 'css-visibility', property: /^visibility$/, what: 'what is hidden is shown', allowed: 'leave it out, or {% if … %}' },
  { slug: 'css-opacity', property: /^opacity$/, what: 'what is faint or hidden is shown in full', allowed: 'a paler colour' },
  {
    slug: 'css-overflow',
    property: /^overflow(-[xy])?$/,
    value: /hidden|scroll|auto/,
    what: 'what is cut off is shown',
    allowed: 'less content',
  },
  {
    slug: 'css-object-fit',
    property: /^object-fit$/,
    what: 'the picture is squeezed',
    allowed: 'a picture of the size at which it is shown',
  },
  { slug: 'css-aspect-ratio', property: /^aspect-ratio$/, what: 'the height is another', allowed: 'a width and a height' },
  { slug: 'css-clip-path', property: /^clip-path$/, what: 'the whole of it is shown', allowed: 'a picture that is cut already' },
  { slug: 'css-filter', property: /^filter$/, what: 'it is shown as it is', allowed: 'a picture that is changed already' },
  { slug: 'css-gap', property: /^(row-|column-)?gap$/, what: 'things touch', allowed: 'padding' },
  { slug: 'css-animation', property: /^animation(-.*)?$/, what: noMotion, allowed: 'an animated .gif whose first picture says it all' },
  { slug: 'css-writing-mode', property: /^writing-mode$/, what: 'the text runs across', allowed: 'a picture with alt text' },
  { slug: 'css-variables', property: /./, value: /var\(/, what: noValue, allowed: plainValue },
  { slug: 'css-unit-calc', property: /./, value: /calc\(/, what: noValue, allowed: plainValue },
  { slug: 'css-function-clamp', property: /./, value: /\b(clamp|min|max)\(/, what: noValue, allowed: plainValue },
  { slug: 'css-unit-rem', property: /./, value: /\d(rem|ch)\b/, what: noValue, allowed: plainValue },
  { slug: 'css-unit-vw', property: /./, value: /\d(vw|vh|vmin|vmax)\b/, what: noValue, allowed: plainValue },
  { slug: 'css-modern-color', property: /./, value: /\b(oklch|oklab|lch|lab|hwb|color-mix|color)\(/, what: noValue, allowed: '#rrggbb' },
];

export const selectors: readonly (ClientFeature & { readonly matches: RegExp })[] = [
  {
    slug: 'css-pseudo-element-before',
    matches: /::?(before|after)\b/,
    what: 'what the style sheet writes is not there',
    allowed: 'the words or the sign in the e-mail itself',
  },
  { slug: 'css-pseudo-class-has', matches: /:has\(/, what: 'the rule does nothing', allowed: 'a class' },
  { slug: 'css-at-import', matches: /@import\b/, what: 'the styles are not loaded', allowed: 'the styles in <mj-style>' },
];

export const elements: readonly (ClientFeature & { readonly tag: RegExp })[] = [
  { slug: 'html-video', tag: /^video$/, what: nothingShown, allowed: 'a picture of it that links to it' },
  { slug: 'html-audio', tag: /^audio$/, what: nothingShown, allowed: 'a link to it' },
  { slug: 'html-svg', tag: /^svg$/, what: nothingShown, allowed: picture },
  { slug: 'html-object', tag: /^(object|embed)$/, what: nothingShown, allowed: 'a link to it' },
  { slug: 'html-picture', tag: /^picture$/, what: 'its other pictures are never chosen', allowed: '<mj-image>' },
  {
    slug: 'html-form',
    tag: /^(form|input|select|textarea)$/,
    what: 'nothing can be filled in',
    allowed: 'a button that leads to a page with the form',
  },
  { slug: 'html-dialog', tag: /^dialog$/, what: 'what is folded away is shown, or never is', allowed: 'plain paragraphs' },
  { slug: 'html-progress', tag: /^(progress|meter)$/, what: nothingShown, allowed: 'the number in words' },
  { slug: 'html-link', tag: /^link$/, what: 'the styles are not loaded', allowed: 'the styles in <mj-style>' },
  { slug: 'html-marquee', tag: /^marquee$/, what: noMotion, allowed: 'plain text' },
];

export const pictures: readonly (ClientFeature & { readonly url: RegExp })[] = [
  { slug: 'image-svg', url: /\.svg(?:[?#]|$)/i, what: nothingShown, allowed: picture },
  { slug: 'image-webp', url: /\.webp(?:[?#]|$)/i, what: nothingShown, allowed: picture },
  { slug: 'image-avif', url: /\.avif(?:[?#]|$)/i, what: nothingShown, allowed: picture },
  { slug: 'image-heif', url: /\.hei[cf](?:[?#]|$)/i, what: nothingShown, allowed: picture },
  { slug: 'image-tiff', url: /\.tiff?(?:[?#]|$)/i, what: nothingShown, allowed: picture },
  { slug: 'image-mp4', url: /\.mp4(?:[?#]|$)/i, what: nothingShown, allowed: picture },
  { slug: 'image-base64', url: /^data:image\//i, what: nothingShown, allowed: 'a picture on your server' },
];

import { rewritten } from './reading.ts';
import type { Reading } from './reading.ts';

/**
 * Code points that are read as one of ASCII, as `first-last:ascii`, all in hexadecimal: those whose NFKC form is that
 * character (Unicode 16), quotes, slashes and dashes that databases and servers take for the plain ones, the tag
 * characters; `:0` are invisible and left out. Frozen: a new Unicode version would change what is found in stored lines.
 */
const ROWS = `
  a0:20 aa:61 ad:0 b2-b3:32 b9:31 ba:6f 17f:73 2b0:68 2b2:6a 2b3:72 2b7:77 2b8:79 2b9:27 2bc:27 2e1:6c 2e2:73 2e3:78 37e:3b 1d2c:41 1d2e:42 1d30-1d31:44 1d33-1d3a:47 1d3c:4f 1d3e:50
  1d3f:52 1d40-1d41:54 1d42:57 1d43:61 1d47:62 1d48-1d49:64 1d4d:67 1d4f:6b 1d50:6d 1d52:6f 1d56:70 1d57-1d58:74 1d5b:76 1d62:69 1d63:72 1d64-1d65:75 1d9c:63 1da0:66 1dbb:7a 1fef:60
  2000:20 2001:20 2002:20 2003:20 2004:20 2005:20 2006:20 2007:20 2008:20 2009:20 200a:20 200b:0 200c:0 200d:0 2010:2d 2011:2d 2012:2d 2013:2d 2018:27 2019:27 201b:27 201c:22 201d:22
  201f:22 2024:2e 202f:20 2032:27 2033:22 2039:3c 203a:3e 2044:2f 205f:20 2060:0 2070:30 2071:69 2074-2079:34 207a:2b 207c:3d 207d-207e:28 207f:6e 2080-2089:30 208a:2b 208c:3d
  208d-208e:28 2090:61 2091:65 2092:6f 2093:78 2095:68 2096-2099:6b 209a:70 209b-209c:73 2102:43 210a:67 210b:48 210c:48 210d:48 210e:68 2110:49 2111:49 2112:4c 2113:6c 2115:4e
  2119-211b:50 211c:52 211d:52 2124:5a 2128:5a 212a:4b 212c-212d:42 212f:65 2130-2131:45 2133:4d 2134:6f 2139:69 2145:44 2146-2147:64 2148-2149:69 2160:49 2164:56 2169:58 216c:4c
  216d-216e:43 216f:4d 2170:69 2174:76 2179:78 217c:6c 217d-217e:63 217f:6d 2212:2d 2215:2f 2216:5c 2217:2a 2223:7c 2236:3a 2329:3c 232a:3e 2460-2468:31 24b6-24cf:41 24d0-24e9:61
  24ea:30 29f5:5c 29f8:2f 2c7c:6a 2c7d:56 3000:20 3008:3c 3009:3e a7f1:53 a7f2:43 a7f3:46 a7f4:51 fb29:2b fe10:2c fe13-fe14:3a fe15:21 fe16:3f fe33:5f fe34:5f fe35-fe36:28 fe37:7b
  fe38:7d fe47:5b fe48:5d fe4d:5f fe4e:5f fe4f:5f fe50:2c fe52:2e fe54:3b fe55:3a fe56:3f fe57:21 fe59-fe5a:28 fe5b:7b fe5c:7d fe5f:23 fe60:26 fe61-fe62:2a fe63:2d fe64:3c fe65:3e
  fe66:3d fe68:5c fe69-fe6a:24 fe6b:40 feff:0 ff01-ff5e:21 107a5:71 1ccd6-1ccef:41 1ccf0-1ccf9:30 1d400-1d419:41 1d41a-1d433:61 1d434-1d44d:41 1d44e-1d454:61 1d456-1d467:69
  1d468-1d481:41 1d482-1d49b:61 1d49c:41 1d49e-1d49f:43 1d4a2:47 1d4a5-1d4a6:4a 1d4a9-1d4ac:4e 1d4ae-1d4b5:53 1d4b6-1d4b9:61 1d4bb:66 1d4bd-1d4c3:68 1d4c5-1d4cf:70 1d4d0-1d4e9:41
  1d4ea-1d503:61 1d504-1d505:41 1d507-1d50a:44 1d50d-1d514:4a 1d516-1d51c:53 1d51e-1d537:61 1d538-1d539:41 1d53b-1d53e:44 1d540-1d544:49 1d546:4f 1d54a-1d550:53 1d552-1d56b:61
  1d56c-1d585:41 1d586-1d59f:61 1d5a0-1d5b9:41 1d5ba-1d5d3:61 1d5d4-1d5ed:41 1d5ee-1d607:61 1d608-1d621:41 1d622-1d63b:61 1d63c-1d655:41 1d656-1d66f:61 1d670-1d689:41 1d68a-1d6a3:61
  1d7ce-1d7d7:30 1d7d8-1d7e1:30 1d7e2-1d7eb:30 1d7ec-1d7f5:30 1d7f6-1d7ff:30 1f12b:43 1f12c:52 1f130-1f149:41 1fbf0-1fbf9:30 e0020-e007e:20
`;

const ASCII_OF: ReadonlyMap<number, string> = new Map(ROWS.trim().split(/\s+/).flatMap((row) => {
  const [first = 0, last = 0, ascii = 0] = (row.includes('-') ? row : row.replace(/^(\w+)/, '$1-$1')).split(/[-:]/).map((part) => Number.parseInt(part, 16));
  return Array.from({ length: last - first + 1 }, (_, i) => [first + i, ascii === 0 ? '' : String.fromCharCode(ascii + i)] as const);
}));

const BEYOND_ASCII = /[^\0-\x7f]/gu;

/** Full-width and other compatibility forms of ASCII characters read as those. */
export function compatibilityDecoded(source: string): Reading | undefined {
  return rewritten(source, BEYOND_ASCII, ([character]) => ASCII_OF.get(character.codePointAt(0) ?? 0));
}

/**
 * A command line as a shell reads it: quotes and backslashes inside of words, carets of `cmd`, variables that are not set
 * and empty substitutions are gone; `$IFS`, tabs and plus signs are spaces; `{a,b}` is `a b`, `c{a,u}t` is `cat cut`.
 */
export function shellReading(source: string): string {
  return source
    .replaceAll(/\$\{IFS[^}]{0,8}\}|\$IFS(?:\$[\d*@])?|%(?:09|20)|\t/g, ' ')
    .replaceAll(/\$\(\)|``|\$\{[@*#?!$_-]\}|\$[@*!#?$_-]|\$\d|\$\{?[a-zA-Z]\w{0,15}\}?(?=\w)/g, (found, at: number) => (/[\w/]/.test(source.charAt(at - 1)) || /[\w/]/.test(source.charAt(at + found.length)) ? '' : found))
    .replaceAll(/([A-Za-z/])\$[a-z]{1,3}(?![\w(])/g, '$1')
    .replaceAll(/([\w./-]{0,16})\{([^{},\s]{0,32}(?:,[^{},\s]{0,64}){1,8})\}([\w./-]{0,16})/g, (_found, head: string, list: string, tail: string) => list.split(',').filter((part) => part !== '').map((part) => head + part + tail).join(' '))
    .replaceAll(/\\(?:\r?\n)?|\^(?=[\w"&|<>])/g, '')
    .replaceAll(/(?<=\w)['"]{2}(?=[\w./])|(?<=[\w./])['"](?=[\w])|(?<=\w)['"](?=[\s;|&)]|$)|(?<=^|[\s;|&(`])\$?['"](?=[\w/])/g, '')
    .replaceAll(/(?<=[\w/'")$])\++(?=[-\w/$'"~.*?])/g, ' ');
}

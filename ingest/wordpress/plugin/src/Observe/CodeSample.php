<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

/** The code at the beginning of a file, for signatures: without the text around it, comments, and quoted texts that could be somebody's. */
final class CodeSample
{
    /** Files that are code from the first byte on. */
    private const WHOLE = '/\.(?:js|pl|py|sh|cgi|asp|aspx|jsp|htaccess|user\.ini)$/i';
    private const PARTS = '/<\?(?:php\b|=).*?(?:\?>|\z)|<script\b.*?(?:<\/script\s*>|\z)/is';
    /** Quoted texts (2: the text), and comments. */
    private const WORDS = '~(["\'`])((?:\\\\.|(?!\1).)*+)(?:\1|\z)|/\*.*?(?:\*/|\z)|(?<![:\\\\])//[^\n]*|(?<=\s)\#[^\n]*~s';
    /** Names that code has, addresses, and signs alone. */
    private const PLAIN = '/^(?:(?:https?:)?\/\/[^\s@]*|[a-z_$][\w.$\/-]*|[^A-Za-z\x80-\xff]{0,40})$/D';

    /** Empty when there is none. `$name`: the file's. */
    public static function of(string $name, string $start): string
    {
        $code = $start;
        if (preg_match(self::WHOLE, $name) !== 1) {
            $code = preg_match_all(self::PARTS, $start, $parts) > 0 ? implode("\n", $parts[0]) : '';
        }
        return (string) preg_replace_callback(self::WORDS, static function (array $word): string {
            if (!isset($word[2])) {
                return '';
            }
            return $word[1] . (preg_match(self::PLAIN, $word[2]) === 1 ? self::withoutQuery($word[2]) : '[' . strlen($word[2]) . ']') . $word[1];
        }, $code);
    }

    /** What an address asks with may be a key, or say for whom. */
    private static function withoutQuery(string $text): string
    {
        return (string) preg_replace_callback('~^((?:https?:)?//[^?#]*[?#])(.+)$~Ds', static fn(array $address): string => $address[1] . '[' . strlen($address[2]) . ']', $text);
    }
}

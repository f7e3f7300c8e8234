<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

/** What stands beside a value. */
final class Surroundings
{
    /** What a number is called that is no person's. */
    private const OTHERS = 'order|bestell(?:ung|nummer)?|commande|pedido|ordine|invoice|rechnungs?|facture|factura|receipt|tracking|track|parcel|package|paket|shipment|shipping|sendungs?|delivery|awb|waybill|consignment|carrier|fedex|ups|usps|dhl|imei|iccid|serial|sku|ean|upc|gtin|isbn|barcode|asin|mpn|item|part|product|article|artikel|variation|model|menu|term|ticket|case|correlation|batch|lot|job|task|queue|build|commit|revision|version|ver|rev|hash|checksum|digest|sha|md5|etag|nonce|session|seed|timestamp|time|ts|epoch|since|until|expires|utm|gclid|fbclid|fbp|fbc|transaction|txn|trace|span|request|page|attachment|coupon|voucher|campaign|cart|cache|bytes|size|length|count|offset|width|height|port|pid|lat|lon|lng|price|total|amount|ref|reference|contract|policy';
    /** What has a number of its own that is no person's, where that is said. */
    private const HOLDERS = 'user|customer|client|member|visitor|device|campaign|group|object|entity|blog|site|message|mail|comment|review|category|tag|store|vendor|shop|plugin|theme|payment|charge|refund|subscription|plan|intent|post|event|form|entry|row|record|parent|external|internal';
    private const NUMBER = '(?:[ _-]?(?:number|num|nummer|numero|no|nr|ids?|code|key|ref|value))';

    /** Whether a value counts whatever stands beside it; set while `Content` looks so at a text. */
    public static bool $isWary = false;

    /** Character at a place, empty outside of the text. */
    public static function at(string $text, int $at): string
    {
        return $at >= 0 && $at < strlen($text) ? $text[$at] : '';
    }

    public static function isWord(string $character): bool
    {
        return $character !== '' && (ctype_alnum($character) || $character === '_');
    }

    public static function isDigit(string $character): bool
    {
        return $character !== '' && $character >= '0' && $character <= '9';
    }

    /** No part of a longer number, word, decimal fraction, dashed key, percent escape or address. */
    public static function standsAlone(string $text, int $start, int $end): bool
    {
        $before = self::at($text, $start - 1);
        $after = self::at($text, $end);
        if (self::isWord($before) || self::isWord($after) || $after === '@' || $before === '%') {
            return false;
        }
        if (!self::$isWary && preg_match('/[ -]/', substr($text, $start, $end - $start)) === 1) {
            // A group beside a number in groups belongs to the same, longer number.
            if ((strpos(' -', $before) !== false && $before !== '' && self::isDigit(self::at($text, $start - 2))) || ($after !== '' && strpos(' -', $after) !== false && self::isDigit(self::at($text, $end + 1)))) {
                return false;
            }
        }
        if ($before !== '' && strpos('-.,/:', $before) !== false && self::isDigit(self::at($text, $start - 2))) {
            return false;
        }
        if (($before === '-' || $before === '/') && self::isWord(self::at($text, $start - 2))) {
            return false;
        }
        $next = self::at($text, $end + 1);
        return !($after !== '' && strpos('-.,/:', $after) !== false && (self::isDigit($next) || ($after === '-' && self::isWord($next))));
    }

    /** Whether the words right before a number say that it is an order's, a parcel's, a product's, a time or the like. */
    public static function isLabelledOtherwise(string $text, int $start): bool
    {
        if (self::$isWary) {
            return false;
        }
        $before = substr($text, max(0, $start - 48), min(48, $start));
        $before = (string) preg_replace('/([a-z])([A-Z])/', '$1 $2', $before);
        if (preg_match('/(?:[?&](?:_|[a-z]{0,2}id|ts?|v|p|rnd|cb)=|#|\$ ?)$/i', $before) === 1) {
            return true;
        }
        return preg_match('/(?<![a-z])(?:(?:' . self::OTHERS . ')' . self::NUMBER . '{0,2}|(?:' . self::HOLDERS . ')' . self::NUMBER . ')(?: is| was| ist)?["\'\])]{0,2}[\s.:=#>("\'\[_-]{1,6}$/i', $before) === 1;
    }

    /** @return array{int, int}|null */
    public static function unlabelled(string $text, int $start, int $end): ?array
    {
        return self::isLabelledOtherwise($text, $start) ? null : [$start, $end];
    }
}

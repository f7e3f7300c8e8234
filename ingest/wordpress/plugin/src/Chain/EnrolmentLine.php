<?php

declare(strict_types=1);

namespace Tourniquet\Chain;

/** What an owner pastes: `tq1.SITE.SECRET.URL` (`contracts/site.ts`). */
final class EnrolmentLine
{
    public string $site;
    /** 32 bytes as base64url. */
    public string $secret;
    public string $gatewayUrl;

    private function __construct(string $site, string $secret, string $gatewayUrl)
    {
        $this->site = $site;
        $this->secret = $secret;
        $this->gatewayUrl = $gatewayUrl;
    }

    /** Null when it is none. A site's name may hold dots, so it is read from both ends. */
    public static function parse(string $line): ?self
    {
        $parts = explode('.', trim($line));
        $url = Base64Url::decode((string) array_pop($parts));
        $secret = (string) array_pop($parts);
        $version = array_shift($parts);
        $site = implode('.', $parts);
        $fits = $version === 'tq1' && self::isName($site) && preg_match('/^[A-Za-z0-9_-]{43}$/D', $secret) === 1 && $url !== null && self::isUrl($url);
        return $fits ? new self($site, $secret, (string) $url) : null;
    }

    public static function isName(string $text): bool
    {
        return preg_match('/^[a-z0-9][a-z0-9._-]{0,63}$/D', $text) === 1;
    }

    private static function isUrl(string $url): bool
    {
        $parts = parse_url($url);
        return is_array($parts) && in_array($parts['scheme'] ?? '', ['http', 'https'], true) && ($parts['host'] ?? '') !== '' && preg_match('/[\x00-\x20\x7f]/', $url) !== 1;
    }
}

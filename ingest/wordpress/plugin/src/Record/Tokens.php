<?php

declare(strict_types=1);

namespace Tourniquet\Record;

/** Identifiers as tokens, as `contracts/token.ts` says. Vectors: `contracts/vectors/token.ndjson`. */
final class Tokens
{
    private string $siteKey;

    /** `$siteKey`: 32 bytes of this site and key epoch. */
    public function __construct(string $siteKey)
    {
        $this->siteKey = $siteKey;
    }

    /** 24 letters of a to p. */
    public function of(string $kind, string $identifier): string
    {
        $mac = hash_hmac('sha256', $kind . "\n" . self::normalise($kind, $identifier), $this->siteKey, true);
        $token = '';
        for ($i = 0; $i < 12; $i++) {
            $byte = ord($mac[$i]);
            $token .= chr(97 + ($byte >> 4)) . chr(97 + ($byte & 15));
        }
        return $token;
    }

    public static function normalise(string $kind, string $value): string
    {
        switch ($kind) {
            case 'email':
                return Spelling::lower(self::trimmed(Spelling::nfkc($value)));
            case 'phone':
                return (string) preg_replace('/^00/', '', (string) preg_replace('/[^0-9]/', '', str_replace('(0)', '', $value)));
            case 'digits':
                return (string) preg_replace('/[^0-9]/', '', $value);
            case 'alphanumeric':
                return strtoupper((string) preg_replace('/[^0-9A-Za-z]/', '', $value));
            case 'text':
                return Spelling::lower((string) preg_replace('/' . Spelling::SPACE . '+/u', ' ', self::trimmed(Spelling::nfkc($value))));
            default:
                throw new \InvalidArgumentException('unknown kind of identifier');
        }
    }

    private static function trimmed(string $value): string
    {
        return (string) preg_replace('/^' . Spelling::SPACE . '+|' . Spelling::SPACE . '+$/Du', '', $value);
    }
}

<?php

declare(strict_types=1);

namespace Tourniquet\Chain;

/** An Ed25519 key that signs blocks, and names its successor (`contracts/block.ts`). */
final class SigningKey
{
    private string $seed;
    private string $secret;
    private string $public;

    /** @param string $seed 32 bytes */
    public function __construct(string $seed)
    {
        $pair = sodium_crypto_sign_seed_keypair($seed);
        $this->seed = $seed;
        $this->secret = sodium_crypto_sign_secretkey($pair);
        $this->public = Base64Url::encode(sodium_crypto_sign_publickey($pair));
    }

    public static function fresh(): self
    {
        return new self(random_bytes(SODIUM_CRYPTO_SIGN_SEEDBYTES));
    }

    public function seed(): string
    {
        return $this->seed;
    }

    /** 32 bytes as base64url. */
    public function public(): string
    {
        return $this->public;
    }

    /** 64 bytes as base64url. */
    public function sign(string $text): string
    {
        return Base64Url::encode(sodium_crypto_sign_detached($text, $this->secret));
    }

    /** @return array{key: string, by: string, signature: string} this key's word for the next */
    public function certify(string $site, string $next): array
    {
        return ['key' => $next, 'by' => $this->public, 'signature' => $this->sign(self::certificateText($site, $this->public, $next))];
    }

    public static function certificateText(string $site, string $by, string $key): string
    {
        return "tourniquet/key-certificate/v1\n{$site}\n{$by}\n{$key}\n";
    }

    /** False for whatever is no key or no signature, too. */
    public static function holds(string $key, string $text, string $signature): bool
    {
        $keyBytes = Base64Url::decode($key, SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES);
        $bytes = Base64Url::decode($signature, SODIUM_CRYPTO_SIGN_BYTES);
        if ($keyBytes === null || $bytes === null) {
            return false;
        }
        try {
            return sodium_crypto_sign_verify_detached($bytes, $text, $keyBytes);
        } catch (\SodiumException $failure) {
            return false;
        }
    }
}

<?php

declare(strict_types=1);

namespace Tourniquet\Chain;

/** The X25519 key a site gets its letters under: token keys, sealed to it. */
final class Box
{
    private string $private;
    private string $public;

    /** @param string $private 32 bytes */
    public function __construct(string $private)
    {
        $this->private = $private;
        $this->public = sodium_crypto_scalarmult_base($private);
    }

    public static function fresh(): self
    {
        return new self(random_bytes(SODIUM_CRYPTO_SCALARMULT_SCALARBYTES));
    }

    public function private(): string
    {
        return $this->private;
    }

    /** 32 bytes as base64url. */
    public function public(): string
    {
        return Base64Url::encode($this->public);
    }

    /** What is shown to fetch orders, base64url. */
    public function mailboxSecret(): string
    {
        return Base64Url::encode(hash_hkdf('sha256', $this->private, 32, 'tourniquet/mailbox/v1'));
    }

    /** What the gateway keeps of it, hex: SHA-256 of the 32 bytes. */
    public function mailboxHash(): string
    {
        return hash('sha256', hash_hkdf('sha256', $this->private, 32, 'tourniquet/mailbox/v1'));
    }

    /** The 32 bytes of a letter: `ephemeral key | ciphertext | tag` as base64url; null when it is not for this box, site and epoch. */
    public function open(string $letter, string $site, int $keyEpoch): ?string
    {
        $bytes = Base64Url::decode($letter, 32 + 32 + 16);
        if ($bytes === null) {
            return null;
        }
        $ephemeral = substr($bytes, 0, 32);
        try {
            $shared = sodium_crypto_scalarmult($this->private, $ephemeral);
        } catch (\SodiumException $failure) {
            return null;
        }
        $derived = hash_hkdf('sha256', $shared, 44, "tourniquet/letter/v1\n" . $ephemeral . $this->public . $site . "\n" . $keyEpoch);
        return AesGcm::open(substr($bytes, 32), substr($derived, 0, 32), substr($derived, 32));
    }
}

<?php

declare(strict_types=1);

namespace Tourniquet\Chain;

/** AES-256-GCM by OpenSSL, or by libsodium where PHP has no OpenSSL and the processor has AES. */
final class AesGcm
{
    private const TAG_BYTES = 16;

    /** The text of `ciphertext | tag`; null when it does not hold, or PHP can do neither. */
    public static function open(string $sealed, string $key, string $nonce, string $additional = ''): ?string
    {
        if (strlen($sealed) < self::TAG_BYTES || strlen($key) !== 32 || strlen($nonce) !== 12) {
            return null;
        }
        if (function_exists('openssl_decrypt') && in_array('aes-256-gcm', openssl_get_cipher_methods(), true)) {
            $text = openssl_decrypt(substr($sealed, 0, -self::TAG_BYTES), 'aes-256-gcm', $key, OPENSSL_RAW_DATA, $nonce, substr($sealed, -self::TAG_BYTES), $additional);
            return $text === false ? null : $text;
        }
        return self::openBySodium($sealed, $key, $nonce, $additional);
    }

    public static function openBySodium(string $sealed, string $key, string $nonce, string $additional = ''): ?string
    {
        if (!function_exists('sodium_crypto_aead_aes256gcm_is_available') || !sodium_crypto_aead_aes256gcm_is_available()) {
            return null;
        }
        $text = sodium_crypto_aead_aes256gcm_decrypt($sealed, $additional, $nonce, $key);
        return $text === false ? null : $text;
    }
}

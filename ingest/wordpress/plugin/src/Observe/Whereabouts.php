<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Memory;
use Tourniquet\Record\Context;

/** Whether an account was seen here, and with this device, before: `wordpress.actor.place` and `.device`. */
final class Whereabouts
{
    /** An account that is known for less says nothing about what is new. */
    private const LEARNING_SECONDS = 14 * 86400;

    private Memory $memory;
    private Context $context;

    public function __construct(Memory $memory, Context $context)
    {
        $this->memory = $memory;
        $this->context = $context;
    }

    /**
     * Notes where this request comes from.
     *
     * @return array<string, string>
     */
    public function of(int $userId, string $userAgent): array
    {
        $account = $this->context->token('text', 'user:' . $userId);
        if ($account === '') {
            return [];
        }
        $since = $this->memory->seen('account', $account);
        $network = $this->memory->seen('place', $account . ' ' . $this->hidden(self::network($this->context->address())));
        $country = $this->context->country();
        $region = $country === '' ? null : $this->memory->seen('country', $account . ' ' . $country);
        $device = $this->memory->seen('device', $account . ' ' . $this->hidden(self::device($userAgent)));
        if ($since === null || $since > time() - self::LEARNING_SECONDS) {
            return [];
        }
        return [
            'wordpress.actor.place' => $network === null && $region === null ? Memory::NEW : Memory::KNOWN,
            'wordpress.actor.device' => $device === null ? Memory::NEW : Memory::KNOWN,
        ];
    }

    /** The /24 or /48 an address lies in. */
    public static function network(string $address): string
    {
        $bytes = @inet_pton($address);
        if ($bytes === false) {
            return '';
        }
        return (string) inet_ntop(strlen($bytes) === 4 ? substr($bytes, 0, 3) . "\0" : substr($bytes, 0, 6) . str_repeat("\0", 10));
    }

    /** Browser family and system, which outlast updates. */
    public static function device(string $userAgent): string
    {
        return self::firstOf([
            'Edge' => '/\bEdg(?:e|A|iOS)?\//', 'Opera' => '/\bOPR\/|\bOpera\b/', 'Samsung' => '/\bSamsungBrowser\//', 'Firefox' => '/\b(?:Firefox|FxiOS)\//',
            'Chrome' => '/\b(?:Chrome|CriOS|Chromium)\//', 'Safari' => '/\bSafari\//', 'curl' => '/^curl\//', 'Python' => '/\bpython\b/i', 'WordPress' => '/\bWordPress\b/i',
        ], $userAgent) . ' ' . self::firstOf([
            'iOS' => '/\b(?:iPhone|iPad|iPod)\b/', 'Android' => '/\bAndroid\b/', 'Windows' => '/\bWindows\b/', 'macOS' => '/\bMac OS X\b|\bMacintosh\b/', 'ChromeOS' => '/\bCrOS\b/', 'Linux' => '/\bLinux\b/',
        ], $userAgent);
    }

    /** @param array<string, string> $patterns by what they tell */
    private static function firstOf(array $patterns, string $text): string
    {
        foreach ($patterns as $name => $pattern) {
            if (preg_match($pattern, $text) === 1) {
                return $name;
            }
        }
        return 'other';
    }

    private function hidden(string $text): string
    {
        return $this->context->token('text', 'whereabouts:' . $text);
    }
}

<?php

declare(strict_types=1);

// The few functions of WordPress that addresses are read with.

namespace Tourniquet\Outbound;

if (!function_exists('Tourniquet\Outbound\wp_parse_url')) {
    /** @return array<string, mixed>|false|null */
    function wp_parse_url(string $url, int $part = -1)
    {
        return parse_url($url, $part);
    }

    function home_url(): string
    {
        return 'https://shop.example';
    }

    function site_url(): string
    {
        return 'https://shop.example/wp';
    }
}

<?php

declare(strict_types=1);

final class WooCommerce
{
    public string $version = WC_VERSION;

    public static function instance(): self
    {
        static $instance = null;
        return $instance ??= new self();
    }
}

<?php

declare(strict_types=1);

namespace Tourniquet\Observe\Persons;

/** E-mail addresses in an answer that are nobody's data: the site's, and those that the asker sent along. */
final class OwnAddresses
{
    private const MOST_SENT = 50;

    /** @return list<string> */
    public static function ofSite(): array
    {
        return array_values(array_filter([(string) get_option('admin_email'), (string) get_option('woocommerce_email_from_address')]));
    }

    /**
     * @param array<mixed> $parameters
     * @return list<string>
     */
    public static function sent(array $parameters): array
    {
        $sent = [];
        array_walk_recursive($parameters, static function ($value) use (&$sent): void {
            if (is_string($value) && strlen($value) < 320 && strpos($value, '@') > 0 && count($sent) < self::MOST_SENT) {
                $sent[] = trim($value);
            }
        });
        return $sent;
    }
}

<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

/** Parameters of the request, to look at: what comes from here is never stored, shown or acted upon as it is. */
final class Asked
{
    private const MOST = 320;

    /** The first of these that is there and not empty, cut; otherwise an empty text. */
    public static function text(string ...$names): string
    {
        foreach ($names as $name) {
            $value = isset($_REQUEST[$name]) ? wp_unslash($_REQUEST[$name]) : '';
            if (is_string($value) && $value !== '') {
                return substr($value, 0, self::MOST);
            }
        }
        return '';
    }
}

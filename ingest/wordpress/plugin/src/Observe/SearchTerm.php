<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Record\Context;

/** What somebody searched for, as a token and a length: the term itself may be a person. */
final class SearchTerm
{
    /** @return array<string, mixed> by dotted names; none for an empty term */
    public static function fields(string $term, Context $context): array
    {
        $term = trim($term);
        if ($term === '') {
            return [];
        }
        return [
            'wordpress.search.token' => $context->token(strpos($term, '@') > 0 ? 'email' : 'text', substr($term, 0, 320)),
            'wordpress.search.length' => strlen($term),
        ];
    }
}

<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Record\Context;

/** An account as the log names it: as the one that acts, or as the one that something is done to. */
final class NamedAccount
{
    /**
     * Who acts, where WordPress has not set its current user yet.
     *
     * @return array<string, mixed>
     */
    public static function actor(Context $context, \WP_User $user): array
    {
        return [
            'user.name' => $context->nameOf($user),
            'user.id' => (string) $user->ID,
            'user.roles' => $context->rolesOf($user),
        ];
    }

    /**
     * Whose account it is done to. One's own account has the name that `user.name` has in the same line, even when the act
     * itself raised it above a customer.
     *
     * @return array<string, mixed>
     */
    public static function target(Context $context, \WP_User $user): array
    {
        $acting = $context->user();
        $same = $acting !== null && (int) $acting->ID === (int) $user->ID;
        return [
            'user.target.name' => $context->nameOf($same ? $acting : $user),
            'user.target.id' => (string) $user->ID,
        ];
    }
}

<?php

declare(strict_types=1);

namespace Tourniquet\Contain\Act;

use Tourniquet\Contain\Accounts;
use Tourniquet\Contain\Act;
use Tourniquet\Contain\Hold;
use Tourniquet\Contain\Guard;
use Tourniquet\Contain\Measures;
use Tourniquet\Contain\Site;
use Tourniquet\Record\Context;

/** An account's sessions end, and no way of logging in works: password, application password, cookie, REST key. */
final class SuspendSessions implements Act
{
    private Context $context;

    public function __construct(Context $context)
    {
        $this->context = $context;
    }

    public function kind(): string
    {
        return 'user';
    }

    public function named(string $target): string
    {
        $user = Accounts::find($this->context, $target);
        return $user === null ? $this->context->nameTyped($target) : $this->context->nameOf($user);
    }

    public function refusal(string $target): ?string
    {
        $user = Accounts::find($this->context, $target);
        if ($user === null) {
            return 'not-found';
        }
        $out = array_column(array_column(Measures::all(), 'kept'), 'user');
        $others = array_diff(Site::administrators(), $out, [$user->ID]);
        return Guard::account(Site::isAdministrator($user), count($others));
    }

    public function begin(string $target): array
    {
        $user = Accounts::find($this->context, $target);
        if ($user === null) {
            throw new \RuntimeException('not-found');
        }
        \WP_Session_Tokens::get_instance($user->ID)->destroy_all();
        return ['user' => $user->ID];
    }

    public function end(array $kept): void
    {
        // The hooks go with the measure; ended sessions stay ended.
    }

    public function enforce(array $kept, Hold $hold): void
    {
        $id = (int) ($kept['user'] ?? 0);
        $isHe = static fn($user): bool => $user instanceof \WP_User && $user->ID === $id;
        // Not through `Guarded`: what fails here has to fail closed, and nothing here can.
        add_filter('authenticate', static fn($user) => $isHe($user) ? $hold->error() : $user, PHP_INT_MAX);
        add_filter('determine_current_user', static fn($found) => is_numeric($found) && (int) $found === $id ? false : $found, PHP_INT_MAX);
        // Code that logs people in past all of these, by tokens of its own.
        add_action('set_current_user', static function () use ($id): void {
            if (get_current_user_id() === $id && PHP_SAPI !== 'cli' && !wp_doing_cron()) {
                wp_set_current_user(0);
            }
        }, PHP_INT_MAX);
        add_action('wp_authenticate_application_password_errors', static function ($errors, $user) use ($isHe, $hold): void {
            if ($isHe($user) && $errors instanceof \WP_Error) {
                $errors->merge_from($hold->error());
            }
        }, PHP_INT_MAX, 2);
        add_filter('allow_password_reset', static fn($allow, $user = 0) => (int) $user === $id ? false : $allow, PHP_INT_MAX, 2);
    }
}

<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;
use Tourniquet\Watcher;

/** Which fields of whose profile or address were changed: one event for each account and request, no values. */
final class Profiles extends Watcher
{
    private const FIELDS = ['user_email' => 'email', 'display_name' => 'display_name', 'user_url' => 'url', 'user_nicename' => 'nickname'];
    private const META = '/^(?:first_name|last_name|nickname|description|(?:billing|shipping)_[a-z0-9_]{1,30})$/';

    /** @var array<int, array<string, true>> account to names of changed fields */
    private array $changed = [];
    /** @var array<int, true> accounts made in this request */
    private array $made = [];

    public function register(): void
    {
        Guarded::action('profile_update', fn($id, $old) => $this->updated((int) $id, $old), 10, 2);
        Guarded::action('updated_user_meta', fn($meta, $id, $name) => $this->meta((int) $id, $name), 10, 3);
        Guarded::action('deleted_user_meta', fn($meta, $id, $name) => $this->meta((int) $id, $name), 10, 3);
        // A field that stood empty is only added; those of a new account are no change, and come before it is told.
        Guarded::action('added_user_meta', fn($meta, $id, $name) => $this->meta((int) $id, $name), 10, 3);
        Guarded::action('user_register', function ($id): void {
            $this->made[(int) $id] = true;
        });
    }

    /** @param mixed $old the account before */
    private function updated(int $id, $old): void
    {
        $user = get_userdata($id);
        foreach ($user instanceof \WP_User && is_object($old) ? self::FIELDS : [] as $field => $name) {
            if ((string) ($old->$field ?? '') !== (string) $user->$field) {
                $this->note($id, $name);
            }
        }
    }

    /** @param mixed $name */
    private function meta(int $id, $name): void
    {
        if (is_string($name) && preg_match(self::META, $name) === 1) {
            $this->note($id, $name);
        }
    }

    private function note(int $id, string $name): void
    {
        if ($this->changed === []) {
            Guarded::action('shutdown', fn() => $this->tell(), 900);
        }
        $this->changed[$id][$name] = true;
    }

    private function tell(): void
    {
        foreach ($this->changed as $id => $names) {
            $user = get_userdata($id);
            if (!$user instanceof \WP_User || isset($this->made[$id])) {
                continue;
            }
            $found = $this->reading()->found()->user($user)->counted(1);
            $found->saw(...array_keys($names));
            $fields = array_keys($names);
            sort($fields);
            $this->journal->record('database', 'profile-updated', [
                'wordpress.target.kind' => 'user',
                'wordpress.target.name' => $this->journal->context()->nameOf($user),
                'wordpress.data.fields' => array_slice($fields, 0, 64),
            ] + $found->fields(), $found->subjects());
        }
        $this->changed = [];
    }
}

<?php

declare(strict_types=1);

namespace Tourniquet\Contain\Act;

use Tourniquet\Admin\SettingRules;
use Tourniquet\Contain\Act;
use Tourniquet\Contain\Hold;
use Tourniquet\Contain\OwnOptions;
use Tourniquet\Settings;

/** The security team's settings, before the owner's. The whole policy each time: what it does not name is the owner's again. */
final class SetPolicy implements Act
{
    public function kind(): string
    {
        return 'policy';
    }

    public function named(string $target): string
    {
        $policy = json_decode($target, true);
        return is_array($policy) ? implode(',', array_intersect(Settings::POLICY_NAMES, array_keys($policy))) : '-';
    }

    public function refusal(string $target): ?string
    {
        $policy = self::read($target);
        if ($policy === null) {
            return 'not-a-policy';
        }
        foreach ($policy as $name => $value) {
            if (!in_array($name, Settings::POLICY_NAMES, true)) {
                return 'unknown-setting';
            }
            if (SettingRules::problem($name, $value) !== null) {
                return 'bad-value-' . str_replace('_', '-', $name);
            }
        }
        return null;
    }

    public function begin(string $target): array
    {
        $policy = self::read($target) ?? [];
        $before = get_site_option(Settings::POLICY_OPTION, []);
        OwnOptions::write(Settings::POLICY_OPTION, $policy);
        return ['before' => is_array($before) ? $before : [], 'policy' => $policy];
    }

    public function end(array $kept): void
    {
        // A later policy, or somebody's own, stays.
        if (get_site_option(Settings::POLICY_OPTION, []) === ($kept['policy'] ?? null)) {
            OwnOptions::write(Settings::POLICY_OPTION, (array) ($kept['before'] ?? []));
        }
    }

    public function enforce(array $kept, Hold $hold): void
    {
    }

    /** @return array<string, mixed>|null */
    private static function read(string $target): ?array
    {
        $policy = json_decode($target, true, 8);
        return is_array($policy) && strncmp($target, '{', 1) === 0 ? $policy : null;
    }
}

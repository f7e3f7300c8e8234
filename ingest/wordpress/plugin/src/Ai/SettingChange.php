<?php

declare(strict_types=1);

namespace Tourniquet\Ai;

use Tourniquet\Outbound\Destination;
use Tourniquet\Record\Redactor;

/** What became of an option, without its values. */
final class SettingChange
{
    /** A switch that lets a cloud answer where the local model does not. */
    private const FALLBACK = '/fall_?back|use_cloud|cloud_enabled|allow_cloud/i';
    private const SWITCHES = ['0' => '0', '1' => '1', 'yes' => 'yes', 'no' => 'no', 'on' => 'on', 'off' => 'off', 'true' => 'true', 'false' => 'false', '' => '0'];
    private const MOST_PARTS = 20;

    private string $name;
    /** @var mixed */
    private $old;
    /** @var mixed */
    private $new;

    /**
     * @param mixed $old null where it was not there
     * @param mixed $new null where it is gone
     */
    public function __construct(string $name, $old, $new)
    {
        $this->name = $name;
        $this->old = $old;
        $this->new = $new;
    }

    /** The new value of a switch; null for any other option. */
    public function newSwitch(): ?string
    {
        if (is_bool($this->new)) {
            return $this->new ? '1' : '0';
        }
        return is_scalar($this->new) ? self::SWITCHES[strtolower((string) $this->new)] ?? null : null;
    }

    /** @return list<string> names of the parts that differ, where an option is a list of settings */
    public function parts(): array
    {
        $new = is_array($this->new) ? $this->new : [];
        $old = is_array($this->old) ? $this->old : [];
        $parts = array_filter(array_keys($new + $old), static fn($part): bool => ($new[$part] ?? null) !== ($old[$part] ?? null) && preg_match('/^[A-Za-z0-9_-]{1,64}$/', (string) $part) === 1);
        return array_slice(array_values(array_unique(array_map(static fn($part): string => Redactor::name((string) $part), $parts))), 0, self::MOST_PARTS);
    }

    /** Whether a fall-back on a cloud was switched on, or an address of a local model became another. */
    public function opensCloud(): bool
    {
        if (is_array($this->new)) {
            foreach ($this->new as $part => $value) {
                $before = is_array($this->old) ? ($this->old[$part] ?? null) : null;
                if ($value !== $before && (new self((string) $part, $before, $value))->opensCloud()) {
                    return true;
                }
            }
            return false;
        }
        if (preg_match(self::FALLBACK, $this->name) === 1) {
            return in_array(is_scalar($this->new) ? strtolower((string) $this->new) : '', ['1', 'yes', 'on', 'true', 'cloud'], true);
        }
        $was = is_string($this->old) ? Destination::of($this->old) : null;
        $is = is_string($this->new) ? Destination::of($this->new) : null;
        return $was !== null && $is !== null && $was->isLocal() && !$is->isLocal();
    }
}
